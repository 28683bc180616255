import { refused } from './arguments.js';
import { SottoError } from './errors.js';
import { indexedDbKeys } from './indexed_db_keys.js';
import { indexedDbStore } from './indexed_db_store.js';
import { isSealed, isSealedRecord, seal, unseal } from './sealed_record.js';
import type { StateStore, UpdateOptions } from './state_store.js';
import { StoreAccess } from './store_access.js';
import { UnreadableRecord } from './stored_record.js';

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
  if (typeof name !== 'string') throw refused('encryptedStore(name)', 'a name', name);
  if (globalThis.crypto?.subtle === undefined) {
    throw new SottoError(
      'unsupported',
      'State cannot be encrypted here, because browsers have cryptography (crypto.subtle) in secure contexts only: ' +
        'serve the page over HTTPS, or from localhost.',
    );
  }
  const access = new StoreAccess(inner);
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

  /** What was last read or stored under a key. A save begins from it, and finds out while storing whether it still holds. */
  const latest = new Map<string, Opened>();

  /** `erased` are keys that were erased a moment ago, perhaps while somebody stored a record under one of them. */
  async function load(key: string, erased: readonly CryptoKey[] = []): Promise<Opened> {
    latest.delete(key);
    for (let attempt = 1; ; attempt++) {
      const stored = await access.load(key);
      if (!isSealed(stored)) return { stored, record: stored };
      const cryptoKey = await keys.find(key);
      let cause: unknown;
      for (const candidate of [cryptoKey, ...erased]) {
        if (candidate === undefined || !isSealedRecord(stored)) continue;
        try {
          const record = await unseal(stored, key, candidate);
          if (candidate !== cryptoKey) return { stored, record, isOrphaned: true };
          const opened = { stored, record, cryptoKey };
          latest.set(key, opened);
          return opened;
        } catch (error) {
          cause ??= error;
        }
      }
      // The key is read after the record: both may have been replaced in between. A page that has just stored under a key
      // that is gone gives its record a new one.
      if (attempt === 1 && cryptoKey === undefined) await new Promise((resolve) => setTimeout(resolve, timeToMend));
      if (attempt === 1 || (attempt < maxAttempts && !isSameRecord(await access.load(key), stored))) continue;
      const unreadable = new UnreadableRecord(stored, reason(stored, cryptoKey), cause);
      if (cryptoKey !== undefined) keyOf.set(unreadable, cryptoKey);
      return { stored, record: unreadable };
    }
  }

  /** What goes into the store for a record. */
  async function sealed(key: string, record: unknown, cryptoKey?: CryptoKey): Promise<Opened> {
    if (record instanceof UnreadableRecord) {
      // Moved as it is and with its key, so that nothing is lost: a later release may read what this one cannot.
      const its = keyOf.get(record);
      if (its !== undefined) await keys.replace(key, its);
      return { stored: record.record, record };
    }
    const used = cryptoKey ?? (await keys.findOrMake(key));
    return { stored: await seal(record, key, used), record, cryptoKey: used };
  }

  async function save(key: string, record: unknown): Promise<void> {
    latest.delete(key);
    await access.save(key, (await sealed(key, record)).stored);
  }

  /** Whether other pages can read this: whether its key is the one that is kept. */
  async function hasItsKey(key: string, { stored }: Opened): Promise<boolean> {
    const kept = await keys.find(key);
    if (kept === undefined || !isSealedRecord(stored)) return false;
    return unseal(stored, key, kept).then(
      () => true,
      () => false,
    );
  }

  // A key and its record are in two databases, so that another page can erase the key while a record is stored under it. Who
  // stores therefore looks before and afterwards whether the key is still there, and who erases a key looks whether a record
  // under it has come meanwhile. Either can then give the record a new key.
  async function update(key: string, change: (found: unknown) => unknown, options?: UpdateOptions): Promise<void> {
    const erased: CryptoKey[] = [];
    // What is decided on is what is stored now where a key depends on it.
    let before = options?.isErasing ? undefined : latest.get(key);
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      before ??= await load(key, erased);
      const { stored, record, isOrphaned, cryptoKey } = before;
      before = undefined;
      const next = change(record);
      if (next === undefined && (record !== undefined || options?.isErasing)) {
        const taken = await keys.take(key); // From now on no copy of the record can be read.
        if (taken !== undefined) erased.push(taken);
        // Nothing is stored, but for what came while the key was there, which was made in advance.
        if (record === undefined && taken !== undefined) continue;
      }
      if (next === record && !isOrphaned) return;
      const after = next === undefined ? undefined : await sealed(key, next, cryptoKey);
      // A key that was known here may be gone: another page would find a record that it cannot read.
      if (cryptoKey !== undefined && after?.cryptoKey !== undefined && !(await hasItsKey(key, after))) {
        erased.push(cryptoKey);
        continue;
      }
      let isUpToDate = false;
      const replace = (found: unknown) => {
        isUpToDate = isSameRecord(found, stored);
        return isUpToDate ? after?.stored : found;
      };
      latest.delete(key);
      await access.update(key, replace, options);
      if (!isUpToDate) continue; // Somebody was quicker.
      if (after?.cryptoKey === undefined) return;
      if (await hasItsKey(key, after)) {
        latest.set(key, after);
        return;
      }
      erased.push(after.cryptoKey);
    }
    throw new Error('other pages keep changing the record');
  }

  /** A record that is followed will be stored: its key is made in advance, so that the first save need not wait for it. */
  async function prepare(key: string): Promise<void> {
    const { stored } = latest.get(key) ?? (await load(key));
    if (stored !== undefined) return;
    const cryptoKey = await keys.findOrMake(key);
    if (!latest.has(key)) latest.set(key, { stored: undefined, record: undefined, cryptoKey });
  }

  async function erase(names: readonly string[]): Promise<void> {
    for (const name of names) latest.delete(name);
    try {
      await keys.erase(names);
    } finally {
      await access.erase(names);
    }
  }

  const store: StateStore = {
    description: `${access.description}, encrypted`,
    load: async (key) => (await load(key)).record,
    save: (key, record) => inTurn(() => save(key, record)),
    update: (key, change, options) => inTurn(() => update(key, change, options)),
    erase: (names) => inTurn(() => erase(names)),
    onChanged: (key, listener) => {
      void inTurn(() => prepare(key)).catch(() => {}); // The first save meets what is wrong, and says it.
      return access.onChanged(key, listener);
    },
  };
  return access.hasKeys ? { ...store, keys: (prefix) => access.keys(prefix) } : store;
}

/** Milliseconds that a record without its key is given. */
const timeToMend = 50;

/** So often a record is encrypted again because another page has changed it meanwhile. */
const maxAttempts = 20;

interface Opened {
  /** What is in the inner store. */
  readonly stored: unknown;
  /** What it means. */
  readonly record: unknown;
  readonly cryptoKey?: CryptoKey;
  /** Whether its key has been erased, so that nobody else can read it any more. */
  readonly isOrphaned?: boolean;
}

/** No two saves of an encrypted record have the same vector. Others are from before encryption. */
function isSameRecord(one: unknown, other: unknown): boolean {
  if (isSealed(one) && isSealed(other)) return vectorOf(one) === vectorOf(other);
  return (one === undefined) === (other === undefined) && !isSealed(one) && !isSealed(other);
}

function vectorOf(record: object): string {
  return String((record as { readonly iv?: unknown }).iv);
}

function reason(record: { readonly sealed: number }, key: CryptoKey | undefined): string {
  if (key === undefined) return 'it is encrypted, and its key is gone';
  return isSealedRecord(record)
    ? 'it is encrypted, and damaged or with another key'
    : 'it is encrypted in a way that this release does not know';
}
