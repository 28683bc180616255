// What a device reads of an aggregator, against the draft's messages where they are at hand, and cut short everywhere.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SlotMap, readTrend } from '../dist/sync/slots.js';
import { readHpkeConfig, readTask } from '../dist/sync/wire.js';
import { slotMap, taskConfiguration, trendFile } from './sync_support.mjs';
import { createHash } from 'node:crypto';

const vectorFolder = process.env.SOTTO_VECTORS ?? fileURLToPath(new URL('../../../../shared/vectors', import.meta.url));
const vectorFile = `${vectorFolder}/dap/messages.json`;
const skip = !existsSync(vectorFile) && `${vectorFile} is not there`;
const bytesOf = (hex) => new Uint8Array(Buffer.from(hex, 'hex'));
const sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());

test('a task configuration is read as it was written, and refused when it is cut or goes on', () => {
  const written = {
    taskInfo: Buffer.alloc(32, 1),
    leader: 'https://a.example/',
    helper: 'https://b.example',
    minBatch: 7,
  };
  const bytes = new Uint8Array(taskConfiguration(written));
  const { taskInfo, ...task } = readTask(bytes);
  assert.deepEqual(Buffer.from(taskInfo), written.taskInfo);
  assert.deepEqual(task, {
    leader: written.leader,
    helper: written.helper,
    minBatch: 7,
    timePrecision: 3600,
    slots: 4096,
    chunkLength: 66,
  });
  for (let size = 0; size < bytes.length; ++size) assert.throws(() => readTask(bytes.subarray(0, size)));
  assert.throws(() => readTask(new Uint8Array([...bytes, 0])), { code: 'malformed' });
});

test("the draft's task configurations: the one of Sotto's kind is read, the others are refused", { skip }, () => {
  const { messages } = JSON.parse(readFileSync(vectorFile, 'utf8'));
  const tasks = messages.filter(({ message }) => message === 'TaskConfiguration');
  assert.ok(tasks.length > 3);
  const read = tasks.filter(({ encoded }) => {
    try {
      return readTask(bytesOf(encoded)).slots > 0;
    } catch ({ code }) {
      assert.ok(['unsupported', 'malformed'].includes(code));
      return false;
    }
  });
  assert.ok(read.some(({ id }) => id === 'task_leader_selected_histogram'));
  for (const { fields } of read) assert.deepEqual([fields.batch_mode, fields.vdaf_type], [2, 4]);
});

test("the draft's lists of keys: the first of the suite that all have", { skip }, () => {
  const { messages } = JSON.parse(readFileSync(vectorFile, 'utf8'));
  for (const { fields, encoded } of messages.filter(({ message }) => message === 'HpkeConfigList')) {
    const usable = fields.configs?.find((one) => one.kem_id === 32 && one.kdf_id === 1 && one.aead_id === 1);
    if (usable === undefined || usable.public_key.length !== 64) {
      assert.throws(() => readHpkeConfig(bytesOf(encoded)), { code: 'unsupported' });
    } else {
      const { id, publicKey } = readHpkeConfig(bytesOf(encoded));
      assert.deepEqual([id, Buffer.from(publicKey).toString('hex')], [usable.id, usable.public_key]);
    }
  }
});

test('a slot map gives each item its slot, and each slot its item', () => {
  const map = new SlotMap(new Uint8Array(slotMap({ items: 9, untrained: [4, 8], trained: [0, 7], count: 8 })));
  assert.deepEqual([map.count, map.catalogueItems], [8, 9]);
  assert.deepEqual(
    Array.from({ length: 11 }, (_, item) => map.slotOf(item)),
    [3, 0, 0, 0, 1, 0, 0, 4, 2, 0, 0],
  );
  for (let slot = 0; slot < 10; ++slot) {
    const known = map.itemOf(slot);
    assert.equal(known !== undefined, slot >= 1 && slot <= 4);
    if (known) assert.deepEqual([map.slotOf(known.item), known.isProbability], [slot, slot <= 2]);
  }
});

test('a slot map that contradicts itself is refused', () => {
  const sound = { items: 9, untrained: [4], trained: [0, 7], count: 8 };
  const bytes = new Uint8Array(slotMap(sound));
  for (let size = 0; size < bytes.length; ++size) assert.throws(() => new SlotMap(bytes.subarray(0, size)));
  for (const change of [
    { trained: [7, 0] },
    { trained: [0, 0] },
    { trained: [0, 9] },
    { trained: [0, 4] },
    { count: 3 },
    { count: 1 },
    { count: 65_537 },
  ]) {
    assert.throws(() => new SlotMap(new Uint8Array(slotMap({ ...sound, ...change }))), { code: 'malformed' });
  }
  assert.throws(() => new SlotMap(new Uint8Array([...bytes, 0])), { code: 'malformed' });
  assert.throws(() => new SlotMap(bytes.map((byte, at) => (at === 4 ? 2 : byte))), { code: 'unsupported_version' });
});

test('a trend says something of the items whose value is not the neutral one', () => {
  const slots = slotMap({ items: 9, untrained: [3, 4], trained: [0, 7], count: 8 });
  const map = new SlotMap(new Uint8Array(slots));
  const trend = (values, more = {}) => new Uint8Array(trendFile({ version: 3, slots, values, count: 8, ...more }));
  const read = (bytes) => readTrend(bytes, map, sha256(slots));
  // 1 item 3, 2 item 4, 3 item 0, 4 item 7
  assert.deepEqual(read(trend({ 1: -512, 2: -32_768, 3: 1024, 4: 0 })), {
    version: 3,
    values: [
      { item: 3, isProbability: true, nats: -0.5 },
      { item: 0, isProbability: false, nats: 1 },
    ],
  });
  assert.equal(read(trend({ 1: 0 })).values[0].nats, 0); // a probability of 1
  for (const values of [{ 0: 1 }, { 1: 1 }, { 2: 1 }, { 3: -32_768 }, { 5: 1 }]) {
    assert.throws(() => read(trend(values)), { code: 'out_of_range' });
  }
  assert.throws(() => read(trend({}, { count: 9 })), { code: 'mismatch' });
  assert.throws(() => readTrend(trend({}), map, sha256('another')), { code: 'mismatch' });
  const bytes = trend({});
  for (let size = 0; size < bytes.length; ++size) assert.throws(() => read(bytes.subarray(0, size)));
  assert.throws(() => read(new Uint8Array([...bytes, 0])), { code: 'malformed' });
});
