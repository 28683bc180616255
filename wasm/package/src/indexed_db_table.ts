// A database of one table in the browser's IndexedDB: opened when it is first used, and anew when the connection is gone
// or does not answer.
import { inTime } from './answer_time.js';

export interface Transact {
  /**
   * Does some work in one transaction, and resolves with what `work` gives to `answer`, once the transaction is complete.
   * The work is done a second time where the connection turns out to be closed.
   */
  <T>(
    mode: IDBTransactionMode,
    work: (table: IDBObjectStore, answer: (value: T) => void) => void,
    options?: IDBTransactionOptions,
  ): Promise<T | undefined>;
  /** Closes the connection; the next work opens another one. */
  close(): void;
}

export function indexedDbTable(database: string, table: string): Transact {
  let connection: Promise<IDBDatabase> | undefined;
  const drop = (which: Promise<IDBDatabase>) => {
    if (connection === which) connection = undefined;
  };

  function connect(): Promise<IDBDatabase> {
    if (connection !== undefined) return connection;
    const opening = openDatabase(database, table, () => drop(opening));
    opening.catch(() => drop(opening));
    return (connection = opening);
  }

  const doWork = async <T>(
    mode: IDBTransactionMode,
    work: (table: IDBObjectStore, answer: (value: T) => void) => void,
    options?: IDBTransactionOptions,
  ): Promise<T | undefined> => {
    for (let isLastAttempt = false; ; isLastAttempt = true) {
      const connecting = connect();
      try {
        return await transact(await connecting, table, mode, work, options);
      } catch (error) {
        drop(connecting);
        if (isLastAttempt || !meansLost.has((error as Partial<DOMException> | null)?.name ?? '')) throw error;
      }
    }
  };
  const close = () => {
    connection?.then(
      (database) => database.close(),
      () => {},
    );
    connection = undefined;
  };
  return Object.assign(doWork, { close });
}

/** What browsers say of a connection that they have closed, or whose database they have erased. */
const meansLost: ReadonlySet<string> = new Set(['InvalidStateError', 'AbortError', 'UnknownError']);

function transact<T>(
  database: IDBDatabase,
  table: string,
  mode: IDBTransactionMode,
  work: (table: IDBObjectStore, answer: (value: T) => void) => void,
  options?: IDBTransactionOptions,
): Promise<T | undefined> {
  const transaction = database.transaction(table, mode, options);
  const done = new Promise<T | undefined>((resolve, reject) => {
    let result: T | undefined;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () =>
      reject(transaction.error ?? new DOMException('The transaction was aborted.', 'AbortError'));
    work(transaction.objectStore(table), (value) => (result = value));
  });
  return inTime(done, () => {
    try {
      transaction.abort();
    } catch {
      // It is complete by now.
    }
  });
}

function openDatabase(name: string, table: string, onLost: () => void): Promise<IDBDatabase> {
  let isLate = false;
  const opened = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      if (isLate) return database.close();
      // The user clears the site's data, or another page deletes the database: connect anew next time.
      database.onclose = onLost;
      database.onversionchange = () => {
        database.close();
        onLost();
      };
      resolve(database);
    };
  });
  return inTime(opened, () => (isLate = true));
}
