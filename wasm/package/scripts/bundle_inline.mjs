// Makes dist/inline.js one file, which imports nothing and reads nothing.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const file = fileURLToPath(new URL('../dist/inline.js', import.meta.url));
await build({
  entryPoints: [file],
  outfile: file,
  allowOverwrite: true,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  sourcesContent: false, // the package has the sources
  banner: { js: '/*! sotto (Apache-2.0), see LICENSE */' },
  // Bundlers would follow the addresses of the modules beside the file.
  define: { 'import.meta.url': 'undefined' },
});
