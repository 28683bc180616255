import assert from 'node:assert/strict';
import { test } from 'node:test';
import 'fake-indexeddb/auto';
import { indexedDbStore } from 'sotto';
import { indexedDbTable } from '../dist/indexed_db_table.js';

let names = 0;
const freshName = () => `table ${names++}`;

const get = (key) => (records, answer) => {
  const reading = records.get(key);
  reading.onsuccess = () => answer(reading.result);
};
const put = (key, record) => (records) => records.put(record, key);

/** Makes a database with a record, so that it is not a new one. */
async function madeDatabase() {
  const name = freshName();
  await indexedDbTable(name, 'records')('readwrite', put('a', 1));
  return name;
}

/** The modes of the transactions that begin during the test, in their order. */
function countTransactions(t) {
  const modes = [];
  const { transaction } = IDBDatabase.prototype;
  t.mock.method(IDBDatabase.prototype, 'transaction', function (names, mode, options) {
    modes.push(mode);
    return transaction.call(this, names, mode, options);
  });
  return modes;
}

test('what is read at the same time shares a transaction', async (t) => {
  const transact = indexedDbTable(await madeDatabase(), 'records');
  const modes = countTransactions(t);
  const read = (key) => transact('readonly', get(key));
  // Before the connection is there, and when it is.
  for (let round = 0; round < 2; ++round) {
    assert.deepEqual(await Promise.all([read('a'), read('b'), read('a')]), [1, undefined, 1]);
  }
  assert.deepEqual(modes, ['readonly', 'readonly']);
  await read('a');
  assert.equal(modes.length, 3);
});

test('a reading sees every writing that was asked for before it, and none after', async () => {
  for (const name of [await madeDatabase(), freshName()]) {
    const transact = indexedDbTable(name, 'records');
    const before = await transact('readonly', get('b'));
    const [, during, , after] = await Promise.all([
      transact('readwrite', put('b', 2)),
      transact('readonly', get('b')),
      transact('readwrite', put('b', 3)),
      transact('readonly', get('b')),
    ]);
    assert.deepEqual([before, during, after], [undefined, 2, 3]);
  }
});

test('a new database is known to be empty once it is open, without being read', async (t) => {
  const { open } = indexedDB;
  let isOpen = false;
  t.mock.method(indexedDB, 'open', (...given) => {
    const request = open.apply(indexedDB, given);
    request.addEventListener('success', () => (isOpen = true));
    return request;
  });
  const transact = indexedDbTable(freshName(), 'records');
  assert.equal(await transact('readonly', assert.fail), undefined);
  assert.ok(isOpen, 'what is written now leaves the page at once');
  const writing = transact('readwrite', put('a', 1));
  assert.equal(await transact('readonly', get('a')), 1);
  await writing;
  assert.equal(await transact('readonly', get('a')), 1);
});

test('a new database that fails while it is being made is made anew by the next work', async (t) => {
  const { open } = indexedDB;
  let failures = 1;
  t.mock.method(indexedDB, 'open', (...given) => {
    const request = open.apply(indexedDB, given);
    request.addEventListener('upgradeneeded', () => failures-- > 0 && request.transaction.abort());
    return request;
  });
  const name = freshName();
  const store = indexedDbStore(name);
  const noted = [];
  const note = (error) => noted.push(error);
  process.on('unhandledRejection', note);
  try {
    assert.equal(await store.load('a'), undefined);
    await new Promise((resolve) => setTimeout(resolve, 20)); // The failure is known now.
    await store.save('a', 1);
    assert.equal(await store.load('a'), 1);
    assert.equal(await indexedDbStore(name).load('a'), 1);
  } finally {
    process.off('unhandledRejection', note);
  }
  assert.deepEqual(noted, []);
});

test('what a browser aborts several times while it erases is done in the end', async (t) => {
  const name = await madeDatabase();
  const { transaction } = IDBDatabase.prototype;
  for (const mode of ['readwrite', 'readonly']) {
    let aborts = 3;
    t.mock.method(IDBDatabase.prototype, 'transaction', function (...given) {
      const made = transaction.apply(this, given);
      if (aborts-- > 0) queueMicrotask(() => made.abort());
      return made;
    });
    const transact = indexedDbTable(name, 'records');
    const found = await transact(mode, mode === 'readonly' ? get('b') : put('b', 2));
    assert.equal(found, mode === 'readonly' ? 2 : undefined);
    assert.equal(aborts, -1);
  }
});

test('a record is followed: the space is asked for after the task', async (t) => {
  const store = indexedDbStore(freshName());
  await store.save('a', 1);
  const modes = countTransactions(t);
  const stop = store.onChanged('a', () => {});
  await store.load('a');
  for (let turn = 0; turn < 100 && modes.length < 2; ++turn) await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(modes, ['readonly', 'readwrite']);
  stop();
});

test('what cannot be read is refused to everybody who shares the transaction, and read again later', async (t) => {
  const transact = indexedDbTable(await madeDatabase(), 'records');
  const { transaction } = IDBDatabase.prototype;
  const mock = t.mock.method(IDBDatabase.prototype, 'transaction', function (...given) {
    const made = transaction.apply(this, given);
    queueMicrotask(() => made.abort());
    return made;
  });
  const refused = await Promise.allSettled([transact('readonly', get('a')), transact('readonly', get('b'))]);
  assert.deepEqual(
    refused.map(({ status, reason }) => `${status}: ${reason?.name}`),
    ['rejected: AbortError', 'rejected: AbortError'],
  );
  mock.mock.restore();
  assert.equal(await transact('readonly', get('a')), 1);
});
