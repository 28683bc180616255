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
  /** Erases the keys of the records of these names, as one whole. */
  erase(names: readonly string[]): Promise<void>;
}

// A key must not be lost in a power failure that its record survives, nor survive one after it has been erased.
const onDisk: IDBTransactionOptions = { durability: 'strict' };

export function indexedDbKeys(database: string): Keys {
  const transact = indexedDbTable(database, 'keys');

  const find = (name: string) => transact<CryptoKey | undefined>('readonly', (keys) => keys.get(name));

  async function findOrMake(name: string): Promise<CryptoKey> {
    const found = await find(name);
    if (found !== undefined) return found;
    const made = await makeKey();
    try {
      await transact('readwrite', (keys) => keys.add(made, name), onDisk);
    } catch (error) {
      // Another page was first: its key is the one.
      if ((error as DOMException | null)?.name !== 'ConstraintError') throw error;
    }
    return findOrMake(name);
  }

  return {
    find,
    findOrMake,
    replace: async (name, key) => void (await transact('readwrite', (keys) => keys.put(key, name), onDisk)),
    erase: async (names) => {
      const eraseAll = (keys: IDBObjectStore) => {
        for (const name of names) keys.delete(name);
        return undefined;
      };
      await transact('readwrite', eraseAll, onDisk);
    },
  };
}
