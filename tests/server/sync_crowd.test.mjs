// The page's client against a real leader and a real helper: devices in Node and tabs of real browsers, each with a ledger of its
// own. Requests and replies are lost and doubled on the way, and 30 % of the devices leave once their report has arrived.
// The histogram is still the plain sum of what was chosen.
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import { Recommender, memoryStore } from 'sotto';
import { follow, ledger, sync } from 'sotto/sync';
import { launchEach } from '../browser/browsers.mjs';
import { servePackage } from '../browser/package_page.mjs';
import { modelBytes } from './server.mjs';
import { randomNumbers } from './shop.mjs';
import { plainSum, startPair } from './sync.mjs';
import { chooseSeed } from './visitors.mjs';

// The full size is 1,000 devices and 20 tabs.
const deviceCount = Number(process.env.SOTTO_SYNC_DEVICES ?? 86);
const tabCount = Number(process.env.SOTTO_SYNC_TABS ?? 4);
const batches = 3;
const minBatch = (deviceCount + tabCount) / batches;
assert.ok(Number.isInteger(minBatch), `devices and tabs do not fill ${batches} batches`);
const slots = 4096;
// A device reports to no task without noise. Of this deviation anything but zero has a probability of e^-500,000.
const noNoise = 0.001;
const atATime = 8; // devices in Node
const maxVisits = 20; // of a device whose report does not get through

const reportId = (upload) => Buffer.from(upload.subarray(0, 16)).toString('hex');

/**
 * The devices' way to the leader, as a proxy in front of it. It loses requests and replies, doubles requests and is
 * sometimes busy. The report of a device that leaves goes through, and its reply is lost.
 */
async function startWay(target, random) {
  const left = new Map(); // what to call when a report has arrived, by the report's id or by the browser's name
  const bodies = new Map(); // of each report, all that were sent
  const count = { uploads: 0, lostRequests: 0, busy: 0, doubled: 0, lostReplies: 0, left: 0 };
  const carry = async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts);
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const forward = async () => {
      const init = { method: request.method, headers, ...(body.length > 0 ? { body } : {}) };
      const answer = await fetch(target + request.url, init);
      return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    const reply = ({ answer, bytes }) => {
      const { connection: _, 'transfer-encoding': __, ...theirs } = Object.fromEntries(answer.headers);
      response.writeHead(answer.status, { ...theirs, 'content-length': bytes.length }).end(bytes);
    };
    if (request.method !== 'POST') return reply(await forward());

    ++count.uploads;
    const id = reportId(body);
    bodies.set(id, (bodies.get(id) ?? new Set()).add(body.toString('base64')));
    const leave = left.get(id) ?? left.get(headers['user-agent']);
    if (leave !== undefined) {
      ++count.left;
      assert.equal((await forward()).answer.status, 200);
      return leave(); // Whoever leaves cuts the connection. If it were cut here, a browser itself would send again at once.
    }
    if (random() < 0.1) {
      ++count.lostRequests;
      return request.socket.destroy();
    }
    if (random() < 0.1) {
      ++count.busy;
      return response.writeHead(503, { 'access-control-allow-origin': '*' }).end();
    }
    const isDoubled = random() < 0.2;
    if (isDoubled) ++count.doubled;
    const [answer] = await Promise.all(isDoubled ? [forward(), forward()] : [forward()]);
    if (random() < 0.2) {
      ++count.lostReplies;
      return request.socket.destroy();
    }
    return reply(answer);
  };
  const server = createServer((request, response) => {
    carry(request, response).catch(() => request.socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    count,
    bodies,
    /** Resolves when the next report of this id, or of this browser, has arrived. It gets no reply. */
    arrival: (name) =>
      new Promise((resolve) => {
        left.set(name, () => {
          left.delete(name);
          resolve();
        });
      }),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Item to slot, by docs/sync_protocol.md: there are no untrained items, and not all items have a slot. */
async function readSlots(pair) {
  const map = Buffer.from(await (await fetch(`${pair.leader.url}/v1/sync/slots`)).arrayBuffer());
  assert.equal(map.readUInt32LE(16), 0);
  const slotOf = new Map();
  for (let slot = 1; slot <= map.readUInt32LE(20); ++slot) slotOf.set(map.readUInt32LE(24 + 4 * (slot - 1)), slot);
  return { slotOf, items: map.readUInt32LE(12) };
}

/** What each device does: `choice` is an item, or undefined; `isNothing`: chance says "nothing" though there is one. */
function lives(count, items, random) {
  return Array.from({ length: count }, () => ({
    choice: random() < 0.1 ? undefined : Math.floor(random() ** 3 * items),
    isNothing: random() < 0.125,
    leaves: random() < 0.3,
    returns: random() < 0.5, // where it leaves
  }));
}

/** A device in Node. The package asks global objects for its database, for chance and for the network. */
const onDevice = new AsyncLocalStorage();
Object.defineProperty(globalThis, 'indexedDB', { get: () => onDevice.getStore().indexedDB });
Object.defineProperty(globalThis, 'navigator', { value: undefined }); // its locks would be the same for all devices
const { getRandomValues } = crypto;
crypto.getRandomValues = (array) =>
  array instanceof Uint32Array && onDevice.getStore() !== undefined
    ? array.fill(onDevice.getStore().chance * 2 ** 32)
    : getRandomValues.call(crypto, array);
const realFetch = fetch;
globalThis.fetch = (url, init) => {
  if (init?.method === 'POST') onDevice.getStore()?.uploads(reportId(init.body));
  return realFetch(url, init);
};

function liveInNode({ choice, isNothing, leaves, returns }, options, way) {
  const device = { indexedDB: new IDBFactory(), chance: isNothing ? 0 : 0.875, uploads: () => undefined };
  return onDevice.run(device, async () => {
    const recommender = await Recommender.open(modelBytes, { store: memoryStore() });
    try {
      if (choice !== undefined) recommender.observe(recommender.catalogue[choice].id);
      if (leaves) {
        const leave = new AbortController();
        device.uploads = (id) => void way.arrival(id).then(() => leave.abort());
        await assert.rejects(sync(recommender, { ...options, signal: leave.signal }), { code: 'interrupted' });
        device.uploads = () => undefined;
        assert.equal((await ledger()).pending, true);
        if (!returns) return;
      }
      let result;
      for (let visit = 0; !result?.sent; ++visit) {
        assert.ok(visit < maxVisits, JSON.stringify(result));
        result = await sync(recommender, options);
        assert.ok(result.sent || result.reason === 'unreachable', JSON.stringify(result));
      }
      assert.equal((await sync(recommender, options)).reason, 'not_due');
      const { reports, pending } = await ledger();
      assert.deepEqual([reports, pending], [{ window: 1, total: 1 }, false]);
    } finally {
      await recommender.close();
    }
  });
}

async function liveInTab({ choice, isNothing, leaves, returns }, number, browser, address, options, way) {
  const userAgent = `tab ${number}`;
  const context = await browser.newContext({ userAgent });
  const enter = async () => {
    const page = await context.newPage();
    await page.goto(address);
    await page.evaluate(
      async ([choice, chance, options]) => {
        const [{ Recommender }, sotto] = await Promise.all([
          import('/package/index.js'),
          import('/package/sync/index.js'),
        ]);
        const real = crypto.getRandomValues.bind(crypto);
        crypto.getRandomValues = (array) => (array instanceof Uint32Array ? array.fill(chance * 2 ** 32) : real(array));
        const recommender = await Recommender.open('/model.safetensors');
        if (choice !== null) recommender.observe(recommender.catalogue[choice].id);
        const pause = () => new Promise((resolve) => setTimeout(resolve, 10));
        globalThis.visit = () => sotto.sync(recommender, { ...options, wait: pause });
        globalThis.ledger = sotto.ledger;
      },
      [choice ?? null, isNothing ? 0 : 0.875, options],
    );
    return page;
  };
  let page = await enter();
  if (leaves) {
    const arrived = way.arrival(userAgent);
    await page.evaluate(() => void visit().catch(() => undefined));
    await arrived;
    await page.close();
    if (!returns) return context.close();
    page = await enter();
  }
  let result;
  for (let visits = 0; !result?.sent; ++visits) {
    assert.ok(visits < maxVisits, JSON.stringify(result));
    result = await page.evaluate(() => visit());
    assert.ok(result.sent || result.reason === 'unreachable', JSON.stringify(result));
  }
  assert.deepEqual((await page.evaluate(() => globalThis.ledger())).reports, { window: 1, total: 1 });
  return context.close();
}

test(`${deviceCount} devices and ${tabCount} tabs of browsers: the histogram is the plain sum`, async (context) => {
  const random = randomNumbers(chooseSeed(context));
  const [shop, browsers] = await Promise.all([servePackage(), launchEach()]);
  let way;
  let pair;
  try {
    pair = await startPair({
      minBatch,
      slots,
      noise: noNoise,
      origin: new URL(shop.address).origin,
      devicesThroughProxy: async (url) => {
        way = await startWay(url, random);
        return way.url;
      },
    });
    const options = {
      manifest: `${pair.endpoint}/v1/sync/manifest`,
      key: pair.pinnedKey('leader'),
      helper: { url: pair.helperUrl, key: pair.pinnedKey('helper') },
      consent: true,
      maxDelay: 0,
    };
    const { slotOf, items } = await readSlots(pair);
    const devices = lives(deviceCount, items, random);
    const tabs = lives(tabCount, items, random);
    const wait = () => new Promise((resolve) => setTimeout(resolve, 1));
    const queue = devices.values();
    await Promise.all([
      ...tabs.map((life, number) =>
        liveInTab(life, number, browsers[number % browsers.length], shop.address, options, way),
      ),
      ...Array.from({ length: atATime }, async () => {
        for (const life of queue) await liveInNode(life, { ...options, wait }, way);
      }),
    ]);
    const overview = await pair.released(batches, 120);
    assert.equal(overview.waiting, 0);
    assert.deepEqual(overview.refused, {});
    const all = [...devices, ...tabs];
    const chosen = all.map(({ choice, isNothing }) => (isNothing ? 0 : (slotOf.get(choice) ?? 0)));
    assert.deepEqual(await pair.allHistograms(batches), plainSum(chosen, slots));

    const { lostRequests, busy, doubled, lostReplies, left } = way.count;
    context.diagnostic(JSON.stringify(way.count));
    assert.ok(lostRequests + busy > 0 && doubled > 0 && lostReplies > 0, 'the way lost and doubled nothing');
    assert.equal(left, all.filter(({ leaves }) => leaves).length);
    assert.equal(way.bodies.size, all.length);
    assert.ok(
      [...way.bodies.values()].every((bodies) => bodies.size === 1),
      'a report sent again has other bytes',
    );

    // A device that comes later follows the latest trend.
    await new Promise((resolve) => setTimeout(resolve, 1100)); // the manifest is made once a second at most
    await onDevice.run({ indexedDB: new IDBFactory() }, async () => {
      const recommender = await Recommender.open(modelBytes, { store: memoryStore() });
      assert.equal((await follow(recommender, options)).version, batches);
      await recommender.close();
    });
  } finally {
    await pair?.kill();
    way?.close();
    await Promise.all([...browsers, shop].map((each) => each.close()));
  }
});
