// Each module gives the bytes that the reference kernels gave natively: under Node, in Chromium and in Firefox.
import assert from 'node:assert/strict';
import { createReadStream, existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Engine } from '../../wasm/package/dist/engine.js';
import { wasmTiers } from '../../wasm/package/dist/features.js';
import { compileModule, instantiate } from '../../wasm/package/dist/module_loader.js';
import { inEachBrowser } from './browsers.mjs';
import { replaySessions } from './replay_sessions.mjs';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = process.env.SOTTO_EQUALITY_DIR ?? here('../../build/release/equality');
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => extname(file) === '.sessions')
      .map((file) => file.slice(0, -'.sessions'.length))
  : [];

test('there are sessions to replay', () => {
  assert.notDeepEqual(names, [], `${folder} has none: run the test equality_native first`);
});

// Node has relaxed SIMD from version 21 on; the browsers run all three.
const tierRunsHere = (tier) => WebAssembly.validate(readFileSync(here(`../../wasm/package/dist/sotto-${tier}.wasm`)));

for (const tier of wasmTiers) {
  for (const name of names) {
    test(`Node, ${tier}: ${name}`, { skip: !tierRunsHere(tier) && 'this Node does not run it' }, async () => {
      const model = readFileSync(join(folder, `${name}.safetensors`));
      const module = here(`../../wasm/package/dist/sotto-${tier}.wasm`);
      const engine = new Engine(await instantiate(await compileModule(module)), model);
      assert.equal(engine.tier, tier === 'scalar' ? 'reference' : tier);
      assert.ok(replaySessions(engine, readFileSync(join(folder, `${name}.sessions`))) > 0);
    });
  }
}

const roots = { '/package/': here('../../wasm/package/dist/'), '/sessions/': folder, '/tests/': here('./') };
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };
const server = createServer((request, response) => {
  const root = Object.keys(roots).find((prefix) => request.url.startsWith(prefix));
  response.setHeader('content-type', types[extname(request.url)] ?? 'text/html');
  if (root === undefined) response.end('<!doctype html><title>Equality</title>');
  else createReadStream(join(roots[root], request.url.slice(root.length))).pipe(response);
});
before(() => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve)));
after(() => server.close());

inEachBrowser(({ launch }) => {
  let browser;
  let page;
  before(async () => {
    browser = await launch();
    page = await (await browser.newContext()).newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
  });
  after(() => browser?.close());

  test('it is given the fastest module, and runs all', async () => {
    const [best, ...runs] = await page.evaluate(async () => {
      const { bestWasmTier, wasmTiers } = await import('/package/features.js');
      const bytes = (tier) => fetch(`/package/sotto-${tier}.wasm`).then((response) => response.arrayBuffer());
      const runs = await Promise.all(wasmTiers.map(async (tier) => WebAssembly.validate(await bytes(tier))));
      return [bestWasmTier(), ...runs];
    });
    assert.equal(best, 'relaxed-simd');
    assert.deepEqual(runs, [true, true, true]);
  });

  for (const tier of wasmTiers) {
    for (const name of names) {
      test(`${tier}: ${name}`, async () => {
        const outcome = await page.evaluate(
          async ([tier, name]) => {
            const [{ Engine }, { compileModule, instantiate }, { replaySessions }] = await Promise.all([
              import('/package/engine.js'),
              import('/package/module_loader.js'),
              import('/tests/replay_sessions.mjs'),
            ]);
            const file = async (extension) =>
              new Uint8Array(await (await fetch(`/sessions/${name}.${extension}`)).arrayBuffer());
            const module = await compileModule(`/package/sotto-${tier}.wasm`);
            const engine = new Engine(await instantiate(module), await file('safetensors'));
            return { tier: engine.tier, sessions: replaySessions(engine, await file('sessions')) };
          },
          [tier, name],
        );
        assert.equal(outcome.tier, tier === 'scalar' ? 'reference' : tier);
        assert.ok(outcome.sessions > 0);
      });
    }
  }
});
