// Models over HTTP: what a page downloads, and what an operator does with versions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { request } from 'node:http';
import { brotliDecompressSync } from 'node:zlib';
import { decompress as zstdDecompress } from 'fzstd';
import { Recommender, memoryStore } from 'sotto';
import { assertError, ids, makeKey, modelBytes, modelWith, startServer, temporaryFolder } from './server.mjs';

let server;
let key;
let name;
let version;
const second = modelWith(({ spec }) => (spec.attribution += ' The second version.'));
const third = modelWith(({ spec }) => (spec.attribution += ' The third version.'));
before(async () => {
  const data = temporaryFolder();
  key = await makeKey(data, 'tests', 'admin');
  server = await startServer({ data, prepared: false });
  [{ name, version }] = (await server.get('/v1/models')).json.models;
});
after(() => server?.stop());

const admin = (method, path, body) =>
  server.call(method, `/v1/admin/models/${encodeURIComponent(name)}${path}`, { body, key });
const current = () => `/v1/models/${encodeURIComponent(name)}/current`;
const versioned = (its) => `/v1/models/${encodeURIComponent(name)}/versions/${its}`;
const get = (path, headers = {}) => server.get(path, { headers: { 'Accept-Encoding': 'identity', ...headers } });
const served = async (body = {}) => (await server.post('/v1/recommend', body)).json.model.version;
const upload = async (bytes, query = '') => {
  const { status, json } = await admin('PUT', query, bytes);
  assert.ok(status === 200 || status === 201, JSON.stringify(json));
  return json.version;
};

test('a page gets the model, and opens it from the server', async () => {
  const whole = await get(current());
  assert.deepEqual(whole.bytes, modelBytes);
  assert.equal(whole.headers.get('etag'), `"${version}"`);
  assert.match(whole.headers.get('cache-control'), /no-cache/);
  const page = await Recommender.open(`${server.url}${current()}`, { store: memoryStore() });
  assert.equal(page.modelInfo.fingerprint, version);
  await page.close();
});

test('a version never changes, and says so', async () => {
  const { headers, bytes } = await get(versioned(version));
  assert.deepEqual(bytes, modelBytes);
  assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal(headers.get('etag'), `"${version}"`);
});

test('a client that has the bytes gets 304', async () => {
  for (const tags of [`"${version}"`, `W/"${version}"`, `"x", "${version}"`, '*']) {
    const { status, bytes } = await get(current(), { 'If-None-Match': tags });
    assert.equal(status, 304, tags);
    assert.equal(bytes.length, 0);
  }
  assert.equal((await get(current(), { 'If-None-Match': '"0000000000000000"' })).status, 200);
});

test('HEAD is GET without the bytes', async () => {
  const { status, headers, bytes } = await server.call('HEAD', current(), {
    headers: { 'Accept-Encoding': 'identity' },
  });
  assert.equal(status, 200);
  assert.equal(bytes.length, 0);
  assert.equal(headers.get('content-length'), String(modelBytes.length));
});

test('ranges are parts of the file', async () => {
  const size = modelBytes.length;
  for (const [range, begin, end] of [
    ['bytes=0-0', 0, 1],
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, size],
    ['bytes=-100', size - 100, size],
    [`bytes=${size - 1}-${size + 50}`, size - 1, size],
  ]) {
    const { status, headers, bytes } = await get(current(), { Range: range });
    assert.equal(status, 206, range);
    assert.equal(headers.get('content-range'), `bytes ${begin}-${end - 1}/${size}`);
    assert.deepEqual(bytes, modelBytes.slice(begin, end));
  }
  const beyond = await get(current(), { Range: `bytes=${size}-` });
  assert.equal(beyond.status, 416);
  assert.equal(beyond.headers.get('content-range'), `bytes */${size}`);
  for (const ignored of ['bytes=5-2', 'items=0-5', 'bytes=0-1,5-6', 'bytes=x']) {
    assert.equal((await get(current(), { Range: ignored })).status, 200, ignored);
  }
  const stale = await get(current(), { Range: 'bytes=0-9', 'If-Range': '"0000000000000000"' });
  assert.equal(stale.status, 200);
  assert.equal((await get(current(), { Range: 'bytes=0-9', 'If-Range': `"${version}"` })).status, 206);
});

// fetch decodes by itself, so these go without it.
function rawGet(path, headers) {
  return new Promise((resolve, reject) => {
    request(`${server.url}${path}`, { headers }, async (response) => {
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode, headers: response.headers, bytes: Buffer.concat(chunks) });
    })
      .on('error', reject)
      .end();
  });
}

test('brotli and zstd decode to the same bytes, under tags of their own', async () => {
  for (const [coding, decode] of [
    ['br', brotliDecompressSync],
    ['zstd', zstdDecompress],
  ]) {
    let answer;
    do answer = await rawGet(current(), { 'Accept-Encoding': coding });
    while (answer.headers['content-encoding'] === undefined); // until it is prepared
    const { status, headers, bytes } = answer;
    assert.equal(status, 200);
    assert.equal(headers['content-encoding'], coding);
    assert.equal(headers.etag, `"${version}-${coding}"`);
    assert.match(headers.vary, /accept-encoding/i);
    assert.ok(bytes.length < modelBytes.length);
    assert.deepEqual(new Uint8Array(decode(bytes)), modelBytes);
    const again = await rawGet(current(), { 'Accept-Encoding': coding, 'If-None-Match': headers.etag });
    assert.equal(again.status, 304);
  }
  for (const plain of ['identity', 'gzip', 'br;q=0, zstd;q=0', '']) {
    const { headers } = await rawGet(current(), { 'Accept-Encoding': plain });
    assert.equal(headers['content-encoding'], undefined, plain);
  }
});

test('unknown models and versions, and paths that lead elsewhere', async () => {
  assertError(await get('/v1/models/nothing/current'), 404, 'unknown_model');
  assertError(await get(versioned('0123456789abcdef')), 404, 'unknown_version');
  for (const path of [
    '/v1/models/%2e%2e%2fetc/current',
    '/v1/models/..%2f..%2fetc%2fpasswd/current',
    `/v1/models/${name}/versions/..%2f..%2fsotto.db`,
    `/v1/models/${name}/versions/%2fetc%2fpasswd`,
    `/v1/models/${name}/versions/${version.toUpperCase()}x`,
  ]) {
    const { status } = await get(path);
    assert.ok(status === 400 || status === 404, `${path}: ${status}`);
  }
});

test('an upload is stored, and becomes current only when asked', async () => {
  const uploaded = await upload(second);
  assert.match(uploaded, /^[0-9a-f]{16}$/);
  assert.notEqual(uploaded, version);
  assert.equal(await served(), version);
  assert.deepEqual((await get(versioned(uploaded))).bytes, second);
  assert.equal(await upload(second), uploaded);

  await server.post('/v1/events', {
    user: 'stays',
    events: ids((await server.post('/v1/recommend', {})).json.recommendations),
  });
  assert.equal((await admin('POST', '/current', { version: uploaded })).status, 200);
  assert.equal(await served(), uploaded);
  assert.equal((await get(current())).headers.get('etag'), `"${uploaded}"`);
  // The user is carried over, as the page does it.
  assert.equal(await served({ user: 'stays' }), uploaded);
  const page = await Recommender.open(second, { store: memoryStore() });
  page.importState((await server.get('/v1/users/stays/state')).bytes);
  assert.equal(page.events, 10);
  await page.close();

  assert.equal((await admin('POST', '/rollback')).status, 200);
  assert.equal(await served(), version);
  assert.equal(await served({ user: 'stays' }), version);
  const newest = await upload(third, '?current=true');
  assert.equal(await served(), newest);
  assert.equal((await admin('POST', '/rollback')).status, 200);
  assert.equal(await served(), version);
});

test('a corrupt upload is refused and leaves nothing', async () => {
  const before = (await server.get('/v1/models')).json;
  const flipped = second.slice();
  flipped[20] ^= 0xff;
  for (const bad of [
    second.slice(0, -1),
    second.slice(0, 100),
    flipped,
    new Uint8Array(1000),
    new TextEncoder().encode('<!doctype html>'),
    new Uint8Array(),
  ]) {
    const { status, json } = await admin('PUT', '?current=true', bad);
    assert.equal(status, 422, JSON.stringify(json));
  }
  assert.deepEqual((await server.get('/v1/models')).json, before);
  assert.equal(await served(), version);
});

test('what is wrong in an admin call is refused', async () => {
  assertError(await admin('POST', '/current', { version: '0123456789abcdef' }), 404, 'unknown_version');
  assertError(await admin('POST', '/current', { versions: 'x' }), 400, 'unknown_field');
  assert.equal((await admin('POST', '/current', {})).status, 400);
  assert.equal((await admin('POST', '/current', { version: '../../x' })).status >= 400, true);
  for (const share of [-0.1, 1.1, '0.5', null, undefined]) {
    assert.equal((await admin('PUT', '/candidate', { version, share })).status, 400, String(share));
    assert.equal((await admin('PUT', '/shadow', { version, share })).status, 400, String(share));
  }
  assertError(await admin('PUT', '?currant=true', second), 400, 'unknown_parameter');
  assertError(await server.post('/v1/admin/models/nothing/rollback', undefined, { key }), 404, 'unknown_model');
});

test('a candidate gets its share of the users, always the same ones', async () => {
  const candidate = await upload(second);
  assert.equal((await admin('PUT', '/candidate', { version: candidate, share: 0.25 })).status, 200);
  const users = Array.from({ length: 400 }, (_, index) => `candidate ${index}`);
  const ask = () => Promise.all(users.map((user) => served({ user, k: 1 })));
  const first = await ask();
  const share = first.filter((its) => its === candidate).length / users.length;
  assert.ok(share > 0.15 && share < 0.35, `${share}`);
  assert.ok(first.every((its) => its === candidate || its === version));
  assert.deepEqual(await ask(), first);
  assert.equal(await served(), version);
  // A larger share keeps those who have it.
  await admin('PUT', '/candidate', { version: candidate, share: 0.6 });
  const larger = await ask();
  for (const [place, its] of first.entries()) if (its === candidate) assert.equal(larger[place], candidate);
  assert.equal((await admin('DELETE', '/candidate')).status, 200);
  assert.ok((await ask()).every((its) => its === version));
});

test('a shadow is measured and never answers', async () => {
  const shadow = await upload(second);
  assert.equal((await admin('PUT', '/shadow', { version: shadow, share: 1 })).status, 200);
  for (let round = 0; round < 20; ++round) assert.equal(await served({ user: `shadow ${round}` }), version);
  const list = (await server.post('/v1/recommend', { user: 'shadow 1', k: 10 })).json;
  const { recommendation_id, recommendations } = list;
  await server.post('/v1/events', { user: 'shadow 1', id: recommendations[0].id, recommendation_id });
  assert.equal((await server.get('/v1/admin/overview', { key })).status, 200);
  assert.equal((await admin('DELETE', '/shadow')).status, 200);
});

test('versions and choices outlive a restart', async () => {
  const chosen = await upload(third, '?current=true');
  const { data } = server;
  await server.stop();
  server = await startServer({ data, model: null });
  assert.equal(await served(), chosen);
  assert.equal((await admin('POST', '/rollback')).status, 200);
  assert.equal(await served(), version);
});
