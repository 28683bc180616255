import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Recommender } from 'sotto';
import { ids, modelBytes, modelPath } from './support.mjs';

test('a model opens from a path, a file URL, an ArrayBuffer and a part of a larger buffer', async () => {
  const larger = new Uint8Array(modelBytes.length + 3);
  larger.set(modelBytes, 3);
  const sources = [
    modelPath,
    pathToFileURL(modelPath),
    String(pathToFileURL(modelPath)),
    modelBytes.slice().buffer,
    larger.subarray(3),
  ];
  const fingerprints = new Set();
  for (const source of sources) {
    const recommender = await Recommender.open(source);
    fingerprints.add(recommender.modelInfo.fingerprint);
    await recommender.close();
  }
  assert.equal(fingerprints.size, 1);
});

test('the catalogue and the model info come from the model file', async () => {
  const recommender = await Recommender.open(modelBytes);
  assert.equal(recommender.catalogue.length, recommender.items);
  assert.equal(recommender.modelInfo.architecture.items, recommender.items);
  assert.equal(recommender.modelInfo.bytes, modelBytes.length);
  assert.match(recommender.modelInfo.fingerprint, /^[0-9a-f]{16}$/);
  assert.notEqual(recommender.modelInfo.attribution, '');
  const [first] = recommender.catalogue;
  assert.deepEqual(recommender.item(first.id), first);
  assert.equal(recommender.item('no such item'), undefined);
  await recommender.close();
});

test('recommendations are sorted, distinct, catalogue items, and follow what is observed', async () => {
  const recommender = await Recommender.open(modelBytes);
  const before = ids(recommender.recommend(10));
  recommender.observe(recommender.catalogue.at(-1).id);
  const after = recommender.recommend(10);
  assert.equal(new Set(ids(after)).size, 10);
  assert.deepEqual(
    [...after].sort((a, b) => b.score - a.score),
    after,
  );
  assert.notDeepEqual(ids(after), before);
  const { score, ...item } = after[0];
  assert.equal(typeof score, 'number');
  assert.deepEqual(recommender.item(item.id), item);
  await recommender.close();
});

test('candidates are ranked as among all items', async () => {
  const recommender = await Recommender.open(modelBytes);
  recommender.observe(recommender.catalogue.at(-1).id);
  const all = recommender.recommend(recommender.items);
  const some = [all[40], all[7], all[100], all[7]];
  assert.deepEqual(recommender.rank(ids(some)), [all[7], all[40], all[100]]);
  assert.deepEqual(recommender.rank([]), []);
  assert.throws(() => recommender.rank([all[0].id, 'no such item']), { code: 'unknown_item' });
  assert.equal(recommender.modelInfo.architecture.head, 'softmax');
  await recommender.close();
});

test('popular is what a new user would get, and does not touch the state', async () => {
  const recommender = await Recommender.open(modelBytes);
  const atFirst = recommender.recommend(10);
  recommender.observe(recommender.catalogue.at(-1).id);
  const state = recommender.exportState();
  assert.deepEqual(recommender.popular(10), atFirst);
  assert.deepEqual(recommender.exportState(), state);
  assert.throws(() => recommender.popular(0), { code: 'invalid_argument' });
  await recommender.close();
});

test('excluded items do not come; unknown ones among them do not matter', async () => {
  const recommender = await Recommender.open(modelBytes);
  const all = ids(recommender.recommend(12));
  const rest = ids(recommender.recommend(10, { exclude: new Set([all[0], all[3], 'no such item']) }));
  assert.deepEqual(
    rest,
    all.filter((_, rank) => rank !== 0 && rank !== 3),
  );
  await recommender.close();
});

test('more than the catalogue has gives the whole catalogue', async () => {
  const recommender = await Recommender.open(modelBytes);
  assert.equal(recommender.recommend(recommender.items + 1).length, recommender.items);
  assert.equal(recommender.recommend(1, { exclude: ids(recommender.catalogue) }).length, 0);
  await recommender.close();
});

test('the history keeps the last 1,024 ids; the events are counted on', async () => {
  const historyLimit = 1024;
  const recommender = await Recommender.open(modelBytes);
  const { catalogue } = recommender;
  const observed = Array.from({ length: historyLimit + 5 }, (_, i) => catalogue[i % catalogue.length].id);
  for (const id of observed) recommender.observe(id);
  assert.deepEqual(ids(recommender.history), observed.slice(5));
  assert.equal(recommender.events, historyLimit + 5);
  await recommender.close();
});

test('recommenders do not touch each other', async () => {
  const [one, other] = await Promise.all([Recommender.open(modelBytes), Recommender.open(modelBytes)]);
  const before = ids(other.recommend(10));
  one.observe(one.catalogue[7].id);
  assert.deepEqual(ids(other.recommend(10)), before);
  await Promise.all([one.close(), other.close()]);
});

test('an index to search by changes no result', async () => {
  const plain = await Recommender.open(modelBytes);
  const searching = await Recommender.open(modelBytes, { sketch: true, user: 'searching' });
  for (const { id } of [plain.catalogue[3], plain.catalogue.at(-1)]) {
    plain.observe(id);
    searching.observe(id);
    assert.deepEqual(searching.recommend(20), plain.recommend(20));
    assert.deepEqual(searching.recommend(5, { diversity: 0.5 }), plain.recommend(5, { diversity: 0.5 }));
  }
  assert.deepEqual(searching.popular(10), plain.popular(10));
  await plain.close();
  await searching.close();
});
