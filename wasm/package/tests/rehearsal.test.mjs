// What is done with a small model while the page's own is on its way.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { Engine } from '../dist/engine.js';
import { instantiate } from '../dist/module_loader.js';
import { rehearse } from '../dist/rehearsal.js';
import { modelBytes, wasmPath } from './support.mjs';

const module = await WebAssembly.compile(readFileSync(wasmPath));
const open = async (model) => new Engine(await instantiate(module), model);

test('this build opens the small model, and every step of a visit works with it', async () => {
  let asked = 0;
  await rehearse(open, () => {
    ++asked;
    return false;
  });
  assert.equal(asked, 6);
});

test('it is a model of all that the shipped one has', async () => {
  let small;
  await rehearse(
    (model) => {
      small = model;
      return open(model);
    },
    () => small !== undefined,
  );
  const headerOf = (bytes) => {
    const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
    const { __metadata__: metadata, ...tensors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + size)));
    const { items, embedding_dim, hidden_dim, ...kind } = JSON.parse(metadata.sotto).architecture;
    return { kind, tensors: new Set(Object.keys(tensors)) };
  };
  const shipped = headerOf(modelBytes);
  shipped.tensors.delete('training.event_sketch'); // It is for `sotto evaluate`.
  assert.deepEqual(headerOf(small), shipped);
});

test('it ends when the model is there, and frees what it has', async () => {
  await rehearse(assert.fail, () => true);
  const calls = [];
  const step = (name) => () => calls.push(name);
  const engine = { popular: step('popular'), recommend: step('recommend'), close: step('close') };
  let left = 3;
  await rehearse(
    async () => engine,
    () => left-- === 0,
  );
  assert.deepEqual(calls, ['popular', 'recommend', 'close']);
});

test('a program that waits for nothing else ends at once', async () => {
  const before = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const recommender = await Recommender.open(modelBytes, { wasm: module, store: memoryStore() });
  assert.equal(process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length, before);
  await recommender.close();
});
