import assert from 'node:assert/strict';
import { test } from 'node:test';
import 'fake-indexeddb/auto';
import { indexedDbStore } from 'sotto';

for (const [what, change] of [
  [
    'throws',
    () => {
      throw new RangeError('no such change');
    },
  ],
  ['gives what cannot be stored', () => () => {}],
]) {
  test(`a change that ${what} is made once, and the record stays`, async () => {
    const store = indexedDbStore(what);
    await store.save('a', { clicks: 1 });
    let calls = 0;
    const update = store.update('a', (found) => {
      ++calls;
      return change(found);
    });
    await assert.rejects(update, { name: what === 'throws' ? 'RangeError' : 'DataCloneError' });
    assert.equal(calls, 1);
    assert.deepEqual(await store.load('a'), { clicks: 1 });
    await store.update('a', () => ({ clicks: 2 }));
    assert.deepEqual(await store.load('a'), { clicks: 2 });
  });
}
