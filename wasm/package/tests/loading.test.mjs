import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Recommender } from 'sotto';
import { abiVersion } from '../dist/abi.js';
import { Engine } from '../dist/engine.js';
import { bestWasmTier } from '../dist/features.js';
import { compileModule, instantiate } from '../dist/module_loader.js';
import { modelBytes, wasmPath } from './support.mjs';

const wasmBytes = readFileSync(wasmPath);
const hanging = Symbol('no answer');
const answers = {
  '/model.safetensors': ['application/octet-stream', modelBytes],
  '/module.wasm': ['application/wasm', wasmBytes],
  '/wrong-type.wasm': ['text/plain', wasmBytes],
  '/page.wasm': ['text/html', '<!doctype html>'],
  '/damaged.wasm': ['application/wasm', wasmBytes.subarray(0, wasmBytes.length >> 1)],
  '/never': hanging,
};
const requests = [];

const server = createServer((request, response) => {
  requests.push(request.url);
  const answer = answers[request.url];
  if (answer === hanging) return;
  response.writeHead(answer ? 200 : 404, { 'content-type': answer?.[0] ?? 'text/html' }).end(answer?.[1]);
});
let origin;
before(() =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)).then(
    () => (origin = `http://127.0.0.1:${server.address().port}`),
  ),
);
after(() => server.closeAllConnections() ?? server.close());

const open = (path, options) => Recommender.open(origin + path, options);

for (const [how, path] of [
  ['streaming', '/module.wasm'],
  ['from a server with the wrong MIME type', '/wrong-type.wasm'],
]) {
  test(`over HTTP, the module compiled ${how}`, async () => {
    const recommender = await open('/model.safetensors', { wasm: new URL(origin + path) });
    assert.equal(recommender.modelInfo.bytes, modelBytes.length);
    await recommender.close();
  });
}

test('the module is fetched once for many recommenders', async () => {
  const address = `${origin}/module.wasm`;
  await Promise.all([1, 2, 3].map(() => open('/model.safetensors', { wasm: address }).then((r) => r.close())));
  assert.equal(requests.filter((path) => path === '/module.wasm').length, 1);
});

test('the module may be given compiled, or as bytes', async () => {
  const module = await WebAssembly.compile(wasmBytes);
  for (const wasm of [module, new Uint8Array(wasmBytes)]) await (await Recommender.open(modelBytes, { wasm })).close();
});

test('what is not there is a network error with its address and status', async () => {
  await assert.rejects(open('/gone'), { code: 'network', message: /404.*\/gone/ });
  await assert.rejects(Recommender.open('http://127.0.0.1:1/model'), { code: 'network' });
  await assert.rejects(Recommender.open('/no/such/folder/model.safetensors'), { code: 'io' });
});

test('a page or half a module instead of the module is told from it', async () => {
  await assert.rejects(Recommender.open(modelBytes, { wasm: `${origin}/page.wasm` }), {
    code: 'wrong_module',
    message: /optimizeDeps/,
  });
  await assert.rejects(Recommender.open(modelBytes, { wasm: `${origin}/damaged.wasm` }), { code: 'wrong_module' });
});

test('another module is refused, and one of another ABI', async (t) => {
  const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
  await assert.rejects(Recommender.open(modelBytes, { wasm: empty }), {
    code: 'wrong_module',
    message: /no ABI version/,
  });
  t.mock.method(WebAssembly, 'instantiate', async () => ({
    exports: { _initialize: () => {}, sotto_abi_version: () => abiVersion + 1 },
  }));
  await assert.rejects(Recommender.open(modelBytes), {
    code: 'wrong_module',
    message: new RegExp(`ABI version ${abiVersion + 1},`),
  });
});

test('a failed download is tried again the next time', async () => {
  await assert.rejects(Recommender.open(modelBytes, { wasm: `${origin}/later.wasm` }), { code: 'network' });
  answers['/later.wasm'] = answers['/module.wasm'];
  await (await Recommender.open(modelBytes, { wasm: `${origin}/later.wasm` })).close();
});

test('an AbortSignal stops opening, before and during', async () => {
  await assert.rejects(open('/model.safetensors', { signal: AbortSignal.abort() }), { code: 'interrupted' });
  const controller = new AbortController();
  const opening = open('/never', { signal: controller.signal });
  controller.abort();
  await assert.rejects(opening, { code: 'interrupted' });
});

test('without WebAssembly, opening fails with the reason before anything is fetched', async () => {
  const fetched = requests.length;
  const { WebAssembly: original } = globalThis;
  globalThis.WebAssembly = undefined;
  try {
    await assert.rejects(open('/model.safetensors'), { code: 'no_webassembly' });
  } finally {
    globalThis.WebAssembly = original;
  }
  assert.equal(requests.length, fetched);
});

test('the model is asked for before it is found out which module to load', async (t) => {
  const order = [];
  const {
    fetch: original,
    WebAssembly: { validate },
  } = globalThis;
  t.mock.method(globalThis, 'fetch', (...args) => {
    order.push('fetch');
    return original(...args);
  });
  t.mock.method(WebAssembly, 'validate', (bytes) => {
    order.push('validate');
    return validate(bytes);
  });
  const recommender = await open('/model.safetensors', { wasm: undefined });
  assert.equal(order[0], 'fetch');
  await recommender.close();
});

test('the module is the fastest that the engine runs', async (t) => {
  const tierHere = async () => new Engine(await instantiate(await compileModule()), modelBytes).tier;
  assert.match(await tierHere(), /^(simd128|relaxed-simd)$/); // Node 18 and newer have SIMD
  t.mock.method(WebAssembly, 'validate', () => false);
  assert.equal(await tierHere(), 'reference');
  const recommender = await Recommender.open(modelBytes);
  assert.equal(recommender.recommend(3).length, 3);
  await recommender.close();
});

test('relaxed SIMD is left alone where its products are wrong', async (t) => {
  t.mock.method(WebAssembly, 'validate', () => true);
  for (const [product, tier] of [
    [4 * -128 * 127, 'relaxed-simd'],
    [8 * -128 * 127, 'simd128'],
  ]) {
    t.mock.method(WebAssembly, 'Module', class {});
    t.mock.method(
      WebAssembly,
      'Instance',
      class {
        exports = { f: () => product };
      },
    );
    assert.equal(bestWasmTier(), tier);
  }
});

test('a Content-Security-Policy against WebAssembly is named', async (t) => {
  t.mock.method(WebAssembly, 'compile', async () => {
    throw new WebAssembly.CompileError("violates the following Content Security Policy directive: script-src 'self'");
  });
  await assert.rejects(Recommender.open(modelBytes, { wasm: new Uint8Array(wasmBytes) }), {
    code: 'no_webassembly',
    message: /wasm-unsafe-eval/,
  });
});
