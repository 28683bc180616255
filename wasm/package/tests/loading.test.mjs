import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { runInNewContext } from 'node:vm';
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
  '/another-module.wasm': ['application/wasm', wasmBytes],
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
    message: /\/page\.wasm \(text\/html\) is a web page, not a WebAssembly module/,
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

test('the model and the module are asked for before the store is', async (t) => {
  const order = [];
  const { fetch: original } = globalThis;
  t.mock.method(globalThis, 'fetch', (address) => {
    order.push(String(address).slice(origin.length));
    return original(address);
  });
  const store = { load: async () => void order.push('the store'), save: async () => {}, erase: async () => {} };
  const recommender = await open('/model.safetensors', { wasm: new URL(`${origin}/another-module.wasm`), store });
  assert.deepEqual(order.slice(0, 3), ['/model.safetensors', '/another-module.wasm', 'the store']);
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

// What each engine throws where a policy forbids to compile; the last one's is thrown by workerd.
for (const [engine, error] of [
  [
    'Chromium',
    new WebAssembly.CompileError("violates the following Content Security Policy directive: script-src 'self'"),
  ],
  ['Firefox', new WebAssembly.CompileError('call to WebAssembly.Module() blocked by CSP')],
  ['WebKit', new EvalError('Refused to create a WebAssembly object')],
  ['workerd', new WebAssembly.CompileError('Wasm code generation disallowed by embedder')],
]) {
  test(`a policy against WebAssembly has one answer, here with the words of ${engine}`, async (t) => {
    const fetched = requests.length;
    const refuse = () => {
      throw error;
    };
    const compiled = await WebAssembly.compile(wasmBytes);
    t.mock.method(WebAssembly, 'Module', refuse);
    t.mock.method(WebAssembly, 'compile', async () => refuse());
    for (const wasm of [undefined, new Uint8Array(wasmBytes)]) {
      await assert.rejects(open('/model.safetensors', { wasm }), {
        code: 'no_webassembly',
        message: /wasm-unsafe-eval/,
      });
    }
    assert.equal(requests.length, fetched, 'nothing is downloaded in vain');
    await (await Recommender.open(modelBytes, { wasm: compiled })).close();
  });
}

for (const type of [
  'application/wasm; charset=utf-8',
  'APPLICATION/WASM',
  'application/octet-stream',
  'text/html',
  '',
]) {
  test(`a module that is sent as “${type}” is compiled`, async () => {
    const path = `/typed-${encodeURIComponent(type)}.wasm`;
    answers[path] = [type, wasmBytes];
    await (await Recommender.open(modelBytes, { wasm: origin + path })).close();
  });
}

test('a module that the browser does not compile while it streams is compiled from its bytes', async (t) => {
  t.mock.method(WebAssembly, 'compileStreaming', async (response) => {
    await response.arrayBuffer();
    throw new TypeError('Incorrect response MIME type');
  });
  answers['/not-streamed.wasm'] = ['application/wasm', wasmBytes];
  await (await Recommender.open(modelBytes, { wasm: `${origin}/not-streamed.wasm` })).close();
});

for (const [name, body] of [
  ['a web page', '\n<!doctype html><title>Shop</title>'],
  ['a web page', '\ufeff<html>'],
  ['a gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0)],
  ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n'],
  ['JSON', '{"error": "no such file"}'],
  ['empty', ''],
]) {
  test(`${name} instead of the model or the module is named, with its address (${JSON.stringify(body).length})`, async () => {
    answers['/something'] = ['text/html; charset=utf-8', body];
    const message = new RegExp(`${origin}/something \\(text/html; charset=utf-8\\) is ${name}`);
    await assert.rejects(open('/something'), { code: 'malformed', message });
    await assert.rejects(Recommender.open(modelBytes, { wasm: `${origin}/something` }), {
      code: 'wrong_module',
      message,
    });
  });
}

test("model and module in each other's place are named", async () => {
  await assert.rejects(Recommender.open(wasmBytes), { code: 'malformed', message: /is a WebAssembly module/ });
  await assert.rejects(Recommender.open(modelBytes, { wasm: modelBytes }), {
    code: 'wrong_module',
    message: /is a safetensors file/,
  });
});

/** What never settles, in each place that open waits for. */
const never = new Promise(() => {});
const silentStore = { description: 'silent', load: () => never, save: () => never, erase: () => never };
for (const [what, source, options] of [
  ['the model, not answered', () => `${origin}/never`, {}],
  ['the model, given as a promise', () => never, {}],
  ['the body of the model', () => new Response(new ReadableStream({})), {}],
  ['the module, not answered', () => modelBytes, () => ({ wasm: `${origin}/never` })],
  ['the module, given as a promise', () => modelBytes, () => ({ wasm: never })],
  ['the store', () => modelBytes, () => ({ store: silentStore })],
]) {
  test(`an AbortSignal ends the wait for ${what}`, async () => {
    const controller = new AbortController();
    const more = typeof options === 'function' ? options() : options;
    const opening = Recommender.open(source(), { ...more, signal: controller.signal });
    setTimeout(() => controller.abort('enough'), 20);
    await assert.rejects(opening, { code: 'interrupted', cause: 'enough' });
  });
}

test('an AbortSignal ends the wait for the compiler', async (t) => {
  t.mock.method(WebAssembly, 'compile', () => never);
  const opening = Recommender.open(modelBytes, { wasm: new Uint8Array(wasmBytes), signal: AbortSignal.timeout(20) });
  await assert.rejects(opening, { code: 'interrupted' });
});

test('a source may be a response, a Blob, a promise of either, and a view of shared memory', async () => {
  const shared = new Uint8Array(new SharedArrayBuffer(modelBytes.length));
  shared.set(modelBytes);
  const sources = [
    () => fetch(`${origin}/model.safetensors`),
    async () => new Blob([modelBytes]),
    () => new Blob([modelBytes]),
    () => shared,
    () => shared.buffer,
    () => Buffer.from(modelBytes),
    () => new DataView(modelBytes.buffer, modelBytes.byteOffset, modelBytes.byteLength),
    () => runInNewContext('Uint8Array.from(bytes)', { bytes: modelBytes }),
    () => runInNewContext('Uint8Array.from(bytes).buffer', { bytes: modelBytes }),
  ];
  for (const source of sources) await (await Recommender.open(source())).close();
  const modules = [
    () => fetch(`${origin}/module.wasm`),
    () => WebAssembly.compile(wasmBytes),
    () => runInNewContext('Uint8Array.from(bytes)', { bytes: wasmBytes }),
    () => runInNewContext('new WebAssembly.Module(bytes)', { bytes: wasmBytes }),
  ];
  for (const wasm of modules) await (await Recommender.open(modelBytes, { wasm: wasm() })).close();
});

test('an answer that was an error, or that was read already, is refused', async () => {
  await assert.rejects(Recommender.open(fetch(`${origin}/gone`)), { code: 'network', message: /404.*\/gone/ });
  const read = await fetch(`${origin}/model.safetensors`);
  await read.arrayBuffer();
  await assert.rejects(Recommender.open(read), { code: 'invalid_argument', message: /open\(source\)/ });
});
