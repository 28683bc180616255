import type { StateStore } from './state_store.js';

const table = 'states';

/** A store in the browser's IndexedDB, shared by all pages of the origin. Each save is one transaction. */
export function indexedDbStore(name = 'sotto'): StateStore {
  let connection: Promise<IDBDatabase> | undefined;

  function connect(): Promise<IDBDatabase> {
    connection ??= openDatabase(name, () => (connection = undefined));
    connection.catch(() => (connection = undefined));
    return connection;
  }

  async function transact<T>(mode: IDBTransactionMode, work: (states: IDBObjectStore) => IDBRequest<T> | undefined) {
    const transaction = (await connect()).transaction(table, mode);
    const request = work(transaction.objectStore(table));
    // The page may be about to go: do not wait for the request's answer before committing.
    if (mode === 'readwrite') transaction.commit?.();
    return new Promise<T | undefined>((resolve, reject) => {
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error ?? request?.error);
    });
  }

  return {
    description: `IndexedDB “${name}” in this browser`,
    load: (key) => transact('readonly', (states) => states.get(key)),
    save: async (key, record) => void (await transact('readwrite', (states) => states.put(record, key))),
    erase: async (keys) => {
      await transact('readwrite', (states) => {
        for (const key of keys) states.delete(key);
        return undefined;
      });
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

function openDatabase(name: string, onLost: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      // The user clears the site's data, or another page deletes the database: connect anew next time.
      database.onclose = onLost;
      database.onversionchange = () => {
        database.close();
        onLost();
      };
      resolve(database);
    };
  });
}

/** Pages of one origin tell each other what was erased, where the browser lets them. */
function withChannel(name: string, use: (channel: BroadcastChannel) => void): void {
  if (typeof BroadcastChannel !== 'undefined') use(new BroadcastChannel(`sotto erased ${name}`));
}
