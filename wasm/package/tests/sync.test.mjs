// Private sync against two aggregators that keep what they get: what leaves the device, and when nothing may.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { Recommender, memoryStore } from 'sotto';
import { follow, forget, ledger, sync } from 'sotto/sync';
import { modelBytes } from './support.mjs';
import { slotMap, slotOf, startSite } from './sync_support.mjs';

const day = 24 * 3600 * 1000;
const start = Date.UTC(2026, 10, 1);
let now;
let recommender;
let site;

before(async () => {
  const { modelInfo, items, close } = await Recommender.open(modelBytes, { store: memoryStore() });
  site = await startSite(modelInfo.fingerprint, items);
  void close;
});
after(() => site.close());
beforeEach(async () => {
  globalThis.indexedDB = new IDBFactory();
  now = start;
  recommender = await Recommender.open(modelBytes, { store: memoryStore(), clock: () => now });
  site.uploads.length = site.requests.length = 0;
  site.answer = () => ({ status: 201, body: '' });
  await site.publish();
});
afterEach(() => recommender.close());

const waited = [];
const options = (more = {}) => ({
  manifest: site.manifestUrl,
  key: site.key,
  helper: { url: site.helperUrl, key: site.helperKey },
  consent: true,
  clock: () => now,
  wait: async (milliseconds) => void waited.push(milliseconds),
  ...more,
});
const visit = (more) => sync(recommender, options(more));

/** Draws numbers for what is left to chance: 0.9 for "not nothing" and for the delays, unless told. */
function withChance(t, drawn) {
  const real = crypto.getRandomValues.bind(crypto);
  t.mock.method(crypto, 'getRandomValues', (array) => {
    if (!(array instanceof Uint32Array)) return real(array);
    return array.fill(Math.floor((drawn.shift() ?? 0.9) * 2 ** 32));
  });
}

test('the latest choice is sent as two shares that verify, and the ledger says what it cost', async (t) => {
  withChance(t, []);
  for (const item of [2, 5]) recommender.observe(recommender.catalogue[item].id);
  const result = await visit();
  assert.equal(result.sent, true);
  assert.equal(result.reason, undefined);
  assert.equal(site.uploads.length, 1);
  const [upload] = site.uploads;
  assert.equal(upload.path, `/leader/tasks/${site.taskId.toString('base64url')}/reports`);
  assert.equal(upload.type, 'application/ppm-dap;message=upload-req');
  assert.equal(upload.body.length, result.bytes);
  assert.ok(result.bytes <= 72_000);
  const { slot, time } = await slotOf(site, upload);
  assert.equal(slot, 5); // nothing, item 3 that training never saw, items 0, 1, 2, 5
  assert.equal(time, Math.floor(start / 1000 / 3600));
  assert.ok(Math.abs(result.epsilon.window - 0.504) < 0.001);
  assert.equal(result.epsilon.total, result.epsilon.window);
  const { reports, pending } = await ledger({ clock: () => now });
  assert.deepEqual({ reports, pending }, { reports: { window: 1, total: 1 }, pending: false });
});

test('nothing goes along that says who the visitor is', async (t) => {
  withChance(t, []);
  await visit();
  for (const { headers } of site.requests) {
    for (const name of ['cookie', 'referer', 'authorization']) assert.equal(headers[name], undefined);
  }
});

for (const [what, choose, drawn] of [
  ['nothing was chosen', () => {}, []],
  ['the item has no slot', () => recommender.observe(recommender.catalogue[100].id), []],
  ['chance says so', () => recommender.observe(recommender.catalogue[0].id), [0.1]],
]) {
  test(`slot 0 is sent where ${what}`, async (t) => {
    withChance(t, drawn);
    choose();
    await visit();
    assert.equal((await slotOf(site, site.uploads[0])).slot, 0);
  });
}

test('a choice is reported once', async (t) => {
  withChance(t, []);
  recommender.observe(recommender.catalogue[0].id);
  await visit();
  now += 10 * day;
  await site.publish({ trendVersion: 2 });
  assert.equal((await visit()).sent, true);
  const slots = await Promise.all(site.uploads.map((upload) => slotOf(site, upload)));
  assert.deepEqual(
    slots.map(({ slot }) => slot),
    [2, 0],
  );
  assert.notEqual(slots[0].reportId, slots[1].reportId);
});

for (const [what, consent, reason] of [
  ['no consent', undefined, 'no_consent'],
  ['consent refused', false, 'no_consent'],
  ['something that is not true', 'yes', 'no_consent'],
  ['a function that says no', async () => false, 'no_consent'],
]) {
  test(`with ${what} nothing is sent, and the trend is followed`, async () => {
    await site.publish({ trendVersion: 1, trend: { 2: 2048 } });
    const result = await visit({ consent });
    assert.deepEqual([result.sent, result.bytes, result.reason], [false, 0, reason]);
    assert.deepEqual(result.trend, { version: 1, applied: true });
    assert.equal(site.requests.filter(({ pathname }) => !pathname.startsWith('/sync/')).length, 0);
    assert.deepEqual((await ledger({ clock: () => now })).reports, { window: 0, total: 0 });
  });
}

for (const connection of [{ saveData: true }, { type: 'cellular' }]) {
  test(`nothing is sent over a connection of ${JSON.stringify(connection)}`, async (t) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
    Object.defineProperty(globalThis, 'navigator', { value: { connection }, configurable: true });
    t.after(() => {
      if (before) Object.defineProperty(globalThis, 'navigator', before);
      else delete globalThis.navigator;
    });
    assert.equal((await visit()).reason, 'metered');
    assert.equal(site.uploads.length, 0);
  });
}

test('at most k reports leave in 28 days, whatever the manifests say', async (t) => {
  withChance(t, []);
  const sentAt = [];
  for (let hours = 0; hours < 40 * 24; hours += 12) {
    now = start + hours * 3600 * 1000;
    await site.publish({ version: 1 + hours, trendVersion: 1 + hours, reports: 4 });
    if ((await visit()).sent) sentAt.push(now);
  }
  assert.ok(sentAt.length >= 4);
  for (const from of sentAt) assert.ok(sentAt.filter((at) => at >= from && at < from + 28 * day).length <= 4);
});

test('the ledger refuses report k + 1 where everything else allows it', async (t) => {
  withChance(t, []);
  for (let report = 0; report < 4; ++report) {
    // Another task each time, and due at once: only the ledger is left.
    site.taskId = Buffer.alloc(32, 10 + report);
    await site.publish({ version: 1 + report });
    await setRecord(({ due: _, ...record }) => record);
    assert.equal((await visit()).sent, true);
    now += 3600 * 1000;
  }
  site.taskId = Buffer.alloc(32, 5);
  await site.publish({ version: 9 });
  await setRecord(({ due: _, ...record }) => record);
  assert.equal((await visit()).reason, 'limit_reached');
  assert.equal(site.uploads.length, 4);
  now = start + 28 * day;
  assert.equal((await visit()).sent, true);
});

test('a device is in a batch once', async (t) => {
  withChance(t, []);
  await site.publish({ trendVersion: 3 });
  assert.equal((await visit()).sent, true);
  assert.equal((await visit()).reason, 'not_due');
  now += 10 * day;
  for (const trendVersion of [3, 4]) {
    await site.publish({ trendVersion });
    assert.equal((await visit()).reason, 'batch_open');
  }
  await site.publish({ trendVersion: 5 });
  assert.equal((await visit()).sent, true);
});

test('a page that is closed before the report leaves sends the same bytes at the next visit', async (t) => {
  withChance(t, []);
  recommender.observe(recommender.catalogue[0].id);
  const closing = new AbortController();
  const closed = visit({
    signal: closing.signal,
    wait: (_, signal) => {
      closing.abort();
      return Promise.reject(signal.reason);
    },
  });
  await assert.rejects(closed, { code: 'interrupted' });
  assert.equal(site.uploads.length, 0);
  const { pending, reports } = await ledger({ clock: () => now });
  assert.deepEqual([pending, reports.total], [true, 1]);
  const sealed = (await setRecord((record) => record)).pending.upload;

  await recommender.close();
  recommender = await Recommender.open(modelBytes, { store: memoryStore(), clock: () => now });
  recommender.observe(recommender.catalogue[1].id);
  assert.equal((await visit()).sent, true);
  assert.deepEqual(new Uint8Array(site.uploads[0].body), sealed);
  assert.equal((await slotOf(site, site.uploads[0])).slot, 2);
  assert.equal((await ledger({ clock: () => now })).reports.total, 1);
});

test('a report whose answer is lost is sent again, the same bytes, and counts once in the ledger', async (t) => {
  withChance(t, []);
  let lost = 0;
  site.answer = () => (lost++ < 2 ? { drop: 'after' } : { status: 200, body: '' });
  assert.equal((await visit()).sent, true);
  assert.equal(site.uploads.length, 3);
  for (const { body } of site.uploads) assert.deepEqual(body, site.uploads[0].body);
  assert.equal((await ledger({ clock: () => now })).reports.total, 1);
});

test('a leader that is not reached gets the same report at a later visit', async (t) => {
  withChance(t, []);
  site.answer = () => ({ status: 503, body: '' });
  const first = await visit();
  assert.deepEqual([first.sent, first.reason], [false, 'unreachable']);
  site.answer = () => ({ status: 201, body: '' });
  now += 60 * day; // however much later
  assert.equal((await visit()).sent, true);
  assert.equal(new Set(site.uploads.map(({ body }) => body.toString('hex'))).size, 1);
  assert.equal((await ledger({ clock: () => now })).reports.total, 1);
});

for (const [what, answer, reason] of [
  ['a status', { status: 400, body: '{}' }, 'refused'],
  ['an error for the report', { status: 200, body: Buffer.concat([Buffer.alloc(16), Buffer.from([11])]) }, 'refused'],
  ['the word that it has it', { status: 200, body: Buffer.concat([Buffer.alloc(16), Buffer.from([2])]) }, undefined],
]) {
  test(`a leader that answers with ${what} is not asked again, and the report stays in the ledger`, async (t) => {
    withChance(t, []);
    site.answer = () => answer;
    assert.equal((await visit()).reason, reason);
    assert.equal(site.uploads.length, 1);
    const { pending, reports } = await ledger({ clock: () => now });
    assert.deepEqual([pending, reports.total], [false, 1]);
    assert.equal((await visit()).reason, 'not_due');
  });
}

test('a crash after the ledger was written and before anything was sent costs the report, never a second one', async (t) => {
  withChance(t, []);
  const crash = visit({ token: () => Promise.reject(new Error('the power failed')) });
  await assert.rejects(crash, /the power failed/);
  // What was on its way is gone, the ledger is not.
  await setRecord(({ pending: _, ...record }) => record);
  assert.notEqual((await visit()).sent, true);
  assert.equal((await ledger({ clock: () => now })).reports.total, 1);
});

test('a crash before the ledger is written leaves nothing that could be sent', async (t) => {
  withChance(t, []);
  const real = IDBObjectStore.prototype.put;
  t.mock.method(IDBObjectStore.prototype, 'put', function (value, key) {
    if (value?.pending !== undefined) throw new DOMException('The disk is full.', 'QuotaExceededError');
    return real.call(this, value, key);
  });
  await assert.rejects(visit());
  assert.equal(site.uploads.length, 0);
  assert.equal((await ledger({ clock: () => now })).reports.total, 0);
});

test('two pages at once send one report', async (t) => {
  withChance(t, []);
  const other = await Recommender.open(modelBytes, { store: memoryStore(), clock: () => now });
  const results = await Promise.all([visit(), sync(other, options())]);
  assert.equal(results.filter(({ sent }) => sent).length, 1);
  assert.equal(site.uploads.length, 1);
  await other.close();
});

test('a damaged ledger stops reports for 28 days', async (t) => {
  withChance(t, []);
  await setRecord((record) => ({ ...record, ledger: new Uint8Array([1, 2, 3]) }));
  assert.equal((await visit()).reason, 'history_lost');
  now += 27 * 24 * 3600 * 1000;
  assert.equal((await visit()).reason, 'history_lost');
  assert.equal(site.uploads.length, 0);
  now += 24 * 3600 * 1000 + 1000;
  assert.equal((await visit()).sent, true);
});

test('a report that waits does not leave once the visitor has forgotten it or withdrawn consent', async (t) => {
  withChance(t, []);
  assert.equal((await visit({ wait: forget })).reason, 'forgotten');
  assert.equal(site.uploads.length, 0);
  now += 28 * 24 * 3600 * 1000;
  await site.publish({ trendVersion: 9 });
  let agrees = true;
  const wait = async () => {
    agrees = false;
  };
  assert.equal((await visit({ wait, consent: () => agrees })).reason, 'no_consent');
  assert.equal(site.uploads.length, 0);
});

test('a clock that is not set stops reports', async () => {
  now = 1000;
  assert.equal((await visit()).reason, 'clock_not_set');
});

test('forgetting erases what waits and what was chosen, and not the ledger', async (t) => {
  withChance(t, []);
  recommender.observe(recommender.catalogue[0].id);
  site.answer = () => ({ status: 503, body: '' });
  await visit();
  await forget();
  const { pending, reports } = await ledger({ clock: () => now });
  assert.deepEqual([pending, reports.total], [false, 1]);
  const record = await setRecord((record) => record);
  assert.equal(record.reportedUntil, undefined);
  site.answer = () => ({ status: 201, body: '' });
  assert.equal((await visit()).reason, 'not_due');
});

test('the report waits for a random time', async (t) => {
  withChance(t, [0.25]);
  waited.length = 0;
  await visit({ maxDelay: 1000 });
  assert.deepEqual(waited, [250]);
});

test('a token goes along where the page has one', async (t) => {
  withChance(t, []);
  await visit({ token: (task) => `for ${task.slice(0, 4)}` });
  const { headers } = site.requests.find(({ method }) => method === 'POST');
  assert.equal(headers['sotto-upload-token'], 'for BQUF');
});

test('the trend makes items rise: ratios, and probabilities of items that the model knows too little of', async () => {
  const items = recommender.catalogue;
  const slots = slotMap({ items: items.length, untrained: [300], trained: [200, 201] });
  // 0 nothing, 1 item 300, 2 item 200, 3 item 201
  const trend = { 1: -1024, 2: 5 * 1024, 3: -5 * 1024 };
  const before = new Map(recommender.rank(items.map(({ id }) => id)).map(({ id }, place) => [id, place]));
  await site.publish({ slots, trendVersion: 7, trend });
  assert.deepEqual(await follow(recommender, options()), { version: 7, applied: true });
  assert.equal(site.uploads.length, 0);
  const after = new Map(recommender.rank(items.map(({ id }) => id)).map(({ id }, place) => [id, place]));
  const moved = (item) => after.get(items[item].id) - before.get(items[item].id);
  assert.ok(moved(300) < 0 && moved(200) < 0 && moved(201) >= 0);
  assert.equal(recommender.why(items[200].id).trend.text, 'wanted by many this week');
});

test('a trend with a prior of 0 is switched off', async () => {
  await site.publish({ trendVersion: 1, trend: { 2: 2048 }, editManifest: (manifest) => (manifest.trend.prior = 0) });
  assert.deepEqual(await follow(recommender, options()), { version: 1, applied: false });
});

const refused = [
  [
    'a flipped bit',
    { editEnvelope: (text) => text.replace(/"manifest":"(....)./, (_, a) => `"manifest":"${a}A`) },
    'mismatch',
  ],
  ['another signer', { editEnvelope: (text) => text.replace(site.key, site.helperKey) }, 'mismatch'],
  ['no envelope', { editEnvelope: () => '<!doctype html>' }, 'malformed'],
  ['another format', { editManifest: (one) => (one.format = 2) }, 'unsupported_version'],
  ['another kind', { editManifest: (one) => (one.kind = 'sotto-tasks') }, 'mismatch'],
  ['no version', { editManifest: (one) => (one.version = 0) }, 'out_of_range'],
  ['another model', { editManifest: (one) => (one.model.fingerprint = '0123456789abcdef') }, 'mismatch'],
  ['other slots', { editManifest: (one) => (one.slots.count = 4095) }, 'mismatch'],
  ['another slot map', { editManifest: (one) => (one.slots.sha256 = 'A'.repeat(43)) }, 'mismatch'],
  ['less noise', { editManifest: (one) => (one.noise = 4) }, 'mismatch'],
  ['more reports', { editManifest: (one) => (one.reports = 8) }, 'mismatch'],
  ['a smaller batch', { editManifest: (one) => (one.min_batch = 10) }, 'mismatch'],
  ['a later expiry', { editManifest: (one) => ++one.expires }, 'mismatch'],
  ['an expiry that has passed', { expires: start / 1000 }, 'out_of_range'],
  [
    'a task without noise',
    {
      editManifest: (one) => (one.noise = 0),
      parameters: (text) => text.replace('noise_thousandths 8000', 'noise_thousandths 0'),
    },
    'out_of_range',
  ],
  ['another leader', { editManifest: (one) => (one.leader = 'https://elsewhere.example/') }, 'mismatch'],
  ['another helper', { editManifest: (one) => (one.helper = 'https://elsewhere.example/') }, 'mismatch'],
  ['a task of other parameters', { parameters: (text) => text.replace('min_batch 2000', 'min_batch 2') }, 'mismatch'],
  ['a task of a smaller batch', { configuration: (one) => (one.minBatch = 2) }, 'mismatch'],
  ['another trend', { trendVersion: 1, editManifest: (one) => (one.trend.sha256 = 'A'.repeat(43)) }, 'mismatch'],
  ['a trend of another version', { trendVersion: 1, editManifest: (one) => (one.trend.version = 2) }, 'mismatch'],
  ['a value that the trend cannot have', { trendVersion: 1, trend: { 4000: 5 } }, 'out_of_range'],
  [
    'an address without HTTPS',
    { editManifest: (one) => (one.slots.url = 'http://elsewhere.example/') },
    'invalid_argument',
  ],
  ['a helper that does not know the task', { editTasks: (list) => (list.tasks = []) }, 'missing'],
  ['a helper with another configuration', { editTasks: ({ tasks }) => (tasks[0].configuration += 'AAAA') }, 'mismatch'],
  ['a helper with another model', { editTasks: ({ tasks }) => (tasks[0].model = '0'.repeat(16)) }, 'mismatch'],
  ['a helper with another expiry', { editTasks: ({ tasks }) => --tasks[0].expires }, 'mismatch'],
];
for (const [what, edit, code] of refused) {
  test(`nothing is sent after ${what}`, async () => {
    await site.publish(edit);
    await assert.rejects(visit(), { name: 'SottoError', code });
    assert.equal(site.uploads.length, 0);
    assert.equal((await ledger({ clock: () => now })).reports.total, 0);
  });
}

test('versions of signed documents only go up', async () => {
  await site.publish({ version: 5, trendVersion: 5, editTasks: (list) => (list.version = 5) });
  await visit();
  now += 60 * day;
  for (const older of [
    { version: 4, trendVersion: 9 },
    { version: 6, trendVersion: 4 },
    { version: 7, trendVersion: 9, editTasks: (list) => (list.version = 4) },
  ]) {
    await site.publish({ editTasks: (list) => (list.version = 5), ...older });
    await assert.rejects(visit(), { code: 'out_of_range' });
  }
});

test('a helper that the page does not name is refused', async () => {
  const helper = { url: site.helperUrl.replace('/helper', '/other'), key: site.helperKey };
  await assert.rejects(visit({ helper }), { code: 'mismatch' });
  await assert.rejects(visit({ helper: { url: site.helperUrl, key: site.key } }), { code: 'mismatch' });
  assert.equal(site.uploads.length, 0);
});

test('an AbortSignal ends it with its own code', async () => {
  await assert.rejects(visit({ signal: AbortSignal.abort('enough') }), { code: 'interrupted' });
});

/** Changes what is stored, and returns it. */
function setRecord(change) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('sotto sync', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('records');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const records = opening.result.transaction('records', 'readwrite').objectStore('records');
      const reading = records.get('device');
      reading.onsuccess = () => {
        const record = change(reading.result ?? {});
        records.put(record, 'device').onsuccess = () => {
          opening.result.close();
          resolve(record);
        };
      };
    };
  });
}
