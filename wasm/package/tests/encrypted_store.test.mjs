import assert from 'node:assert/strict';
import { test } from 'node:test';
import 'fake-indexeddb/auto';
import { Recommender, UnreadableRecord, encryptedStore, indexedDbStore, memoryStore } from 'sotto';
import { indexedDbKeys } from '../dist/indexed_db_keys.js';
import { makeKey } from '../dist/sealed_record.js';
import { ids, modelBytes, recordKey, setAsideKey, storedPart, warnings } from './support.mjs';

const picked = (recommender) => recommender.catalogue.slice(2, 8).map(({ id }) => id);
const observeSome = (recommender) => {
  for (const id of picked(recommender)) recommender.observe(id);
};
const setAside = setAsideKey;

let names = 0;
/** A store of its own, with what is beneath it. */
function freshStore() {
  const name = `encrypted ${names++}`;
  const inner = indexedDbStore(name);
  return { name, inner, store: encryptedStore(name), keys: indexedDbKeys(`${name} keys`) };
}

/** Opens a recommender that must find nothing to use and say so. */
async function openDamaged(store) {
  const heard = [];
  const recommender = await Recommender.open(modelBytes, { store, onWarning: (warning) => heard.push(warning) });
  assert.deepEqual(
    heard.map(({ code }) => code),
    ['state_damaged'],
  );
  assert.equal(recommender.events, 0);
  return { recommender, message: heard[0].message };
}

/** What a visitor leaves behind. */
async function visit(store, user = 'default') {
  const recommender = await Recommender.open(modelBytes, { store, user });
  observeSome(recommender);
  const left = { state: recommender.exportState(), history: ids(recommender.history) };
  await recommender.close();
  return left;
}

test('a user is known again', async () => {
  const { store } = freshStore();
  const left = await visit(store);
  const { codes, onWarning } = warnings();
  const again = await Recommender.open(modelBytes, { store, onWarning });
  assert.deepEqual(again.exportState(), left.state);
  assert.deepEqual(ids(again.history), left.history);
  assert.match(again.storedIn, /, encrypted$/);
  assert.deepEqual(codes, []);
  await again.close();
});

test('nothing of the record can be read in what is stored, and no two saves are alike', async () => {
  const { store, inner } = freshStore();
  const { state, history } = await visit(store);
  const sealed = await inner.load(recordKey);
  assert.deepEqual(Object.keys(sealed).sort(), ['bytes', 'iv', 'sealed']);
  const stored = Buffer.from(sealed.bytes);
  for (const part of [...history, 'fingerprint', 'names', 'savedAt', state.subarray(0, 8), state.subarray(-8)]) {
    assert.equal(stored.indexOf(part), -1);
  }
  await store.save(recordKey, await store.load(recordKey));
  const { iv, bytes } = await inner.load(recordKey);
  assert.notDeepEqual(iv, sealed.iv);
  assert.notDeepEqual(bytes, sealed.bytes);
});

test('the key cannot be exported', async () => {
  const { store, keys } = freshStore();
  await store.save(recordKey, 1);
  const key = await keys.find(recordKey);
  assert.deepEqual(key.algorithm, { name: 'AES-GCM', length: 256 });
  // Node has called it InvalidAccessException, too.
  await assert.rejects(crypto.subtle.exportKey('raw', key), { name: /^InvalidAccess/ });
});

for (const [what, spoil, said] of [
  ['another key', async ({ keys }) => keys.replace(recordKey, await makeKey()), /damaged or with another key/],
  ['no key', ({ keys }) => keys.erase([recordKey]), /its key is gone/],
  ['something else as the key', ({ keys }) => keys.replace(recordKey, 'no key'), /damaged or with another key/],
  [
    'a layout of a later release',
    async ({ inner }) => inner.save(recordKey, { ...(await inner.load(recordKey)), sealed: 2 }),
    /in a way that this release does not know/,
  ],
  [
    'a part that is missing',
    async ({ inner }) => {
      const { sealed, bytes } = await inner.load(recordKey);
      await inner.save(recordKey, { sealed, bytes });
    },
    /in a way that this release does not know/,
  ],
]) {
  test(`${what}: the record is set aside as it is, and the user starts afresh`, async () => {
    const parts = freshStore();
    await visit(parts.store);
    await spoil(parts);
    const record = await parts.inner.load(recordKey);
    const { recommender, message } = await openDamaged(parts.store);
    assert.match(message, said);
    assert.deepEqual(await parts.inner.load(setAside), record);
    assert.equal(await parts.inner.load(recordKey), undefined);

    observeSome(recommender);
    await recommender.close();
    const { codes, onWarning } = warnings();
    const next = await Recommender.open(modelBytes, { store: parts.store, onWarning });
    assert.deepEqual(ids(next.history), picked(next));
    assert.deepEqual(codes, []);
    await next.close();
  });
}

test('one bit changed anywhere is noticed', async () => {
  const { store, inner } = freshStore();
  await store.save('name', { text: 'a', bytes: new Uint8Array([1]) });
  const sound = await inner.load('name');
  for (const part of ['iv', 'bytes']) {
    for (let bit = 0; bit < 8 * sound[part].length; bit++) {
      const damaged = structuredClone(sound);
      damaged[part][bit >> 3] ^= 1 << (bit & 7);
      await inner.save('name', damaged);
      assert.ok((await store.load('name')) instanceof UnreadableRecord, `${part}, bit ${bit}`);
    }
    await inner.save('name', { ...sound, [part]: sound[part].subarray(0, -1) });
    assert.ok((await store.load('name')) instanceof UnreadableRecord, `${part}, shortened`);
  }
  await inner.save('name', sound);
  assert.deepEqual(await store.load('name'), { text: 'a', bytes: new Uint8Array([1]) });
});

test('records that change places are noticed, even under one key', async () => {
  const { store, inner, keys } = freshStore();
  await store.save('ada', 'of Ada');
  await keys.replace('grace', await keys.find('ada'));
  await store.save('grace', 'of Grace');
  const [ada, grace] = [await inner.load('ada'), await inner.load('grace')];
  await inner.save('ada', grace);
  await inner.save('grace', ada);
  assert.ok((await store.load('ada')) instanceof UnreadableRecord);
  assert.ok((await store.load('grace')) instanceof UnreadableRecord);
});

test('what is set aside keeps its key, so that mending it brings it back', async () => {
  const { store, inner, keys } = freshStore();
  const left = await visit(store);
  const sound = await inner.load(recordKey);
  const damaged = structuredClone(sound);
  damaged.bytes[20] ^= 1;
  await inner.save(recordKey, damaged);
  const { recommender } = await openDamaged(store);
  await recommender.close();

  await keys.replace(recordKey, await keys.find(setAside));
  await inner.save(recordKey, sound);
  assert.deepEqual((await storedPart(store)).state, left.state);
});

test('a record from before encryption is taken over, and encrypted when it is saved', async () => {
  const { store, inner } = freshStore();
  const left = await visit(inner);
  const { codes, onWarning } = warnings();
  const recommender = await Recommender.open(modelBytes, { store, onWarning });
  assert.deepEqual(recommender.exportState(), left.state);
  assert.deepEqual(ids(recommender.history), left.history);
  recommender.observe(left.history[0]);
  await recommender.saved();
  assert.deepEqual(codes, []);
  assert.equal((await inner.load(recordKey)).sealed, 1);
  assert.deepEqual((await storedPart(store)).state, recommender.exportState());
  await recommender.close();
});

test('a foreign record from before encryption is set aside encrypted', async () => {
  const { store, inner } = freshStore();
  await inner.save(recordKey, 'not a record');
  const { recommender } = await openDamaged(store);
  assert.equal((await inner.load(setAside)).sealed, 1);
  assert.equal(await store.load(setAside), 'not a record');
  await recommender.close();
});

test('a foreign record that cannot be made into bytes stays where it is', async () => {
  const { store, inner } = freshStore();
  await inner.save(recordKey, new Map([['a', 1]]));
  const { codes, onWarning } = warnings();
  const recommender = await Recommender.open(modelBytes, { store, onWarning });
  assert.deepEqual(codes, ['storage_unavailable', 'state_damaged']);
  assert.deepEqual(await inner.load(recordKey), new Map([['a', 1]]));
  await recommender.close();
});

test('without encryption again, an encrypted record is set aside', async () => {
  const { store, inner } = freshStore();
  await visit(store);
  const sealed = await inner.load(recordKey);
  const { recommender } = await openDamaged(inner);
  assert.deepEqual(await inner.load(setAside), sealed);
  await recommender.close();
});

test('forgetting erases records and keys, and a copy of the record can no longer be read', async () => {
  const { store, inner, keys } = freshStore();
  await visit(store, 'another user');
  await store.save(setAside, 'an old record');
  const recommender = await Recommender.open(modelBytes, { store });
  observeSome(recommender);
  await recommender.saved();
  const copy = await inner.load(recordKey);
  await recommender.forget();
  await recommender.close();
  for (const name of [recordKey, setAside]) {
    assert.equal(await keys.find(name), undefined);
    assert.equal(await inner.load(name), undefined);
  }
  await inner.save(recordKey, copy);
  assert.ok((await store.load(recordKey)) instanceof UnreadableRecord);
  assert.equal((await store.load('sotto::another user')).parts[0].names.length, 6);
});

test('where the records cannot be erased, forget() says so, and they cannot be read any more', async () => {
  const memory = memoryStore();
  const update = (key, change, options) =>
    options.isErasing ? Promise.reject(new Error('refused')) : memory.update(key, change, options);
  const inner = { ...memory, update };
  const name = `encrypted ${names++}`;
  const store = encryptedStore(name, inner);
  const recommender = await Recommender.open(modelBytes, { store });
  observeSome(recommender);
  await recommender.saved();
  await assert.rejects(recommender.forget(), { code: 'storage_unavailable' });
  await recommender.close();
  assert.ok((await store.load(recordKey)) instanceof UnreadableRecord);
});

test('what is saved or erased last holds, whatever takes longer', async () => {
  const { store, inner, keys } = freshStore();
  const large = new Uint8Array(20_000_000);
  await Promise.all([store.save(recordKey, large), store.save(recordKey, 'small')]);
  assert.ok((await store.load(recordKey)) === 'small');
  await Promise.all([store.save(recordKey, large), store.erase([recordKey])]);
  assert.equal(await inner.load(recordKey), undefined);
  assert.equal(await keys.find(recordKey), undefined);
  await Promise.allSettled([store.save(recordKey, new Map()), store.save(recordKey, 'after one that was refused')]);
  assert.equal(await store.load(recordKey), 'after one that was refused');
});

test('two pages that open at the same time agree on one key', async () => {
  const { name, store, inner } = freshStore();
  const stores = [store, ...Array.from({ length: 4 }, () => encryptedStore(name))];
  await Promise.all(stores.map((page, index) => page.save(recordKey, `of page ${index}`)));
  const winner = await store.load(recordKey);
  assert.match(winner, /^of page \d$/);
  for (const page of stores) assert.equal(await page.load(recordKey), winner);
  for (const [index, page] of stores.entries()) {
    await page.save(recordKey, index);
    assert.equal(await store.load(recordKey), index);
    assert.equal((await inner.load(recordKey)).sealed, 1);
  }
});

test('two pages of one user: forgetting in one is forgetting in both', async () => {
  const { name, store, keys } = freshStore();
  let tellForgotten;
  const followed = new Promise((resolve) => (tellForgotten = resolve));
  const [one, other] = await Promise.all([
    Recommender.open(modelBytes, { store }),
    Recommender.open(modelBytes, { store: encryptedStore(name), onForgotten: tellForgotten }),
  ]);
  observeSome(one);
  other.observe(other.catalogue[0].id);
  await Promise.all([one.saved(), other.saved()]);
  await one.forget();
  await followed;
  assert.equal(other.events, 0);
  await Promise.all([one.close(), other.close()]);
  assert.equal(await store.load(recordKey), undefined);
  assert.equal(await keys.find(recordKey), undefined);
});

test('another store beneath: encrypted there, and what it does not have is missing there as well', async () => {
  const { description, load, save, erase } = memoryStore();
  const inner = { description, load, save, erase };
  const store = encryptedStore(`encrypted ${names++}`, inner);
  const left = await visit(store);
  assert.equal((await inner.load(recordKey)).sealed, 1);
  assert.deepEqual((await storedPart(store)).state, left.state);
  assert.equal(store.keys, undefined);
});

test('keys that cannot be read: in memory, with one warning, and nothing is lost', async () => {
  const { store, inner } = freshStore();
  await visit(store);
  const record = await inner.load(recordKey);
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (name, version) {
    if (name.endsWith(' keys')) throw new DOMException('refused', 'SecurityError');
    return open.call(this, name, version);
  };
  try {
    const { codes, onWarning } = warnings();
    const name = inner.description.replace(/^IndexedDB “(.*)” in this browser$/, '$1');
    const recommender = await Recommender.open(modelBytes, { store: encryptedStore(name), onWarning });
    observeSome(recommender);
    await recommender.close();
    assert.deepEqual(codes, ['storage_unavailable']);
  } finally {
    IDBFactory.prototype.open = open;
  }
  assert.deepEqual(await inner.load(recordKey), record);
});

test('where there is no cryptography the reason is said, and nothing is kept unencrypted', () => {
  const real = Object.getOwnPropertyDescriptor(globalThis, 'crypto');
  try {
    for (const insecure of [undefined, {}]) {
      Object.defineProperty(globalThis, 'crypto', { value: insecure, configurable: true });
      assert.throws(() => encryptedStore(), { name: 'SottoError', code: 'unsupported', message: /HTTPS/ });
    }
  } finally {
    Object.defineProperty(globalThis, 'crypto', real);
  }
});

test('a page whose key was erased meanwhile stores under a new one, which other pages can read', async () => {
  const { name, store, keys } = freshStore();
  const one = await Recommender.open(modelBytes, { store });
  observeSome(one);
  await one.saved();
  await keys.erase([recordKey]); // By the browser, or by another page.
  await indexedDbStore(name).erase([recordKey]);
  one.observe(one.catalogue[0].id);
  await one.saved();
  const other = await Recommender.open(modelBytes, { store: encryptedStore(name) });
  assert.deepEqual(ids(other.history), ids(one.history));
  assert.ok(other.events > 0);
  await Promise.all([one.close(), other.close()]);
});

test('a key that was made in advance and erased before the first event is not used', async () => {
  const { name, store, keys } = freshStore();
  const one = await Recommender.open(modelBytes, { store });
  while ((await keys.find(recordKey)) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  await keys.erase([recordKey]);
  observeSome(one);
  await one.saved();
  const other = await Recommender.open(modelBytes, { store: encryptedStore(name) });
  assert.deepEqual(ids(other.history), picked(one));
  await Promise.all([one.close(), other.close()]);
});

/** A store on another that waits after each update of the record, if it is told to, before it says that it is done. */
function pausingStore(inner) {
  const store = { ...inner, pause: undefined };
  store.update = async (key, change, options) => {
    await inner.update(key, change, options);
    const { pause } = store;
    if (key !== recordKey || pause === undefined) return;
    store.pause = undefined;
    await pause();
  };
  return store;
}

test('a page that finds a record whose key was just erased loses nothing of the page that stores it', async () => {
  const { name, inner, keys } = freshStore();
  const pausing = pausingStore(inner);
  const one = await Recommender.open(modelBytes, { store: encryptedStore(name, pausing) });
  const other = await Recommender.open(modelBytes, { store: encryptedStore(name), onWarning: () => {} });
  const [first, second] = picked(one);
  pausing.pause = async () => {
    await keys.erase([recordKey]); // As when the user is forgotten.
    other.observe(second);
    await other.saved();
  };
  one.observe(first);
  await one.saved();
  const again = await Recommender.open(modelBytes, { store: encryptedStore(name) });
  assert.deepEqual(ids(again.history).sort(), [first, second].sort());
  await Promise.all([one.close(), other.close(), again.close()]);
});

test('nothing is stored under a key that is known to be gone: no page finds a record that it cannot read', async () => {
  const { name, inner, keys } = freshStore();
  const pausing = pausingStore(inner);
  const one = await Recommender.open(modelBytes, { store: encryptedStore(name, pausing) });
  while ((await keys.find(recordKey)) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
  await keys.erase([recordKey]); // With the site's data.
  let found;
  pausing.pause = async () => {
    found = await encryptedStore(name).load(recordKey);
  };
  observeSome(one);
  await one.saved();
  assert.ok(!(found instanceof UnreadableRecord));
  assert.equal(found.version, 4);
  await one.close();
});

test('who erases a record leaves one that came meanwhile, and its key', async () => {
  const { name, inner, store } = freshStore();
  const other = encryptedStore(name);
  let isFirst = true;
  const eraseUnlessNew = (found) => (found === 'new' ? found : undefined);
  const erasing = encryptedStore(name, {
    ...inner,
    load: async (key) => {
      const found = await inner.load(key);
      if (isFirst) await other.save(key, 'new'); // With the same key, or another one.
      isFirst = false;
      return found;
    },
  });
  for (const old of ['old', undefined]) {
    isFirst = false;
    if (old === undefined) await store.erase([recordKey]);
    else await store.save(recordKey, old);
    isFirst = true;
    await erasing.update(recordKey, eraseUnlessNew, { isErasing: true });
    assert.equal(await encryptedStore(name).load(recordKey), 'new');
  }
});
