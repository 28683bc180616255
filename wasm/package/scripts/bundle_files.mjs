// What is one file each: dist/sotto.min.js, the package for pages without a bundler, and the worker of sotto/worker. The
// modules stay beside them.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const file = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));

const oneFile = (from, to, options) =>
  build({
    entryPoints: [file(from)],
    outfile: file(to),
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false, // the package has the sources
    banner: { js: '/*! sotto (Apache-2.0), see LICENSE */' },
    ...options,
  });

await oneFile('index.js', 'sotto.min.js', { minify: true });
// Bundlers make it smaller, and follow the comments in it.
await oneFile('worker_thread.js', 'worker_thread.js', {});
