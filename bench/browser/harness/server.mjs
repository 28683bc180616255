// The benchmark's own server: right content types, no compression for anybody, cross-origin isolation for a fine clock.
import { createReadStream, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { bundleFolder, here, modelFolder, moduleFolder, packageFolder } from '../places.mjs';

const roots = {
  '/bundles/': bundleFolder,
  '/models/': modelFolder,
  '/sotto/': packageFolder,
  '/modules/': moduleFolder,
  '/assets/': here('node_modules'),
};
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

/** The file behind an address, or undefined. */
export function fileBehind(address) {
  const { pathname } = new URL(address, 'http://localhost');
  const root = Object.keys(roots).find((prefix) => pathname.startsWith(prefix));
  if (root === undefined) return undefined;
  const file = normalize(join(roots[root], decodeURIComponent(pathname.slice(root.length))));
  const isInside = file.startsWith(roots[root] + sep);
  return isInside && statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

const page = (script) => `<!doctype html><meta charset="utf-8"><title></title><link rel="icon" href="data:,">
<script type="module" src="/bundles/${script}.js"></script>`;

export async function startServer() {
  const server = createServer((request, response) => {
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    const script = /^\/pages\/([\w.-]+)$/.exec(request.url)?.[1];
    if (script !== undefined) {
      response.setHeader('content-type', 'text/html');
      response.end(page(script));
      return;
    }
    const file = fileBehind(request.url);
    if (file === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    response.setHeader('content-length', statSync(file).size);
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return {
    page: (script) => `${origin}/pages/${script}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
