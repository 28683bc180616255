// What one side has of a choice is nothing: a canary appears in no database, log or packet of one side. The noise is there.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import { Recommender, memoryStore } from 'sotto';
import { sync } from 'sotto/sync';
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

/** The item of a slot (docs/sync_protocol.md): there are no untrained items. */
function slotItem(map, slot) {
  assert.equal(map.readUInt32LE(16), 0);
  return map.readUInt32LE(24 + 4 * (slot - 1));
}

/** A proxy that keeps what goes through it, in both directions. */
async function recordingWay(target, packets) {
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const body = Buffer.concat(parts);
    const init = { method: request.method, headers, ...(body.length > 0 ? { body } : {}) };
    const answer = await globalThis.fetch(target + request.url, init);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const { connection: ____, 'transfer-encoding': _____, ...theirs } = Object.fromEntries(answer.headers);
    packets.push({
      method: request.method,
      path: request.url,
      bytes: [Buffer.from(request.url + JSON.stringify([request.headers, theirs])), body, bytes],
    });
    response.writeHead(answer.status, { ...theirs, 'content-length': bytes.length }).end(bytes);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

/** The parts of a report that are random, or look like it (docs/sync_protocol.md). */
function randomParts(report) {
  const publicShare = 16 + 8 + 2 + 4;
  const parts = [report.subarray(0, 16), report.subarray(publicShare, publicShare + 64)];
  for (let at = publicShare + 64; at < report.length; ) {
    const key = report.subarray(at + 3, at + 3 + report.readUInt16BE(at + 1));
    const begin = at + 3 + key.length + 4;
    const payload = report.subarray(begin, begin + report.readUInt32BE(begin - 4));
    parts.push(key, payload);
    at = begin + payload.length;
  }
  return parts;
}

/** The pairs of reports that have eight bytes in a row in common. By chance alone that does not happen. */
function commonBytes(reports) {
  const owners = new Map();
  const pairs = new Set();
  for (const [index, report] of reports.entries()) {
    for (const part of randomParts(report)) {
      for (let at = 0; at + 8 <= part.length; ++at) {
        const bytes = part.readBigUInt64BE(at);
        const owner = owners.get(bytes);
        if (owner === undefined) owners.set(bytes, index);
        else if (owner !== index) pairs.add(`${owner} ${index}`);
      }
    }
  }
  return [...pairs].map((pair) => pair.split(' ').map(Number));
}

test('a canary choice is in no file, log or packet of one side', async (context) => {
  const packets = { leader: [], helper: [] };
  const ways = [];
  const through = (side) => async (url) => {
    ways.push(await recordingWay(url, packets[side]));
    return ways.at(-1).url;
  };
  const real = crypto.getRandomValues.bind(crypto);
  context.mock.method(crypto, 'getRandomValues', (array) =>
    array instanceof Uint32Array ? array.fill(0xe0000000) : real(array),
  ); // chance never says "nothing"
  // A device reports to no task without noise. This noise is zero with a probability of 1 - e^-500,000.
  const pair = await startPair({
    minBatch: 50,
    slots,
    noise: 0.001,
    devicesThroughProxy: through('leader'),
    throughProxy: through('helper'),
  });
  try {
    const canary = 61;
    const devices = 40;
    const index = slotItem(await slotMap(pair), canary);
    const options = {
      manifest: `${pair.endpoint}/v1/sync/manifest`,
      key: pair.pinnedKey('leader'),
      helper: { url: pair.helperUrl, key: pair.pinnedKey('helper') },
      consent: true,
      maxDelay: 0,
    };
    let item;
    for (let n = 0; n < devices; ++n) {
      globalThis.indexedDB = new IDBFactory();
      const page = await Recommender.open(modelBytes, { store: memoryStore() });
      item = page.catalogue[index].id;
      page.observe(item);
      assert.equal((await sync(page, options)).sent, true);
      await page.close();
    }
    // The jobs run; the batch stays open.
    for (let n = 0; (await pair.overview()).batches[0]?.reports !== devices; ++n) {
      assert.ok(n < 200, JSON.stringify(await pair.overview()));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    // Choices as a side would keep them in the clear: an element of sixteen bytes for each slot.
    const vector = (count) => {
      const bytes = Buffer.alloc(16 * slots);
      bytes.writeUInt8(count, 16 * canary);
      return bytes;
    };
    const assertNothing = (bytes, where) => {
      for (const count of [1, devices]) assert.equal(bytes.indexOf(vector(count)), -1, where);
      assert.equal(bytes.indexOf(item), -1, where);
      assert.doesNotMatch(bytes.toString('latin1'), new RegExp(`slot\\W{0,4}${canary}\\b`, 'i'), where);
    };
    for (const [side, folder] of [
      ['leader', pair.leaderData],
      ['helper', pair.helperData],
    ]) {
      // The catalogue is public, and an -shm file has numbers of pages.
      const files = filesOf(folder).filter((file) => !file.includes('/models/') && !file.endsWith('-shm'));
      assert.ok(files.some((file) => file.endsWith(`sync-${side}.db`)));
      for (const file of files) assertNothing(readFileSync(file), `${side}: ${file}`);
      const log = pair[side].output();
      assert.ok(log.length > 0);
      assertNothing(Buffer.from(log), `${side}'s log`);
      for (const { path, bytes } of packets[side]) {
        for (const part of bytes) assertNothing(part, `${side}: ${path}`);
      }
    }
    // No two reports have random bytes in common, so that none is a key to another.
    const reports = packets.leader.flatMap(({ path, bytes }) => (path.endsWith('/reports') ? [bytes[1]] : []));
    assert.deepEqual(commonBytes(reports), []);
    // And the check finds a report that took eight bytes of its helper's share from another one.
    const copied = Buffer.from(reports[0]);
    copied.set(reports[1].subarray(-20, -12), copied.length - 30);
    assert.deepEqual(commonBytes([copied, ...reports.slice(1)]), [[0, 1]]);
    // They were seen: the reports on their way to the leader, and the jobs on their way to the helper.
    const posts = (side, end) =>
      packets[side].filter(({ method, path }) => method === 'POST' && path.endsWith(end)).length;
    assert.equal(posts('leader', '/reports'), devices);
    assert.ok(posts('helper', '/aggregation_jobs') > 0);
    // And the check finds what it looks for.
    assert.throws(() => assertNothing(Buffer.concat([Buffer.alloc(5), vector(1)]), 'a vector'));
    assert.throws(() => assertNothing(Buffer.from(`{"item":"${item}"}`), 'an item'));
    assert.throws(() => assertNothing(Buffer.from(`{"slot":${canary}}`), 'a slot'));
  } finally {
    await pair.kill();
    for (const way of ways) way.close();
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
