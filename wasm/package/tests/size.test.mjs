// What a page downloads to recommend: as a bundler makes it, compressed with brotli.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { wasmTiers } from '../dist/features.js';

const dist = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));

for (const tier of wasmTiers) {
  test(`the module ${tier} is at most 60 kB`, (t) => {
    const size = brotliCompressSync(readFileSync(dist(`sotto-${tier}.wasm`))).length;
    t.diagnostic(`${size} bytes`);
    assert.ok(size <= 60_000, `${size} bytes`);
  });
}

/** The JavaScript that runs before anything is asked for: the entry, and what it imports. */
async function startOf(code) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: dist('.') },
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    outdir: dist('.'),
    write: false,
    metafile: true,
    external: ['react'],
  });
  const sizes = new Map(
    Object.entries(metafile.outputs).map(([name, output], at) => [name, { output, file: outputFiles[at].contents }]),
  );
  const needed = new Set();
  const follow = (name) => {
    if (needed.has(name) || !sizes.has(name)) return;
    needed.add(name);
    for (const { path, kind } of sizes.get(name).output.imports) if (kind === 'import-statement') follow(path);
  };
  follow([...sizes].find(([, { output }]) => output.entryPoint !== undefined)[0]);
  return [...needed].reduce((sum, name) => sum + brotliCompressSync(sizes.get(name).file).length, 0);
}

for (const [what, code, limit] of [
  // The goal is 9 kB.
  ['the package', `export { Recommender } from './index.js';`, 17_000],
  [
    'the package and its hooks for React',
    `export * from './react/index.js'; export { Recommender } from './index.js';`,
    18_000,
  ],
  ['the page’s side of a worker', `export { Recommender } from './worker/index.js';`, 4_000],
]) {
  test(`the JavaScript of ${what} is at most ${limit / 1000} kB`, async (t) => {
    const size = await startOf(code);
    t.diagnostic(`${size} bytes`);
    assert.ok(size <= limit, `${size} bytes`);
  });
}

test('the one file for pages without a bundler is at most 20 kB', (t) => {
  const size = brotliCompressSync(readFileSync(dist('sotto.min.js'))).length;
  t.diagnostic(`${size} bytes`);
  assert.ok(size <= 20_000, `${size} bytes`);
});
