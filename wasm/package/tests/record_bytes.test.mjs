import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recordFromBytes, recordToBytes } from '../dist/record_bytes.js';

for (const [what, record] of [
  ['nothing', undefined],
  ['null', null],
  ['a text with half a surrogate pair', 'ä\ud800\0'],
  ['numbers that JSON does not have', [NaN, Infinity, -Infinity, -0, 0, 5e-324, 2 ** 53]],
  ['no bytes, and many', [new Uint8Array(), new Uint8Array(1000).map((_, index) => index), new Uint8Array([0])]],
  [
    'fields with the names that the layout uses',
    { fields: { bytes: 3 }, bytes: { number: 'NaN' }, undefined: true, number: '1' },
  ],
  ['a field called __proto__', JSON.parse('{"__proto__": {"a": 1}}')],
  ['fields without a value', { a: undefined, b: [undefined, null] }],
  ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
]) {
  test(`${what}: the same comes back`, () => {
    const back = recordFromBytes(recordToBytes(record));
    assert.deepEqual(back, structuredClone(record));
  });
}

test('a part of a larger buffer is taken as that part', () => {
  const part = new Uint8Array([1, 2, 3, 4]).subarray(1, 3);
  assert.deepEqual(recordFromBytes(recordToBytes({ part })), { part: new Uint8Array([2, 3]) });
  const bytes = recordToBytes('text');
  const padded = new Uint8Array(bytes.length + 6);
  padded.set(bytes, 3);
  assert.equal(recordFromBytes(padded.subarray(3, -3)), 'text');
});

for (const value of [new Map(), new Date(0), 1n, () => 0, Symbol('s'), new ArrayBuffer(1), new Uint16Array(1), /x/]) {
  test(`${Object.prototype.toString.call(value)} is refused, not lost`, () => {
    assert.throws(() => recordToBytes({ inside: [value] }), { name: 'SottoError', code: 'invalid_argument' });
  });
}

test('bytes that are cut anywhere, or go on, are refused', () => {
  const bytes = recordToBytes({ text: 'ä', bytes: new Uint8Array([1, 2, 3]) });
  for (let size = 0; size < bytes.length; size++) {
    assert.throws(() => recordFromBytes(bytes.subarray(0, size)), { code: 'malformed' }, `${size} bytes`);
  }
  assert.throws(() => recordFromBytes(new Uint8Array([...bytes, 0])), { code: 'malformed' });
});
