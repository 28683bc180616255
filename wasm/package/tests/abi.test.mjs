// The TypeScript surface against the C header, name by name, and the modules' exports against both.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import * as abi from '../dist/abi.js';
import { wasmTiers } from '../dist/features.js';

const read = (path) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
const header = read('../../../src/sotto/abi/sotto.h').replace(/\/\*.*?\*\//gs, '');
const source = read('../src/abi.ts').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');

const camelCase = (name) => name.toLowerCase().replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** The enumerators of a C enum: name → number. */
function enumOf(name) {
  const body = header.match(new RegExp(`typedef enum ${name} \\{([^}]*)\\} ${name};`))?.[1];
  assert.ok(body, `sotto.h has no enum ${name}`);
  return new Map(
    [...body.matchAll(/SOTTO_(\w+) = (-?\d+)/g)].map(([, key, number]) => [key.toLowerCase(), Number(number)]),
  );
}

/** Every struct of the header as a 32-bit machine lays it out: name → { size, field: offset … }. */
function recordsOfHeader() {
  const sizeOf = (type) => {
    if (type.endsWith('*') || /^(u?int32_t|float)$/.test(type)) return 4;
    if (/^(u?int64_t|double)$/.test(type)) return 8;
    throw new Error(`sotto.h has a field of the type ${type}, whose size this test does not know`);
  };
  const structs = [...header.matchAll(/typedef struct (\w+) \{([^}]*)\} \1;/g)];
  return structs.map(([, name, body]) => {
    const record = {};
    let end = 0;
    let widest = 1;
    for (const [, type, field] of body.matchAll(/([\w ]+?\s?\*?) ?\b(\w+);/g)) {
      const size = sizeOf(type.trim());
      widest = Math.max(widest, size);
      record[field] = Math.ceil(end / size) * size;
      end = record[field] + size;
    }
    return [name, { size: Math.ceil(end / widest) * widest, ...record }];
  });
}

/** Every function of the header: name → its signature as TypeScript writes it. */
const functionsOfHeader = new Map(
  [...header.matchAll(/SOTTO_API ([^;(]*?[\s*])(sotto_\w+)\(([^)]*)\);/g)].map(([, result, name, parameters]) => {
    const names =
      parameters.trim() === 'void' ? [] : parameters.split(',').map((one) => camelCase(one.match(/(\w+)\s*$/)[1]));
    const returned = result.trim() === 'void' ? 'void' : 'number';
    return [name, `(${names.map((one) => `${one}: number`).join(', ')}): ${returned}`];
  }),
);

/** The same of the interface in TypeScript. */
const functionsOfInterface = new Map(
  [...source.matchAll(/^ {2}(sotto_\w+)\(([^)]*)\): (\w+);/gm)].map(([, name, parameters, result]) => [
    name,
    `(${parameters.trim().replace(/,$/, '').split(/,\s*/).join(', ')}): ${result}`,
  ]),
);

function assertSameEntries(actual, expected, what) {
  for (const [name, value] of expected)
    assert.deepEqual(actual.get(name), value, `${what} ${name}: abi.ts against sotto.h`);
  for (const name of actual.keys()) assert.ok(expected.has(name), `${what} ${name} of abi.ts is not in sotto.h`);
}

test('the header is read whole', () => {
  assert.equal(functionsOfHeader.size, header.match(/SOTTO_API (?!__)\w/g).length);
  assert.ok(functionsOfHeader.size > 30);
});

test('functions have the names, parameters and results of the header', () => {
  assertSameEntries(functionsOfInterface, functionsOfHeader, 'function');
});

test('error codes, kinds of feedback and tiers have the numbers of the header', () => {
  const numbered = (names, numberAt) => new Map(names.map((name, place) => [name, numberAt(place)]));
  const errors = numbered(abi.coreErrorCodes, (place) => -place - 1).set('ok', 0);
  assertSameEntries(errors, enumOf('sotto_error'), 'error');
  assertSameEntries(
    numbered(abi.feedbackKinds, (place) => place),
    enumOf('sotto_feedback_kind'),
    'kind of feedback',
  );
  const tiers = abi.engineTiers.map((name) => name.replace('-', '_'));
  assertSameEntries(
    numbered(tiers, (place) => place),
    enumOf('sotto_tier'),
    'tier',
  );
});

test('version and limits are those of the header', () => {
  const defined = [...header.matchAll(/^#define SOTTO_(\w+) (\d+)$/gm)].map(([, name, value]) => [
    camelCase(name),
    Number(value),
  ]);
  assertSameEntries(
    new Map(Object.entries({ abiVersion: abi.abiVersion, ...abi.limits })),
    new Map(defined),
    'constant',
  );
});

test('records have the sizes and fields of the header', () => {
  assertSameEntries(new Map(Object.entries(abi.records)), new Map(recordsOfHeader()), 'record');
});

/** Emscripten's start and stack functions leave every module. */
const isOfRuntime = (name) => name.startsWith('_') || name.startsWith('emscripten_');

for (const tier of wasmTiers) {
  const bytes = readFileSync(fileURLToPath(new URL(`../dist/sotto-${tier}.wasm`, import.meta.url)));
  const skip = !WebAssembly.validate(bytes) && 'this Node does not run it';
  test(`the ${tier} module exports the functions of the header and no others`, { skip }, async () => {
    const exported = WebAssembly.Module.exports(await WebAssembly.compile(bytes))
      .filter(({ kind, name }) => kind === 'function' && !isOfRuntime(name))
      .map(({ name }) => name);
    assert.deepEqual(exported.sort(), [...functionsOfHeader.keys()].sort());
  });
}
