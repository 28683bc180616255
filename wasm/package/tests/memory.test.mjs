// What must hold while the module's memory grows and moves.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Engine } from '../dist/engine.js';
import { compileModule, instantiate } from '../dist/module_loader.js';
import { modelBytes, wasmPath } from './support.mjs';

const click = 1;
const now = 1_700_000_000;
const wasmBytes = new Uint8Array(readFileSync(wasmPath));
const freshInstance = async () => instantiate(await compileModule(wasmBytes));

test('growth during any call leaves no stale view behind', async () => {
  const steady = new Engine(await freshInstance(), modelBytes);
  const wasm = await freshInstance();
  // Every allocation also grows the memory, which detaches all views made before.
  const growing = {
    ...wasm,
    sotto_alloc: (size) => {
      wasm.memory.grow(1);
      return wasm.sotto_alloc(size);
    },
    sotto_recommend: (...args) => {
      wasm.memory.grow(1);
      return wasm.sotto_recommend(...args);
    },
    sotto_why: (...args) => {
      wasm.memory.grow(1);
      return wasm.sotto_why(...args);
    },
    sotto_state_export: (...args) => {
      wasm.memory.grow(1);
      return wasm.sotto_state_export(...args);
    },
  };
  const moved = new Engine(growing, modelBytes);
  assert.equal(moved.fingerprint, steady.fingerprint);
  for (let item = 0; item < 20; item++) {
    steady.feedback(item, click, 0, now + item);
    moved.feedback(item, click, 0, now + item);
    steady.recall([item, 3], [now + item, now + item]);
    moved.recall([item, 3], [now + item, now + item]);
    const options = { exclude: [item], allowed: new Uint8Array(steady.items).fill(1, item), diversity: 0.5 };
    assert.deepEqual(moved.recommend(now, item + 1, options), steady.recommend(now, item + 1, options));
    assert.deepEqual(moved.why(item), steady.why(item));
    assert.deepEqual(moved.exportState(), steady.exportState());
    for (const base of [true, false]) assert.deepEqual(moved.scores(now, { base }), steady.scores(now, { base }));
    assert.deepEqual(moved.popular(5, options), steady.popular(5, options));
    assert.deepEqual(moved.hidden(), steady.hidden());
    assert.deepEqual(moved.history(), steady.history());
    assert.deepEqual(moved.gate(), steady.gate());
    assert.deepEqual(moved.taste(), steady.taste());
  }
  moved.importState(steady.exportState());
  assert.deepEqual(moved.exportState(), steady.exportState());
});

test('opening and closing over and over does not grow the memory for ever', async () => {
  const wasm = await freshInstance();
  const visit = () => {
    const engine = new Engine(wasm, modelBytes);
    engine.feedback(1, click, 0, now);
    engine.recommend(now, 10, { exclude: [1] });
    engine.why(2);
    engine.importState(engine.exportState());
    engine.close();
  };
  for (let i = 0; i < 20; i++) visit();
  const settled = wasm.memory.buffer.byteLength;
  for (let i = 0; i < 100; i++) visit();
  assert.equal(wasm.memory.buffer.byteLength, settled);
});

test('refused models and states leave nothing behind', async () => {
  const wasm = await freshInstance();
  const refuse = () => assert.throws(() => new Engine(wasm, modelBytes.subarray(0, modelBytes.length - 1)));
  const engine = new Engine(wasm, modelBytes);
  const refuseBoth = (times) => {
    for (let i = 0; i < times; i++) {
      refuse();
      assert.throws(() => engine.importState(modelBytes.subarray(0, 1000)));
    }
  };
  // The allocator's free list takes a few rounds to settle; a leak would go on growing.
  refuseBoth(20);
  const settled = wasm.memory.buffer.byteLength;
  refuseBoth(100);
  assert.equal(wasm.memory.buffer.byteLength, settled);
});

test('using a model allocates nothing more, once the state has its full size', async () => {
  const wasm = await freshInstance();
  let allocations = 0;
  const sotto_alloc = (size) => {
    allocations++;
    return wasm.sotto_alloc(size);
  };
  const counting = { ...wasm, sotto_alloc };
  const engine = new Engine(counting, modelBytes);
  const allowed = new Uint8Array(engine.items).fill(1);
  const use = () => {
    engine.feedback(3, click, 0, now);
    engine.recommend(now, 10, { exclude: [3, 4], allowed, diversity: 0.5 });
    engine.exportState();
  };
  for (let i = 0; i < 1024; i++) engine.feedback(i % 5, click, 0, now + i);
  use();
  const settled = allocations;
  for (let i = 0; i < 100; i++) use();
  assert.equal(allocations, settled);
});

test('memory that cannot grow is an error, not a crash', async () => {
  const wasm = await freshInstance();
  assert.throws(() => new Engine({ ...wasm, sotto_alloc: () => 0 }, modelBytes), { code: 'out_of_memory' });
});

test('learning takes no more memory, however many events there are', async () => {
  const wasm = await freshInstance();
  const engine = new Engine(wasm, modelBytes);
  const learn = (from, to) => {
    for (let event = from; event < to; event++) {
      engine.feedback((event * event * 31) % engine.items, event % 20 === 0 ? 7 : click, 0, now + 60 * event);
    }
    engine.recommend(now + 60 * to, 10);
  };
  learn(0, 1100);
  const settled = wasm.memory.buffer.byteLength;
  learn(1100, 10_000);
  assert.equal(wasm.memory.buffer.byteLength, settled);
  engine.close();
});
