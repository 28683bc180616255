// What a page downloads to run a contender: JavaScript and WebAssembly, without the model.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { fileBehind } from './harness/server.mjs';
import { here } from './places.mjs';

const compress = promisify(brotliCompress);
// Compressing the peers' modules as well as can be takes half a minute, and they do not change.
const cacheFolder = here('../../build/bench-browser/brotli-sizes');

async function brotliSize(bytes) {
  const file = join(cacheFolder, createHash('sha256').update(bytes).digest('hex'));
  if (existsSync(file)) return Number(readFileSync(file, 'utf8'));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const { length } = await compress(bytes, { params });
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(file, String(length));
  return length;
}

/** Of the addresses that a page requested. */
export async function downloadSize(addresses) {
  const files = [...new Set(addresses)].map(fileBehind).filter((file) => /\.(m?js|wasm)$/.test(file ?? ''));
  const total = { raw: 0, brotli: 0 };
  for (const file of files) {
    const bytes = readFileSync(file);
    total.raw += bytes.length;
    total.brotli += await brotliSize(bytes);
  }
  return total;
}
