// How the model is asked for, how far it has come, and whether it is the right one.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Recommender } from 'sotto';
import { modelBytes, modelPath, wasmPath } from './support.mjs';

const size = modelBytes.length;
const sha256 = createHash('sha256').update(modelBytes).digest('hex');
const requests = [];

const server = createServer((request, response) => {
  requests.push(request);
  const half = size >> 1;
  switch (request.url) {
    case '/sized':
      response.writeHead(200, { 'content-length': size });
      response.write(modelBytes.subarray(0, half));
      setImmediate(() => response.end(modelBytes.subarray(half)));
      break;
    case '/unsized':
      response.write(modelBytes.subarray(0, half));
      response.end(modelBytes.subarray(half));
      break;
    case '/compressed': {
      const body = gzipSync(modelBytes);
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body);
      break;
    }
    case '/half':
      response.writeHead(200, { 'content-length': size });
      response.write(modelBytes.subarray(0, half)); // and then nothing
      break;
    case '/broken':
      response.writeHead(200, { 'content-length': size });
      response.write(modelBytes.subarray(0, half), () => response.destroy());
      break;
    default:
      response.writeHead(request.headers.authorization === 'Bearer 1' ? 200 : 401).end(modelBytes);
  }
});
let origin;
before(() =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)).then(
    () => (origin = `http://127.0.0.1:${server.address().port}`),
  ),
);
after(() => server.closeAllConnections() ?? server.close());

const opened = async (source, options) => (await Recommender.open(source, options)).close();

/** What is told while a source is opened. */
async function progressOf(source) {
  const told = [];
  await opened(source, { onProgress: (progress) => told.push(progress) });
  return told;
}

test('the server is asked with the headers, and with the cache mode, that the page names', async (t) => {
  await assert.rejects(opened(`${origin}/private`), { code: 'network', message: /401/ });
  await opened(`${origin}/private`, { request: { headers: { Authorization: 'Bearer 1' } } });
  const fetching = t.mock.method(globalThis, 'fetch');
  await opened(`${origin}/private`, {
    request: { headers: { Authorization: 'Bearer 1' }, credentials: 'include', cache: 'no-store' },
    wasm: readFileSync(wasmPath),
  });
  assert.equal(fetching.mock.callCount(), 1);
  const [, asked] = fetching.mock.calls[0].arguments;
  assert.deepEqual(asked, { headers: { Authorization: 'Bearer 1' }, credentials: 'include', cache: 'no-store' });
});

test('progress counts the bytes up to the whole, which is known where the server says it', async () => {
  const told = await progressOf(`${origin}/sized`);
  assert.deepEqual(told[0], { loaded: 0, total: size });
  assert.ok(told.length > 2, `${told.length}`);
  assert.ok(told.every(({ loaded, total }, at) => total === size && (at === 0 || loaded > told[at - 1].loaded)));
  assert.deepEqual(told.at(-1), { loaded: size, total: size });
});

test('progress has no total until the end where it is not known, also of a compressed answer', async () => {
  for (const path of ['/unsized', '/compressed']) {
    const told = await progressOf(origin + path);
    assert.ok(told.length > 2, `${told.length}`);
    assert.ok(
      told.slice(0, -1).every((progress) => !('total' in progress)),
      path,
    );
    assert.deepEqual(told.at(-1), { loaded: size, total: size });
  }
});

test('progress of bytes and of a path is told once', async () => {
  for (const source of [modelBytes, modelPath]) {
    assert.deepEqual(await progressOf(source), [{ loaded: size, total: size }]);
  }
});

test('a listener of progress that throws does not stop the model', async (t) => {
  const reported = t.mock.method(console, 'error', () => {});
  await opened(modelBytes, {
    onProgress: () => {
      throw new Error('a mistake of the page');
    },
  });
  assert.equal(reported.mock.callCount(), 1);
});

test('a model that breaks off, or is aborted on its way, is an error with progress as without', async () => {
  for (const onProgress of [undefined, () => {}]) {
    const options = onProgress ? { onProgress } : {};
    await assert.rejects(opened(`${origin}/broken`, options), { code: 'network' });
    const controller = new AbortController();
    const opening = opened(`${origin}/half`, { ...options, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(opening, { code: 'interrupted' });
  }
});

test('the right SHA-256 is accepted in either case, another is refused with both values', async () => {
  for (const source of [modelBytes, modelPath, `${origin}/sized`]) {
    await opened(source, { sha256 });
    await opened(source, { sha256: sha256.toUpperCase() });
    const other = sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await assert.rejects(opened(source, { sha256: other }), {
      code: 'wrong_model',
      message: new RegExp(`${sha256}.*${other}`),
    });
  }
});

test('a SHA-256 that is none is refused before anything is asked', async () => {
  const before = requests.length;
  for (const wrong of ['', 'sha256-abc', sha256.slice(1), `${sha256} `, 5]) {
    await assert.rejects(opened(`${origin}/sized`, { sha256: wrong }), { code: 'invalid_argument' });
  }
  assert.equal(requests.length, before);
});

test('where there is no cryptography the model is not taken unchecked', async (t) => {
  t.mock.getter(globalThis, 'crypto', () => ({}));
  await assert.rejects(opened(modelBytes, { sha256 }), { code: 'unsupported', message: /HTTPS/ });
});
