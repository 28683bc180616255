// What many users choose at present: one more expert, as far as it predicts the user.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recommender } from 'sotto';
import { ids, modelBytes } from './support.mjs';

const open = () => Recommender.open(modelBytes);
const close = (...recommenders) => Promise.all(recommenders.map((one) => one.close()));

test('an item that many choose rises, and why says so', async () => {
  const recommender = await open();
  const before = recommender.recommend(50);
  const { id } = before[30];
  const other = before[31].id;
  assert.equal(recommender.why(id).trend, undefined);
  recommender.setTrend({
    items: [
      { id, logRatio: 4 },
      { id: other, logRatio: -2 },
    ],
  });
  assert.equal(recommender.recommend(1)[0].id, id);
  const { trend } = recommender.why(id);
  assert.ok(trend.contribution > 0);
  assert.equal(trend.text, 'wanted by many this week');
  assert.ok(recommender.why(other).trend.contribution < 0);
  assert.equal(recommender.why(before[0].id).trend, undefined);
  await close(recommender);
});

test('the reason is the score less that of an item that the trend does not name', async () => {
  const recommender = await open();
  for (const { id } of recommender.catalogue.slice(0, 5)) recommender.observe(id);
  const [named, plain] = recommender.catalogue.slice(40, 42).map(({ id }) => id);
  const distance = () => {
    const scores = new Map(recommender.rank([named, plain]).map(({ id, score }) => [id, score]));
    return scores.get(named) - scores.get(plain);
  };
  const before = distance();
  recommender.setTrend({ items: [{ id: named, logRatio: 2 }], prior: 0.3 });
  const { contribution } = recommender.why(named).trend;
  assert.ok(contribution > 0);
  assert.ok(Math.abs(distance() - before - contribution) < 1e-4);
  await close(recommender);
});

test('the order of the entries does not matter; an empty trend and a prior of 0 end it', async () => {
  const [one, other, plain] = await Promise.all([open(), open(), open()]);
  const items = plain.catalogue.slice(0, 40).map(({ id }, place) => ({ id, logRatio: (place % 7) - 3 }));
  one.setTrend({ items });
  other.setTrend({ items: items.toReversed() });
  assert.deepEqual(one.recommend(20), other.recommend(20));
  assert.notDeepEqual(one.recommend(20), plain.recommend(20));
  one.setTrend({ items: [] });
  other.setTrend({ items, prior: 0 });
  for (const recommender of [one, other]) assert.deepEqual(recommender.recommend(20), plain.recommend(20));
  await close(one, other, plain);
});

test('a probability becomes a ratio to what the model expects of somebody unknown', async () => {
  const recommender = await open();
  const worst = recommender.popular(recommender.items).at(-1).id;
  recommender.setTrend({ items: [{ id: worst, logProbability: Math.log(0.5) }], prior: 0.9 });
  assert.equal(recommender.recommend(1)[0].id, worst);
  await close(recommender);
});

test('the temperature turns scores into the chances that the model gives', async () => {
  const recommender = await open();
  const ranking = recommender.popular(recommender.items);
  const odds = ranking.map(({ score }) => Math.exp(recommender.temperature * (score - ranking[0].score)));
  const sum = odds.reduce((total, each) => total + each, 0);
  // A trend that says what the model says anyway changes nothing.
  const items = ranking.slice(0, 50).map(({ id }, place) => ({ id, logProbability: Math.log(odds[place] / sum) }));
  recommender.setTrend({ items, prior: 0.9 });
  for (const { id } of items) {
    const { trend } = recommender.why(id);
    assert.ok(Math.abs(trend?.contribution ?? 0) < 1e-3, `${id}: ${trend?.contribution}`);
  }
  await close(recommender);
});

test('a user whom the trend does not help keeps the model', async () => {
  const recommender = await open();
  const ranking = recommender.recommend(200);
  const { id } = ranking[199];
  recommender.setTrend({ items: [{ id, logRatio: 6 }] });
  const first = recommender.why(id).trend.contribution;
  for (const item of ranking.slice(0, 30)) recommender.observe(item.id);
  assert.ok(recommender.why(id).trend.contribution < first);
  await close(recommender);
});

test('a trend that cannot be meant is refused, and nothing changes', async () => {
  const recommender = await open();
  const [{ id }, { id: other }] = recommender.catalogue;
  recommender.setTrend({ items: [{ id, logRatio: 3 }] });
  const before = recommender.recommend(10);
  for (const [trend, code] of [
    [{ items: [{ id: 'no such item', logRatio: 1 }] }, 'unknown_item'],
    [
      {
        items: [
          { id, logRatio: 1 },
          { id, logRatio: 1 },
        ],
      },
      'invalid_argument',
    ],
    [{ items: [{ id: other, logRatio: NaN }] }, 'out_of_range'],
    [{ items: [{ id: other, logRatio: 1 }], prior: 1 }, 'out_of_range'],
    [{ items: [{ id: other, logRatio: 1 }], prior: -0.1 }, 'out_of_range'],
  ]) {
    assert.throws(() => recommender.setTrend(trend), { code });
    assert.deepEqual(recommender.recommend(10), before);
  }
  await close(recommender);
});

test('the trend is no part of the state, but the record of it is', async () => {
  const [one, other] = await Promise.all([open(), open()]);
  const items = one.popular(3).map(({ id }) => ({ id, logRatio: 5 }));
  one.setTrend({ items });
  for (const { id } of items) one.observe(id);
  other.importState(one.exportState());
  assert.notDeepEqual(one.recommend(20), other.recommend(20));
  other.setTrend({ items });
  assert.deepEqual(one.recommend(20), other.recommend(20));
  assert.deepEqual(ids(one.history), ids(other.history));
  await close(one, other);
});
