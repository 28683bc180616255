// What a page downloads to sync, beyond the recommender: as a bundler makes it, compressed with brotli.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const dist = (file) => fileURLToPath(new URL(`../dist/${file}`, import.meta.url));
const limit = 15_000;

test('the WebAssembly module of private sync is at most 15 kB', (t) => {
  const size = brotliCompressSync(readFileSync(dist('sotto-sync.wasm'))).length;
  t.diagnostic(`${size} bytes`);
  assert.ok(size <= limit, `${size} bytes`);
});

test('the JavaScript of private sync, with HPKE, is at most 15 kB', async (t) => {
  const sizeOf = async (entry, external) => {
    const { outputFiles } = await build({
      entryPoints: [dist(entry)],
      bundle: true,
      minify: true,
      format: 'esm',
      write: false,
      target: 'es2022',
      external,
    });
    return brotliCompressSync(outputFiles[0].contents).length;
  };
  const sizes = [
    // Without what the recommender's own code has already, and without the worker's.
    await sizeOf('sync/index.js', [
      '../core_error.js',
      '../errors.js',
      '../indexed_db_table.js',
      '../module_loader.js',
      './report_maker.js',
    ]),
    await sizeOf('sync/report_worker.js', []),
  ];
  const size = sizes.reduce((sum, one) => sum + one, 0);
  t.diagnostic(`${sizes.join(' + ')} bytes`);
  assert.ok(size <= limit, `${size} bytes`);
});
