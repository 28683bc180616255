// Backups against a server of the test's own: what goes over the wire, what comes back, and what is refused. The tests with
// the real server are in tests/server.
import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { secretsOf } from '../dist/backup_secrets.js';
import { codeOf, keyOf } from '../dist/recovery_code.js';
import { sealBackup, unsealBackup } from '../dist/sealed_backup.js';
import { ids, modelBytes, storedPart, modelWith } from './support.mjs';

const backups = new Map(); // id → { owner, bytes }
const requests = [];
let answer; // (request, response) → whether it has answered
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  requests.push({ method: request.method, url: request.url, headers: request.headers, body });
  if (answer?.(request, response)) return;
  const id = /^\/shop\/v1\/backups\/([\w-]{43})$/.exec(request.url)?.[1];
  const owner = request.headers['x-backup-owner'];
  const known = backups.get(id);
  const end = (status, bytes) => response.writeHead(status).end(bytes);
  if (id === undefined) return end(400);
  if (request.method === 'GET') return known ? end(200, known.bytes) : end(404);
  if (known && known.owner !== owner) return end(403);
  if (request.method === 'PUT') backups.set(id, { owner, bytes: body });
  else if (!backups.delete(id)) return end(404);
  return end(204);
});

let url;
before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${server.address().port}/shop`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  backups.clear();
  requests.length = 0;
  answer = undefined;
});

const clock = () => 1_700_000_000_000;
const open = (model = modelBytes) => Recommender.open(model, { store: memoryStore(), clock });
const observe = (recommender, begin, end) => {
  for (const { id } of recommender.catalogue.slice(begin, end)) recommender.observe(id);
};
const otherVersion = modelWith(({ spec }) => (spec.attribution += ' Another version.'));

const key = Uint8Array.from({ length: 32 }, (_, index) => index);
const codeOfKey = '000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFY-AVBW';

test('known answers: the code and the secrets of the key 00 01 … 1f', async () => {
  assert.equal(await codeOf(key), codeOfKey);
  assert.deepEqual(await keyOf(codeOfKey), key);
  const derive = (purpose) =>
    Buffer.from(hkdfSync('sha256', key, '', `sotto backup 1 ${purpose}`, 32)).toString('base64url');
  const { id, owner, cipher } = await secretsOf(key);
  assert.equal(id, 'a5jrTEbIMcrumszcwIBIwYu3byH_gDBFS1DY0smNF70');
  assert.equal(owner, 'JZPevs7Yl7W-9Lx48Isz0f8V-JbJlm985nrewCiislo');
  assert.deepEqual([id, owner], [derive('id'), derive('owner')]);
  assert.deepEqual([cipher.algorithm.name, cipher.algorithm.length, cipher.extractable], ['AES-GCM', 256, false]);
  // The cipher's key, told by what it encrypts.
  const iv = new Uint8Array(12);
  const raw = new Uint8Array(hkdfSync('sha256', key, '', 'sotto backup 1 cipher', 32));
  const same = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt']);
  const [one, other] = await Promise.all(
    [cipher, same].map((its) => crypto.subtle.encrypt({ name: 'AES-GCM', iv }, its, key)),
  );
  assert.deepEqual(one, other);
});

test('a code may be typed carelessly, but not wrongly', async () => {
  const careless = codeOfKey.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  assert.deepEqual(await keyOf(`  ${careless}\n`), key);
  const letters = codeOfKey.replaceAll('-', '');
  for (let place = 0; place < letters.length; ++place) {
    const other = letters[place] === 'Z' ? 'Y' : 'Z';
    const mistyped = letters.slice(0, place) + other + letters.slice(place + 1);
    await assert.rejects(keyOf(mistyped), { name: 'SottoError', code: 'wrong_code' }, mistyped);
  }
  const swapped = letters.slice(0, 5) + letters[6] + letters[5] + letters.slice(7);
  for (const wrong of ['', letters.slice(1), `${letters}0`, letters.replace('G', 'U'), 'ſ'.repeat(56), swapped]) {
    await assert.rejects(keyOf(wrong), { code: 'wrong_code' }, wrong);
  }
});

test('random keys survive being a code', async () => {
  for (let round = 0; round < 200; ++round) {
    const random = crypto.getRandomValues(new Uint8Array(32));
    const code = await codeOf(random);
    assert.match(code, /^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/);
    assert.deepEqual(await keyOf(code), random);
  }
});

test('a backup moves a user to a new device, byte for byte', async () => {
  const [phone, laptop] = await Promise.all([open(), open()]);
  observe(phone, 2, 8);
  phone.feedback(phone.catalogue[9].id, 'not_this');
  const code = await phone.backup(url);
  assert.deepEqual(await laptop.restore(url, code), { savedAt: new Date(clock()), carriedOver: false });
  assert.deepEqual(laptop.exportState(), phone.exportState());
  assert.deepEqual(laptop.recommend(20), phone.recommend(20));
  await Promise.all([phone.close(), laptop.close()]);
});

test('what goes over the wire tells nothing but a length in steps', async () => {
  const recommender = await open();
  observe(recommender, 2, 8);
  const [code, again] = [await recommender.backup(url), await recommender.backup(`${url}/`)];
  assert.notEqual(code, again);
  const [first, second] = requests;
  assert.equal(first.method, 'PUT');
  assert.notEqual(first.url, second.url);
  assert.equal((first.body.length - 36) % 4096, 0);
  assert.equal(first.body.length, second.body.length);
  // Beyond the layout's name no eight bytes in a row are equal.
  for (let at = 8; at + 8 <= first.body.length; at += 8) {
    assert.notDeepEqual(first.body.subarray(at, at + 8), second.body.subarray(at, at + 8));
  }
  for (const { headers, body } of requests) {
    assert.equal(headers.cookie, undefined);
    assert.equal(headers.referer, undefined);
    for (const { id } of recommender.history) assert.ok(!body.includes(id));
    assert.ok(!body.includes(recommender.modelInfo.fingerprint));
  }
  await recommender.close();
});

test('a code given again replaces its backup under a new initialization vector', async () => {
  const recommender = await open();
  observe(recommender, 2, 4);
  const code = await recommender.backup(url);
  const before = requests.at(-1).body;
  assert.equal(await recommender.backup(url, { code: code.toLowerCase() }), code);
  assert.equal(backups.size, 1);
  assert.notDeepEqual(requests.at(-1).body.subarray(8, 20), before.subarray(8, 20));
  observe(recommender, 4, 6);
  await recommender.backup(url, { code });
  const other = await open();
  await other.restore(url, code);
  assert.equal(other.events, 4);
  await Promise.all([recommender.close(), other.close()]);
});

test('a backup is merged into what the device knows, or replaces it', async () => {
  const [phone, laptop, expected] = await Promise.all([open(), open(), open()]);
  observe(phone, 2, 8);
  observe(laptop, 20, 23);
  expected.importState(laptop.exportState());
  expected.mergeState(phone.exportState());
  const code = await phone.backup(url);
  await laptop.restore(url, code);
  assert.deepEqual(laptop.exportState(), expected.exportState());
  assert.equal(laptop.events, 9);
  await laptop.restore(url, code, { merge: false });
  assert.deepEqual(laptop.exportState(), phone.exportState());
  await Promise.all([phone.close(), laptop.close(), expected.close()]);
});

test('what was restored is stored', async () => {
  const store = memoryStore();
  const [phone, laptop] = await Promise.all([open(), Recommender.open(modelBytes, { store, clock })]);
  observe(phone, 2, 8);
  await laptop.restore(url, await phone.backup(url));
  await laptop.close();
  assert.deepEqual((await storedPart(store)).state, phone.exportState());
  await phone.close();
});

test('a backup of another version of the model is carried over', async () => {
  const [old, renewed, asOpened] = await Promise.all([open(otherVersion), open(), open()]);
  observe(old, 2, 8);
  const code = await old.backup(url);
  assert.equal((await renewed.restore(url, code)).carriedOver, true);
  assert.deepEqual(ids(renewed.history), ids(old.history));
  assert.equal(renewed.learningRecord.events, 6);
  // As a page that is opened with the new version carries it over.
  const store = memoryStore();
  const keeping = await Recommender.open(otherVersion, { store, clock });
  keeping.importState(old.exportState());
  await keeping.close();
  const reopened = await Recommender.open(modelBytes, { store, clock, onWarning: () => {} });
  assert.deepEqual(renewed.exportState(), reopened.exportState());

  observe(asOpened, 20, 23);
  await asOpened.restore(url, code);
  assert.equal(asOpened.events, 9);
  await Promise.all([old.close(), renewed.close(), asOpened.close(), reopened.close()]);
});

test('a backup of a model without a common item is refused, and nothing changes', async () => {
  const foreign = await open(
    modelWith(({ catalogue }) => {
      catalogue.item_id = catalogue.item_id.map((id) => `foreign ${id}`);
    }),
  );
  observe(foreign, 2, 8);
  const recommender = await open();
  observe(recommender, 0, 3);
  const state = recommender.exportState();
  await assert.rejects(recommender.restore(url, await foreign.backup(url)), { code: 'mismatch' });
  assert.deepEqual(recommender.exportState(), state);
  await Promise.all([foreign.close(), recommender.close()]);
});

test('a removed backup is not found; removing it again is fine', async () => {
  const recommender = await open();
  observe(recommender, 0, 3);
  const code = await recommender.backup(url);
  await recommender.forgetBackup(url, code);
  assert.equal(backups.size, 0);
  await recommender.forgetBackup(url, code);
  await assert.rejects(recommender.restore(url, code), { name: 'SottoError', code: 'backup_not_found' });
  assert.equal(recommender.events, 3);
  await recommender.close();
});

test('each flipped byte, each shorter length and every other id is refused', async () => {
  const secrets = await secretsOf(key);
  const record = { version: 3, ids: ['85123A'], state: new Uint8Array(100) };
  const sealed = await sealBackup(record, secrets);
  assert.deepEqual(await unsealBackup(sealed, secrets), record);
  for (let place = 0; place < sealed.length; ++place) {
    const damaged = sealed.slice();
    damaged[place] ^= 1 << (place % 8);
    await assert.rejects(unsealBackup(damaged, secrets), { code: place === 7 ? 'unsupported_version' : 'malformed' });
  }
  for (let size = 0; size < sealed.length; size += size < 60 ? 1 : 97) {
    await assert.rejects(unsealBackup(sealed.slice(0, size), secrets), { name: 'SottoError' }, `${size} bytes`);
  }
  const longer = new Uint8Array(sealed.length + 1);
  longer.set(sealed);
  await assert.rejects(unsealBackup(longer, secrets), { code: 'malformed' });
  const other = await secretsOf(key.map((byte) => byte ^ 1));
  await assert.rejects(unsealBackup(sealed, other), { code: 'malformed' });
  await assert.rejects(unsealBackup(sealed, { ...secrets, id: other.id }), { code: 'malformed' });
  await assert.rejects(unsealBackup(sealed, { ...secrets, cipher: other.cipher }), { code: 'malformed' });
});

test('lengths are steps of 4 KiB, up to what a server takes', async () => {
  const secrets = await secretsOf(key);
  const overhead = (await sealBackup(new Uint8Array(), secrets)).length - 4096;
  assert.equal(overhead, 36);
  const sizes = new Set();
  for (let size = 0; size < 12_000; size += 500) {
    sizes.add((await sealBackup(new Uint8Array(size), secrets)).length - overhead);
  }
  assert.deepEqual([...sizes], [4096, 8192, 12288]);
  assert.ok((await sealBackup(new Uint8Array(258_000), secrets)).length <= 256 * 1024);
  await assert.rejects(sealBackup(new Uint8Array(258_100), secrets), { code: 'out_of_range' });
});

test('a state with the longest history fits', async () => {
  const recommender = await open();
  for (let event = 0; event < 1024; ++event) recommender.observe(recommender.catalogue[event].id);
  const code = await recommender.backup(url);
  assert.ok(requests[0].body.length < 64 * 1024);
  const other = await open();
  await other.restore(url, code);
  assert.deepEqual(other.exportState(), recommender.exportState());
  await Promise.all([recommender.close(), other.close()]);
});

test('a damaged answer of the server is refused, and nothing changes', async () => {
  const recommender = await open();
  observe(recommender, 0, 3);
  const code = await recommender.backup(url);
  const [[id, backup]] = backups;
  const state = recommender.exportState();
  const sealed = Buffer.from(backup.bytes);
  for (const bytes of [
    sealed.subarray(0, -1),
    Buffer.from('<!doctype html>'),
    Buffer.alloc(0),
    Buffer.alloc(300_000),
  ]) {
    backups.set(id, { ...backup, bytes });
    await assert.rejects(recommender.restore(url, code), { name: 'SottoError', code: 'malformed' });
  }
  assert.deepEqual(recommender.exportState(), state);
  await recommender.close();
});

test('errors of the network and of the server are typed', async () => {
  const recommender = await open();
  const code = await recommender.backup(url);
  for (const [status, expected] of [
    [401, 'network'],
    [413, 'out_of_range'],
    [429, 'network'],
    [500, 'network'],
  ]) {
    answer = (_, response) => response.writeHead(status).end();
    const refused = { name: 'SottoError', code: expected, message: /\.$/ };
    await assert.rejects(recommender.backup(url), refused);
    await assert.rejects(recommender.restore(url, code), refused);
    await assert.rejects(recommender.forgetBackup(url, code), refused);
  }
  answer = (_, response) => {
    response.writeHead(200, { 'Content-Length': 5000 });
    response.write('sottobk1');
    setTimeout(() => response.destroy(), 10);
    return true;
  };
  await assert.rejects(recommender.restore(url, code), { code: 'network' });
  const nowhere = 'http://127.0.0.1:1';
  await assert.rejects(recommender.backup(nowhere), { code: 'network', message: /127\.0\.0\.1:1/ });
  await assert.rejects(recommender.restore(nowhere, code), { code: 'network' });
  await recommender.close();
});

test('a wrong code is refused before anything is sent', async () => {
  const recommender = await open();
  const wrong = `${codeOfKey.slice(0, -1)}0`;
  await assert.rejects(recommender.backup(url, { code: wrong }), { code: 'wrong_code' });
  await assert.rejects(recommender.restore(url, wrong), { code: 'wrong_code' });
  await assert.rejects(recommender.forgetBackup(url, ''), { code: 'wrong_code' });
  assert.deepEqual(requests, []);
  await recommender.close();
});

test('a signal ends the request, and headers of the page go along', async () => {
  const recommender = await open();
  const stopping = new AbortController();
  answer = () => {
    setTimeout(() => stopping.abort('enough'));
    return true;
  };
  const { signal } = stopping;
  await assert.rejects(recommender.backup(url, { signal }), { code: 'interrupted', cause: 'enough' });
  await assert.rejects(recommender.restore(url, codeOfKey, { signal }), { code: 'interrupted' });
  answer = undefined;
  const headers = { Authorization: 'Bearer sk_page', 'X-Backup-Owner': 'somebody else' };
  const code = await recommender.backup(url, { headers });
  assert.equal(requests.at(-1).headers.authorization, 'Bearer sk_page');
  assert.notEqual(requests.at(-1).headers['x-backup-owner'], 'somebody else');
  await recommender.restore(url, code, { headers });
  assert.equal(requests.at(-1).headers.authorization, 'Bearer sk_page');
  await recommender.close();
});

test('after close backups throw "closed", also when it comes while the server answers', async () => {
  const recommender = await open();
  const code = await recommender.backup(url);
  const restoring = recommender.restore(url, code);
  await recommender.close();
  await assert.rejects(restoring, { code: 'closed' });
  await assert.rejects(recommender.backup(url), { code: 'closed' });
  await assert.rejects(recommender.restore(url, code), { code: 'closed' });
});

test('where there is no cryptography the reason is said, and nothing is sent', async () => {
  const recommender = await open();
  const real = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  try {
    Object.defineProperty(globalThis, 'crypto', { value: {}, configurable: true });
    await assert.rejects(recommender.backup(url), { code: 'unsupported', message: /HTTPS/ });
    await assert.rejects(recommender.restore(url, codeOfKey), { code: 'unsupported' });
    assert.deepEqual(requests, []);
  } finally {
    Object.defineProperty(globalThis, 'crypto', real);
  }
  await recommender.close();
});
