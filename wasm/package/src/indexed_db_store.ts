import { indexedDbTable } from './indexed_db_table.js';
import type { StateStore } from './state_store.js';

// A save may wait in the operating system's memory: a power failure then costs the latest events, never the whole
// record, and no save waits for the disk. What has been erased must not come back.
const saving: IDBTransactionOptions = { durability: 'relaxed' };
const erasing: IDBTransactionOptions = { durability: 'strict' };

/** A store in the browser's IndexedDB, shared by all pages of the origin. Each save is one transaction. */
export function indexedDbStore(name = 'sotto'): StateStore {
  const transact = indexedDbTable(name, 'states');
  return {
    description: `IndexedDB “${name}” in this browser`,
    load: (key) => transact('readonly', (states) => states.get(key)),
    save: async (key, record) => void (await transact('readwrite', (states) => states.put(record, key), saving)),
    erase: async (keys) => {
      const eraseAll = (states: IDBObjectStore) => {
        for (const key of keys) states.delete(key);
        return undefined;
      };
      await transact('readwrite', eraseAll, erasing);
      withChannel(name, (channel) => {
        channel.postMessage(keys);
        channel.close();
      });
    },
    onErased: (key, listener) => {
      let stop = () => {};
      withChannel(name, (channel) => {
        channel.onmessage = (event: MessageEvent<readonly string[]>) => {
          if (event.data.includes(key)) listener();
        };
        stop = () => channel.close();
      });
      return () => stop();
    },
  };
}

/** Pages of one origin tell each other what was erased, where the browser lets them. */
function withChannel(name: string, use: (channel: BroadcastChannel) => void): void {
  if (typeof BroadcastChannel !== 'undefined') use(new BroadcastChannel(`sotto erased ${name}`));
}
