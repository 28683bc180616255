import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recommender } from 'sotto';
import { modelBytes } from './support.mjs';

async function openAfter(indices) {
  const recommender = await Recommender.open(modelBytes);
  recommender.learning = false; // reasons are the model's
  for (const index of indices) recommender.observe(recommender.catalogue[index].id);
  return recommender;
}
const scoreOf = (recommender, id) => recommender.rank([id])[0].score;

test('a reason is the score that the item would lack without the event', async () => {
  const seen = [5, 300, 40, 5, 1200];
  const recommender = await openAfter(seen);
  const [{ id, score }] = recommender.recommend(1, { exclude: recommender.history });
  const state = recommender.exportState();
  const reasons = recommender.why(id);
  assert.deepEqual(recommender.exportState(), state);
  assert.equal(reasons.length, seen.length);
  for (const { eventsSince, contribution, through, score: _, ...item } of reasons) {
    const place = seen.length - 1 - eventsSince;
    assert.deepEqual(item, recommender.catalogue[seen[place]]);
    const other = await openAfter(seen.filter((_, i) => i !== place));
    assert.equal(contribution, score - scoreOf(other, id));
    assert.equal(through.network + through.history + through.counts, contribution);
    await other.close();
  }
  const contributions = reasons.map(({ contribution }) => contribution);
  assert.deepEqual(
    contributions,
    [...contributions].sort((a, b) => b - a),
  );
  await recommender.close();
});

test('nothing is the reason for somebody of whom nothing is known; the latest 50 events are looked at', async () => {
  const stranger = await openAfter([]);
  assert.deepEqual(stranger.why(stranger.catalogue[0].id), []);
  assert.throws(() => stranger.why('no such item'), { code: 'unknown_item' });
  await stranger.close();
  const regular = await openAfter(Array.from({ length: 70 }, (_, i) => i));
  const since = regular.why(regular.catalogue[0].id).map(({ eventsSince }) => eventsSince);
  assert.deepEqual(
    since.sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, i) => i),
  );
  await regular.close();
});
