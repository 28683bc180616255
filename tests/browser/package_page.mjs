// An empty page on a free port of this machine that can import the package, as it was built, and fetch the model, another
// version of it, and another model.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelWith, otherIds, otherVersion } from '../../wasm/package/tests/support.mjs';

/** SOTTO_PACKAGE_DIST names another build of the package, such as an older one. */
const dist = process.env.SOTTO_PACKAGE_DIST ?? fileURLToPath(new URL('../../wasm/package/dist/', import.meta.url));
export const modelPath =
  process.env.SOTTO_TEST_MODEL ??
  fileURLToPath(new URL('../../models/online-retail/model.safetensors', import.meta.url));
const lineage =
  (name, also = () => {}) =>
  (parts) => {
    parts.spec.lineage = name;
    also(parts);
  };
/** A new version of the model, a model of other items, and two models of the same items that state a lineage. */
const variants = {
  '/shop.safetensors': modelWith(lineage('shop')),
  '/shop-v2.safetensors': modelWith(lineage('shop', otherVersion)),
  '/outlet.safetensors': modelWith(lineage('outlet')),
  '/v2.safetensors': modelWith(otherVersion),
  '/other.safetensors': modelWith(otherIds),
};
/**
 * In a page: the browser erases what the site stores. Chromium sometimes holds the answer for minutes, and sometimes gives
 * it before the databases are gone: what counts is that they are gone.
 */
export async function clearSite() {
  const isThere = async () => (await indexedDB.databases()).some(({ name }) => name.startsWith('sotto'));
  for (let attempt = 1; attempt <= 3; ++attempt) {
    await fetch('/clear', { signal: AbortSignal.timeout(30_000) })
      .then((response) => response.text())
      .catch(() => {});
    for (let left = 200; left > 0; --left) {
      if (!(await isThere())) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  throw new Error("the browser does not erase the site's data");
}

export const hanging = Symbol('no answer');
const types = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/**
 * The package is at /package/index.js, the model at /model.safetensors, and the variants beside it.
 * /clear has the browser erase what the origin stores. The empty page is everywhere else. `more` has texts for other
 * paths, or functions of a request's parameters that give one; a path of `hanging`, and what is below it, is never
 * answered.
 */
export async function servePackage(more = {}) {
  const hangs = Object.keys(more).filter((path) => more[path] === hanging);
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    if (hangs.some((path) => pathname === path || pathname.startsWith(`${path}/`))) return;
    response.setHeader('content-type', types[extname(pathname)] ?? 'text/html');
    // One server serves one build.
    if (extname(pathname) !== '') response.setHeader('cache-control', 'max-age=3600');
    if (typeof more[pathname] === 'function') response.end(more[pathname](searchParams));
    else if (more[pathname] !== undefined) response.end(more[pathname]);
    else if (pathname.startsWith('/package/'))
      createReadStream(join(dist, pathname.slice('/package/'.length))).pipe(response);
    else if (pathname === '/model.safetensors') createReadStream(modelPath).pipe(response);
    else if (pathname in variants) response.end(variants[pathname]);
    else if (pathname === '/clear') response.setHeader('clear-site-data', '"storage"').end();
    else response.end('<!doctype html><link rel="icon" href="data:,"><title>Sotto</title>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
