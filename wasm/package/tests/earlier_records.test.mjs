// What builds of the package from before lineages stored is taken up, and nothing of it is lost. They kept one record for
// each user, whatever the model. fixtures/make_earlier_records.mjs says how the records were made.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { modelBytes, modelWith, otherIds, warnings } from './support.mjs';

const earlier = JSON.parse(
  readFileSync(new URL('fixtures/earlier_records.json', import.meta.url), 'utf8'),
  (_, value) => (typeof value?.base64 === 'string' ? new Uint8Array(Buffer.from(value.base64, 'base64')) : value),
);
const other = modelWith(otherIds);

async function storeWith(records) {
  const store = memoryStore();
  for (const [key, record] of Object.entries(records)) await store.save(key, record);
  return store;
}

/** A visit: the places that the history has, what was warned of; then `act` with the recommender. */
async function visit(store, model, act = () => {}) {
  const { codes, onWarning } = warnings();
  const clock = () => Date.UTC(2026, 5, 3);
  const recommender = await Recommender.open(model, { store, onWarning, clock });
  const places = new Map(recommender.catalogue.map(({ id }, place) => [id, place]));
  const found = recommender.history.map(({ id }) => places.get(id));
  await act(recommender);
  await recommender.close();
  return [found, codes];
}

test('the fixture is what earlier builds stored', () => {
  assert.deepEqual(Object.keys(earlier.twoModels).sort(), ['default', 'default (set aside)']);
  for (const records of Object.values(earlier)) {
    for (const record of Object.values(records)) assert.equal(record.version, 3);
  }
});

test('the record of one model is its history, with times', async () => {
  const store = await storeWith(earlier.oneModel);
  const days = [];
  const act = ({ history }) => days.push(...history.map(({ at }) => at.toISOString()));
  assert.deepEqual(await visit(store, modelBytes, act), [[1, 2, 3], []]);
  assert.deepEqual(days, ['2026-06-01T00:01:00.000Z', '2026-06-01T00:02:00.000Z', '2026-06-01T00:03:00.000Z']);
  assert.equal(await store.load('default'), undefined, 'it is stored in its own place by now');
  assert.deepEqual(await visit(store, modelBytes), [[1, 2, 3], []]);
});

for (const [what, models] of [
  ['', [modelBytes, other]],
  [', whichever is opened first', [other, modelBytes]],
]) {
  test(`of two models on one origin each finds its own, the one that was set aside too${what}`, async () => {
    const store = await storeWith(earlier.twoModels);
    const events = new Map([
      [modelBytes, [1, 2, 3]],
      [other, [5, 6]],
    ]);
    for (const model of [...models, ...models]) assert.deepEqual(await visit(store, model), [events.get(model), []]);
    assert.equal(await store.load('default'), undefined);
    assert.equal(await store.load('default (set aside)'), undefined);
  });
}

test('the record of another version of the model is carried over', async () => {
  const store = await storeWith(earlier.anotherVersion);
  assert.deepEqual(await visit(store, modelBytes), [[7, 8], ['state_carried_over']]);
  assert.deepEqual(await visit(store, modelBytes), [[7, 8], []]);
});

test('a model that has got a lineage since takes up what was stored without', async () => {
  const store = await storeWith(earlier.twoModels);
  const withLineage = modelWith(({ spec }) => (spec.lineage = 'shop'));
  assert.deepEqual(await visit(store, withLineage), [[1, 2, 3], ['state_carried_over']]);
  assert.deepEqual(await visit(store, withLineage), [[1, 2, 3], []]);
  assert.deepEqual(await visit(store, other), [[5, 6], []]);
});

test('a page of an earlier build that is still open stores on: the union', async () => {
  const store = await storeWith(earlier.oneModel);
  await visit(store, modelBytes, (recommender) => recommender.observe(recommender.catalogue[9].id));
  for (const [key, record] of Object.entries(earlier.oneModelLater)) await store.save(key, record);
  const [found, codes] = await visit(store, modelBytes);
  assert.deepEqual([found.sort(), codes], [[1, 2, 3, 4, 9], []]);
});

test('forgetting erases what earlier builds stored of this model, and not of another one', async () => {
  const store = await storeWith(earlier.twoModels);
  await visit(store, modelBytes, (recommender) => recommender.forget());
  assert.deepEqual(await visit(store, modelBytes), [[], []]);
  assert.deepEqual(await visit(store, other), [[5, 6], []]);
});

test('records of still earlier layouts, which no build since could read, stay where they are', async () => {
  const [record] = Object.values(earlier.oneModel);
  const old = { ...record, version: 2 };
  const store = await storeWith({ default: old, 'default (set aside)': { ...old, version: 1 } });
  await visit(store, modelBytes, (recommender) => recommender.observe(recommender.catalogue[0].id));
  assert.deepEqual(await visit(store, modelBytes), [[0], []]);
  assert.deepEqual(await store.load('default'), old);
  assert.deepEqual(await store.load('default (set aside)'), { ...old, version: 1 });
});
