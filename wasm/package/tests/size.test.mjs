// What a page downloads to recommend: as a bundler makes it, compressed with brotli.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { wasmTiers } from '../dist/features.js';
import { modelBytes, wasmPath } from './support.mjs';

const dist = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sotto-size-'));
after(() => rmSync(folder, { recursive: true, force: true }));

for (const tier of wasmTiers) {
  test(`the module ${tier} is at most 60 kB`, (t) => {
    const size = brotliCompressSync(readFileSync(dist(`sotto-${tier}.wasm`))).length;
    t.diagnostic(`${size} bytes`);
    assert.ok(size <= 60_000, `${size} bytes`);
  });
}

/** Every file of a bundle says when it runs. */
const banner = 'globalThis.filesThatRan?.add(import.meta.url);\n';

/** Paths of the part that every visit loads while the model is on its way. */
const isOpened = (path) => basename(path).startsWith('opened_recommender-');

/**
 * A page's code as a bundler makes it: the files by name, without the banner; those that run before anything is asked; and
 * those that have run when a recommender is open. The bundler names parts after their paths too. All paths are relative to
 * the package, so that the names, and with them the sizes, are the same in every checkout.
 */
async function bundled(code) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: dist('.') },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    outdir: dist('bundle'), // nothing is written there
    banner: { js: banner.trimEnd() },
    outExtension: { '.js': '.mjs' },
    absWorkingDir: dist('.'),
    metafile: true,
    write: false,
    external: ['react'],
  });
  const files = new Map(
    outputFiles.map(({ path, text }) => {
      assert.ok(text.startsWith(banner));
      return [basename(path), text.slice(banner.length)];
    }),
  );
  const whatRuns = (runsToo) => {
    const names = new Set();
    const follow = (path) => {
      const output = metafile.outputs[path];
      if (output === undefined || names.has(basename(path))) return;
      names.add(basename(path));
      for (const { path, kind } of output.imports) if (kind === 'import-statement' || runsToo(path)) follow(path);
    };
    follow('bundle/stdin.mjs');
    return names;
  };
  return { files, start: whatRuns(() => false), opened: whatRuns(isOpened), outputFiles };
}

const sizeOf = ({ files }, names) =>
  [...names].reduce((sum, name) => sum + brotliCompressSync(files.get(name)).length, 0);

const shop = `export { Recommender } from './index.js';`;

for (const [what, code, limit, limitOfAll = limit] of [
  ['the package', shop, 6_800, 16_800],
  ['the package and its hooks for React', `export * from './react/index.js'; ${shop}`, 7_950, 17_950],
  ['the page’s side of a worker', `export { Recommender } from './worker/index.js';`, 3_800],
]) {
  const kilobytes = (bytes) => `${bytes / 1000} kB`;
  test(`a page’s JavaScript of ${what} is at most ${kilobytes(limit)}, and ${kilobytes(limitOfAll)} once it is open`, async (t) => {
    const bundle = await bundled(code);
    const size = sizeOf(bundle, bundle.start);
    const sizeOfAll = sizeOf(bundle, bundle.opened);
    t.diagnostic(`${size} and ${sizeOfAll} bytes`);
    assert.ok(size <= limit, `${size} bytes`);
    assert.ok(sizeOfAll <= limitOfAll, `${sizeOfAll} bytes`);
  });
}

test('a visit that opens, observes, recommends and stores needs no other JavaScript', async (t) => {
  const { files, start, opened, outputFiles } = await bundled(`import 'fake-indexeddb/auto';\n${shop}`);
  for (const { path, contents } of outputFiles) writeFileSync(join(folder, basename(path)), contents);
  const answers = {
    '/model': ['application/octet-stream', modelBytes],
    '/module': ['application/wasm', readFileSync(wasmPath)],
  };
  const server = createServer((request, response) => {
    const [type, body] = answers[request.url];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.closeAllConnections() ?? server.close());
  const origin = `http://127.0.0.1:${server.address().port}`;
  globalThis.filesThatRan = new Set();
  t.after(() => delete globalThis.filesThatRan);
  const { Recommender } = await import(pathToFileURL(join(folder, 'stdin.mjs')));
  const visit = async () => {
    const recommender = await Recommender.open(`${origin}/model`, { wasm: `${origin}/module` });
    const [{ id }] = recommender.recommend(5);
    recommender.observe(id);
    recommender.feedback(id, 'purchase');
    await recommender.saved();
    assert.match(recommender.storedIn, /^IndexedDB/);
    return recommender;
  };
  await (await visit()).close();
  const again = await visit();
  assert.equal(again.events, 2); // A purchase of the latest item is no event of its own.
  // The machine may be so slow that the model comes late.
  const isRehearsal = (name) => name.startsWith('rehearsal-');
  assert.ok([...files.keys()].some(isRehearsal));
  const ran = () =>
    [...globalThis.filesThatRan]
      .map((file) => basename(file))
      .filter((name) => !isRehearsal(name))
      .sort();
  assert.ok(start.size < opened.size);
  assert.deepEqual(ran(), [...opened].sort());
  await assert.rejects(again.restore(origin, 'no code'), { code: 'wrong_code' });
  assert.ok(ran().length > opened.size && ran().length < files.size, 'what is loaded later is seen');
  await again.close();
});

test('the one file for pages without a bundler is at most 22.5 kB', (t) => {
  const size = brotliCompressSync(readFileSync(dist('sotto.min.js'))).length;
  t.diagnostic(`${size} bytes`);
  assert.ok(size <= 22_500, `${size} bytes`);
});
