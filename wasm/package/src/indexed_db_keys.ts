// Keys in the browser's IndexedDB, one for each record. They are kept as CryptoKey objects, never as bytes of ours.
import { indexedDbTable } from './indexed_db_table.js';
import { makeKey } from './sealed_record.js';

export interface Keys {
  /** The key of the record of this name, or undefined. */
  find(name: string): Promise<CryptoKey | undefined>;
  /** The key of the record of this name; makes one where there is none. All pages get the same. */
  findOrMake(name: string): Promise<CryptoKey>;
  /** Replaces the key of the record of this name. */
  replace(name: string, key: CryptoKey): Promise<void>;
  /** Erases the key of the record of this name, and resolves with it; it must not be kept. */
  take(name: string): Promise<CryptoKey | undefined>;
  /** Erases the keys of the records of these names, as one whole. */
  erase(names: readonly string[]): Promise<void>;
}

// A key must not be lost in a power failure that its record survives, nor survive one after it has been erased.
const onDisk: IDBTransactionOptions = { durability: 'strict' };

export function indexedDbKeys(database: string): Keys {
  const transact = indexedDbTable(database, 'keys');

  /** The page may be about to go: the transaction does not wait for the answers to its requests. */
  const change = async (work: (keys: IDBObjectStore) => void): Promise<void> => {
    const workAndCommit = (keys: IDBObjectStore) => {
      work(keys);
      keys.transaction.commit?.();
    };
    await transact('readwrite', workAndCommit, onDisk);
  };

  const find = (name: string) =>
    transact<CryptoKey | undefined>('readonly', (keys, answer) => {
      const reading: IDBRequest<CryptoKey | undefined> = keys.get(name);
      reading.onsuccess = () => answer(reading.result);
    });

  const take = (name: string) =>
    transact<CryptoKey | undefined>(
      'readwrite',
      (keys, answer) => {
        const reading: IDBRequest<CryptoKey | undefined> = keys.get(name);
        reading.onsuccess = () => {
          answer(reading.result);
          if (reading.result !== undefined) keys.delete(name);
        };
      },
      onDisk,
    );

  async function findOrMake(name: string): Promise<CryptoKey> {
    const found = await find(name);
    if (found !== undefined) return found;
    const made = await makeKey();
    try {
      await change((keys) => keys.add(made, name));
    } catch (error) {
      // Another page was first: its key is the one.
      if ((error as DOMException | null)?.name !== 'ConstraintError') throw error;
    }
    return findOrMake(name);
  }

  return {
    find,
    take,
    findOrMake,
    replace: (name, key) => change((keys) => keys.put(key, name)),
    erase: (names) =>
      change((keys) => {
        for (const name of names) keys.delete(name);
      }),
  };
}
