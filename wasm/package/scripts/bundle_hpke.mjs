// Puts @hpke/core into dist/sync/hpke.js, and its licence beside the package's own. A worker without a bundler cannot
// import a package by its name, and so the package stays without dependencies.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const file = fileURLToPath(new URL('../dist/sync/hpke.js', import.meta.url));
const library = (name) => fileURLToPath(import.meta.resolve(name));
const { version } = JSON.parse(readFileSync(library('@hpke/core/package.json'), 'utf8'));
const licence = readFileSync(new URL('LICENSE', new URL(import.meta.resolve('@hpke/core/package.json'))), 'utf8');

// The library asks Node for "crypto" where there is no global one, which sotto/sync needs anyway. Bundlers for browsers
// stumble over that import.
const withoutNode = {
  name: 'without Node',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:)?crypto$/ }, () => ({ path: 'crypto', namespace: 'without Node' }));
    onLoad({ filter: /.*/, namespace: 'without Node' }, () => ({ contents: 'export const webcrypto = undefined;' }));
  },
};

await build({
  entryPoints: [file],
  outfile: file,
  allowOverwrite: true,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  plugins: [withoutNode],
  banner: { js: `/*! @hpke/core ${version} (MIT), see LICENSE-hpke */` },
});
writeFileSync(new URL('../LICENSE-hpke', import.meta.url), licence);
