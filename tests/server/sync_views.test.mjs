// What one side has of a choice is nothing: a canary appears in no database, log or packet of one side. The noise is there.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { modelBytes } from './server.mjs';
import { startPair } from './sync.mjs';

const slots = 64;

function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

async function slotMap(pair) {
  return Buffer.from(await (await fetch(`${pair.leader.url}/v1/sync/slots`)).arrayBuffer());
}

/** The item of a slot (docs/sync_protocol.md): there are no added and no untrained items. */
function slotItem(map, slot) {
  assert.equal(map.readUInt32LE(16) + map.readUInt32LE(20), 0);
  return map.readUInt32LE(28 + 4 * (slot - 1));
}

test('a canary choice is in no file, log or packet of one side', async () => {
  const packets = [];
  const page = await Recommender.open(modelBytes, { store: memoryStore() });
  const { catalogue } = page;
  const pair = await startPair({ minBatch: 50, slots });
  try {
    const canary = 61;
    const choices = Array.from({ length: 40 }, () => canary);
    const reports = await pair.makeReports(choices);
    for (const report of reports) {
      packets.push(report);
      assert.equal((await pair.upload([report])).status, 200);
    }
    await new Promise((resolve) => setTimeout(resolve, 3500)); // the job of 40 reports runs; the batch stays open
    assert.equal((await pair.overview()).batches[0].reports, 40);
    const item = catalogue[slotItem(await slotMap(pair), canary)].id;
    // Choices as a side would keep them in the clear: an element of sixteen bytes for each slot.
    const vector = (count) => {
      const bytes = Buffer.alloc(16 * slots);
      bytes.writeUInt8(count, 16 * canary);
      return bytes;
    };
    for (const [side, folder, log] of [
      ['leader', pair.leaderData, pair.leader.output()],
      ['helper', pair.helperData, pair.helper.output()],
    ]) {
      for (const file of filesOf(folder)) {
        // The catalogue is public, and an -shm file has numbers of pages.
        if (file.includes('/models/') || file.endsWith('-shm')) continue;
        const bytes = readFileSync(file);
        for (const count of [1, 40]) assert.equal(bytes.indexOf(vector(count)), -1, `${side}: ${file}`);
        assert.equal(bytes.indexOf(item), -1, `${side}: ${file}`);
      }
      assert.ok(log.length > 0 && !log.includes(item), `${side}'s log`);
    }
    for (const packet of packets) assert.equal(packet.indexOf(vector(1)), -1);
  } finally {
    await page.close();
    await pair.kill();
  }
});

test('with noise, the released histogram differs from the plain sum as much as it should', async () => {
  const pair = await startPair({ minBatch: 20, slots: 1024, noise: 4 });
  try {
    const reports = await pair.makeReports(Array.from({ length: 20 }, () => 7));
    assert.equal((await pair.upload(reports)).status, 200);
    const { histogram } = await pair.released(1);
    const noise = histogram.map((count, slot) => count - (slot === 7 ? 20 : 0));
    const variance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    // Two sides of deviation 4: 32. With 1,024 slots the estimate's relative deviation is 4.4 %.
    assert.ok(variance > 32 * 0.75 && variance < 32 * 1.25, `variance ${variance}`);
    assert.ok(Math.abs(noise.reduce((sum, value) => sum + value, 0) / noise.length) < 1);
  } finally {
    await pair.kill();
  }
});
