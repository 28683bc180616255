import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recommender } from 'sotto';
import { ids, modelBytes } from './support.mjs';

test('diversity begins with the best item, changes what follows, and keeps to the best 4 k', async () => {
  const recommender = await Recommender.open(modelBytes);
  for (const { id } of recommender.catalogue.slice(100, 105)) recommender.observe(id);
  const plain = ids(recommender.recommend(40));
  assert.deepEqual(ids(recommender.recommend(10, { diversity: 0 })), plain.slice(0, 10));
  const diverse = recommender.recommend(10, { diversity: 0.7 });
  assert.equal(diverse[0].id, plain[0]);
  assert.notDeepEqual(ids(diverse), plain.slice(0, 10));
  assert.equal(new Set(ids(diverse)).size, 10);
  for (const { id, score } of diverse) {
    assert.ok(plain.includes(id));
    assert.equal(score, recommender.rank([id])[0].score);
  }
  const filtered = recommender.recommend(10, { diversity: 1, exclude: plain.slice(0, 1), among: plain });
  assert.equal(filtered[0].id, plain[1]);
  await recommender.close();
});

test('a diversity that is none is refused', async () => {
  const recommender = await Recommender.open(modelBytes);
  for (const diversity of [-0.1, 1.1, NaN, 'much']) {
    assert.throws(() => recommender.recommend(5, { diversity }), { code: 'invalid_argument' });
  }
  await recommender.close();
});
