// subscribe and getSnapshot: what React's useSyncExternalStore, Svelte's stores and Vue's refs ask of a store.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { modelBytes } from './support.mjs';

const open = (options = {}) => Recommender.open(modelBytes, { store: memoryStore(), ...options });

test('the snapshot stays the same object until something changes', async () => {
  const recommender = await open();
  const { getSnapshot } = recommender; // without this
  const [item, other] = recommender.catalogue;
  const first = getSnapshot();
  assert.deepEqual(first, { revision: 0, events: 0, learning: true, closed: false });
  assert.ok(Object.isFrozen(first));
  recommender.recommend(3);
  recommender.why(item.id);
  recommender.exportState();
  assert.throws(() => recommender.observe('nothing'), { code: 'unknown_item' });
  assert.equal(getSnapshot(), first);

  const state = recommender.exportState();
  const changes = [
    () => recommender.observe(item.id),
    () => recommender.feedback(other.id, 'dismiss'),
    () => recommender.show(other.id),
    () => recommender.recall([{ id: item.id, at: Date.now() }]),
    () => recommender.setContext({ among: [other] }),
    () => recommender.setTrend({ items: [], prior: 0.5 }),
    () => (recommender.learning = false),
    () => recommender.mergeState(state),
    () => recommender.importState(state),
    () => recommender.forget(),
    () => recommender.close(),
  ];
  let before = first;
  for (const change of changes) {
    await change();
    const now = getSnapshot();
    assert.notEqual(now, before, String(change));
    assert.equal(getSnapshot(), now);
    assert.equal(now.revision, before.revision + 1);
    before = now;
  }
  assert.equal(before.closed, true);
  assert.deepEqual(first, { revision: 0, events: 0, learning: true, closed: false });
});

test('a listener is told at once, of every change in its task, and no more after it has stopped', async () => {
  const recommender = await open();
  const { subscribe } = recommender;
  const [item] = recommender.catalogue;
  const told = [];
  const listener = ({ events }) => told.push(events);
  const stop = subscribe(listener);
  const stopAgain = subscribe(listener);
  recommender.observe(item.id);
  assert.deepEqual(told, [0, 0, 1, 1]);
  stop();
  recommender.observe(item.id);
  assert.deepEqual(told, [0, 0, 1, 1, 2]);
  stop();
  stopAgain();
  await recommender.close();
  assert.deepEqual(told, [0, 0, 1, 1, 2]);
});

test('a listener may observe, subscribe and stop, and what it throws hurts nobody', async (t) => {
  const reported = t.mock.method(console, 'error', () => {});
  const recommender = await open();
  const [item] = recommender.catalogue;
  recommender.subscribe(() => {
    throw new Error('a mistake of the page');
  });
  let stopSecond = () => {};
  recommender.subscribe(({ events }) => {
    if (events === 1) recommender.observe(item.id);
    stopSecond();
  });
  const late = [];
  recommender.subscribe(({ events }) => late.push(events));
  const second = [];
  stopSecond = recommender.subscribe(({ events }) => second.push(events));
  recommender.observe(item.id);
  assert.deepEqual(late, [0, 2]); // of the latest only
  assert.deepEqual(second, [0]);
  assert.equal(reported.mock.callCount(), 3);
  assert.match(String(reported.mock.calls[0].arguments[0]), /a mistake of the page/);
  await recommender.close();
});

test('what another page did and forgot is told', async () => {
  const store = memoryStore();
  const [one, other] = [await open({ store }), await open({ store })];
  const told = [];
  one.subscribe(({ events }) => told.push(events));
  const isTold = async (events) => {
    while (told.at(-1) !== events) await new Promise((resolve) => setTimeout(resolve, 1));
  };
  other.observe(other.catalogue[3].id);
  await isTold(1);
  await other.forget();
  await isTold(0);
  assert.deepEqual(told, [0, 1, 0]);
  await one.close();
  await other.close();
});

test('await using closes it', async () => {
  const recommender = await open();
  const symbol = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');
  await recommender[symbol]();
  assert.equal(recommender.getSnapshot().closed, true);
  assert.throws(() => recommender.recommend(3), { code: 'closed' });
  await recommender[symbol]();
});
