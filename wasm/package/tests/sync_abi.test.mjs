// The TypeScript surface of sotto-sync.wasm against its header, and the module's exports against both.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as abi from '../dist/sync/abi.js';

const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const header = read('../../sync/sotto_sync.h').replace(/\/\*.*?\*\//gs, '');
const source = read('../src/sync/abi.ts').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
const camelCase = (name) => name.toLowerCase().replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

const functionsOfHeader = [...header.matchAll(/SOTTO_SYNC_API ([^;(]*?[\s*])(sotto_sync_\w+)\(([^)]*)\);/g)].map(
  ([, result, name, parameters]) => {
    const names =
      parameters.trim() === 'void' ? [] : parameters.split(',').map((one) => camelCase(one.match(/(\w+)\s*$/)[1]));
    return `${name}(${names.map((one) => `${one}: number`).join(', ')}): ${result.trim() === 'void' ? 'void' : 'number'}`;
  },
);

test('functions have the names, parameters and results of the header', () => {
  const functions = [...source.matchAll(/^ {2}(sotto_\w+)\(([^)]*)\): (\w+);/gm)].map(
    ([, name, parameters, result]) =>
      `${name}(${parameters.trim().replace(/,$/, '').split(/,\s*/).filter(Boolean).join(', ')}): ${result}`,
  );
  assert.equal(functionsOfHeader.length, header.match(/SOTTO_SYNC_API (?!__)\w/g).length);
  assert.deepEqual(functions, functionsOfHeader);
});

test('version and sizes are those of the header', () => {
  const defined = [...header.matchAll(/^#define SOTTO_SYNC_(\w+) (\d+)$/gm)].map(([, name, value]) => [
    camelCase(name),
    Number(value),
  ]);
  assert.deepEqual({ abiVersion: abi.syncAbiVersion, ...abi.syncLimits }, Object.fromEntries(defined));
});

test('the module exports the functions of the header and no others, and imports nothing', async () => {
  const module = await WebAssembly.compile(
    readFileSync(fileURLToPath(new URL('../dist/sotto-sync.wasm', import.meta.url))),
  );
  const exported = WebAssembly.Module.exports(module)
    .filter(({ kind, name }) => kind === 'function' && name.startsWith('sotto_'))
    .map(({ name }) => name);
  assert.deepEqual(exported.sort(), functionsOfHeader.map((one) => one.split('(')[0]).sort());
  assert.deepEqual(WebAssembly.Module.imports(module), []);
});
