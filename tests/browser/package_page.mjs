// An empty page on a free port of this machine that can import the package, as it was built, and fetch the model, another
// version of it, and another model.
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelWith } from '../../wasm/package/tests/support.mjs';

const dist = fileURLToPath(new URL('../../wasm/package/dist/', import.meta.url));
export const modelPath =
  process.env.SOTTO_TEST_MODEL ??
  fileURLToPath(new URL('../../models/online-retail/model.safetensors', import.meta.url));
/** A new version of the model, and a model of other items. */
const variants = {
  '/v2.safetensors': modelWith(({ spec }) => (spec.attribution += ' Another version.')),
  '/other.safetensors': modelWith(({ catalogue }) => {
    catalogue.item_id = catalogue.item_id.map((id) => `other ${id}`);
  }),
};
export const hanging = Symbol('no answer');
const types = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/**
 * The package is at /package/index.js, the model at /model.safetensors, beside it /v2.safetensors and /other.safetensors.
 * /clear has the browser erase what the origin stores. The empty page is everywhere else. `more` has texts for other
 * paths; a path of `hanging`, and whatever is below it, is never answered.
 */
export async function servePackage(more = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (Object.keys(more).some((path) => more[path] === hanging && `${pathname}/`.startsWith(`${path}/`))) return;
    response.setHeader('content-type', types[extname(pathname)] ?? 'text/html');
    if (more[pathname] !== undefined) response.end(more[pathname]);
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
