import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Recommender, SottoError } from 'sotto';
import { coreErrorCodes } from '../dist/abi.js';
import { coreError } from '../dist/core_error.js';
import { ids, modelBytes, modelWith } from './support.mjs';

const repository = new URL('../../../', import.meta.url);

test('the codes of the core are those of the C++ source, number by number', () => {
  const source = readFileSync(new URL('src/sotto/base/result.hpp', repository), 'utf8');
  const declared = [...source.matchAll(/^ {2}(\w+) = (\d+),/gm)].map(([, name, number]) => [Number(number), name]);
  assert.deepEqual(
    declared,
    coreErrorCodes.map((name, index) => [index + 1, name]),
  );
});

test('docs/errors.md explains every code', () => {
  const documented = readFileSync(new URL('docs/errors.md', repository), 'utf8');
  const declared = readFileSync(new URL('wasm/package/dist/errors.d.ts', repository), 'utf8');
  const codes = new Set([...coreErrorCodes, ...[...declared.matchAll(/'([a-z_]+)'/g)].map(([, code]) => code)]);
  for (const code of codes) assert.ok(documented.includes(`\`${code}\``), code);
});

test('an error of the core has its code, and a sentence with the detail', () => {
  const error = coreError(-4, "tensor 'head' has shape [4], expected [8]");
  assert.equal(error.code, 'wrong_shape');
  assert.equal(error.message, "Tensor 'head' has shape [4], expected [8].");
  assert.ok(error instanceof SottoError && error instanceof Error);
  assert.equal(coreError(-99, '').code, 'wrong_module');
});

for (const [what, bytes] of [
  ['nothing', new Uint8Array()],
  ['a web page', new TextEncoder().encode('<!doctype html><title>Not found</title>')],
  ['half a model', modelBytes.subarray(0, modelBytes.length >> 1)],
]) {
  test(`${what} instead of a model is refused with a sentence`, async () => {
    await assert.rejects(Recommender.open(bytes), (error) => {
      assert.ok(error instanceof SottoError);
      assert.ok(coreErrorCodes.includes(error.code), error.code);
      assert.match(error.message, /^[A-Z].*\.$/s);
      return true;
    });
  });
}

test('an unknown item is refused by name, and nothing changes', async () => {
  const recommender = await Recommender.open(modelBytes);
  assert.throws(() => recommender.observe('no such item'), { code: 'unknown_item', message: /no such item/ });
  assert.equal(recommender.events, 0);
  assert.deepEqual(ids(recommender.history), []);
  await recommender.close();
});

test('a k that cannot be meant is refused', async () => {
  const recommender = await Recommender.open(modelBytes);
  for (const k of [0, -1, 1.5, NaN, Infinity]) {
    assert.throws(() => recommender.recommend(k), { code: 'invalid_argument' });
  }
  await recommender.close();
});

test('after close everything that needs the model throws "closed"; closing twice is fine', async () => {
  const recommender = await Recommender.open(modelBytes);
  const [{ id }] = recommender.catalogue;
  await recommender.close();
  await recommender.close();
  const closed = { code: 'closed' };
  assert.throws(() => recommender.observe(id), closed);
  assert.throws(() => recommender.recommend(1), closed);
  assert.throws(() => recommender.exportState(), closed);
  assert.throws(() => recommender.importState(new Uint8Array()), closed);
  assert.throws(() => recommender.events, closed);
  await assert.rejects(recommender.forget(), closed);
});

test('an unsound catalogue is refused with its column', async () => {
  const cases = [
    [(catalogue) => catalogue.item_id.pop(), /item_id is not an array of \d+ strings/],
    [(catalogue) => (catalogue.title[3] = 7), /title is not an array/],
    [
      (catalogue) => (catalogue.price = catalogue.item_id.map(() => 'cheap')),
      /price is not an array of \d+ numbers or nulls/,
    ],
    [(catalogue) => (catalogue.currency = 5), /currency is not a string/],
  ];
  for (const [damage, message] of cases) {
    const model = modelWith(({ catalogue }) => damage(catalogue));
    await assert.rejects(Recommender.open(model), { code: 'malformed', message });
  }
});
