// A database of one table in the browser's IndexedDB: opened when it is first used, and anew when the browser has
// closed it.

/** Does some work in one transaction, and resolves with the result of the request that `work` returns. */
export type Transact = <T>(
  mode: IDBTransactionMode,
  work: (table: IDBObjectStore) => IDBRequest<T> | undefined,
  options?: IDBTransactionOptions,
) => Promise<T | undefined>;

export function indexedDbTable(database: string, table: string): Transact {
  let connection: Promise<IDBDatabase> | undefined;

  function connect(): Promise<IDBDatabase> {
    connection ??= openDatabase(database, table, () => (connection = undefined));
    connection.catch(() => (connection = undefined));
    return connection;
  }

  return async (mode, work, options) => {
    const transaction = (await connect()).transaction(table, mode, options);
    const request = work(transaction.objectStore(table));
    // The page may be about to go: do not wait for the request's answer before committing.
    if (mode === 'readwrite') transaction.commit?.();
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onabort = () => reject(transaction.error ?? request?.error);
    });
  };
}

function openDatabase(name: string, table: string, onLost: () => void): Promise<IDBDatabase> {
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
