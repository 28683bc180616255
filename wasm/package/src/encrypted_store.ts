import { SottoError } from './errors.js';
import { indexedDbKeys } from './indexed_db_keys.js';
import { indexedDbStore } from './indexed_db_store.js';
import { isSealed, isSealedRecord, seal, unseal } from './sealed_record.js';
import { type StateStore, UnreadableRecord } from './state_store.js';

/**
 * Makes a store that encrypts every record with AES-256-GCM before another store keeps it. Each record has a key of its own,
 * which scripts can use but not read. `erase` erases the key first: from then on no copy of the record can be read.
 * docs/javascript.md says what this protects from, and what not.
 *
 * A record that was stored before encryption is read as it is, and encrypted when it is saved next. Records may be made
 * of null, undefined, booleans, numbers, strings, `Uint8Array`s, arrays and plain objects.
 *
 * @param name tells stores of one origin apart: the keys are in the IndexedDB database "NAME keys"
 * @param inner where the encrypted records are kept; by default the IndexedDB database of this name
 * @throws SottoError `unsupported` where the browser has no cryptography: in pages without HTTPS
 */
export function encryptedStore(name = 'sotto', inner: StateStore = indexedDbStore(name)): StateStore {
  if (globalThis.crypto?.subtle === undefined) {
    throw new SottoError(
      'unsupported',
      'State cannot be encrypted here, because browsers have cryptography (crypto.subtle) in secure contexts only: ' +
        'serve the page over HTTPS, or from localhost.',
    );
  }
  const keys = indexedDbKeys(`${name} keys`);
  /** Keys that go with records which could not be read, as far as there was a key. */
  const keyOf = new WeakMap<UnreadableRecord, CryptoKey>();

  // In turn, because the time that encryption takes varies: the newest record must be the last to be stored, and one that
  // is erased must not come back.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };

  async function save(key: string, record: unknown): Promise<void> {
    if (record instanceof UnreadableRecord) {
      // Moved as it is and with its key, so that nothing is lost: a later release may read what this one cannot.
      const cryptoKey = keyOf.get(record);
      if (cryptoKey !== undefined) await keys.replace(key, cryptoKey);
      await inner.save(key, record.record);
      return;
    }
    await inner.save(key, await seal(record, key, await keys.findOrMake(key)));
  }

  async function erase(names: readonly string[]): Promise<void> {
    try {
      await keys.erase(names);
    } finally {
      await inner.erase(names);
    }
  }

  // Keys are asked for each time, and never kept in memory: another page may have erased them.
  const store: StateStore = {
    description: `${inner.description}, encrypted`,
    load: async (key) => {
      const record = await inner.load(key);
      if (!isSealed(record)) return record;
      const cryptoKey = await keys.find(key);
      let cause: unknown;
      if (cryptoKey !== undefined && isSealedRecord(record)) {
        try {
          return await unseal(record, key, cryptoKey);
        } catch (error) {
          cause = error;
        }
      }
      const unreadable = new UnreadableRecord(record, reason(record, cryptoKey), cause);
      if (cryptoKey !== undefined) keyOf.set(unreadable, cryptoKey);
      return unreadable;
    },
    save: (key, record) => inTurn(() => save(key, record)),
    erase: (names) => inTurn(() => erase(names)),
  };
  if (inner.onErased === undefined) return store;
  return { ...store, onErased: (key, listener) => inner.onErased?.(key, listener) ?? (() => {}) };
}

function reason(record: { readonly sealed: number }, key: CryptoKey | undefined): string {
  if (key === undefined) return 'it is encrypted, and its key is gone';
  return isSealedRecord(record)
    ? 'it is encrypted, and damaged or with another key'
    : 'it is encrypted in a way that this release does not know';
}
