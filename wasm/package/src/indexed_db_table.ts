// A database of one table in the browser's IndexedDB: opened when it is first used, and anew when the connection is gone
// or does not answer.
import { inTime } from './answer_time.js';

export interface Transact {
  /**
   * Does some work in one transaction, and resolves with what `work` gives to `answer`: when it writes, once the transaction
   * is complete. What is read at the same time shares a transaction, because each takes milliseconds to be set up; there
   * `work` must answer once. The work is done again where the connection turns out to be closed, up to three times.
   */
  <T>(
    mode: IDBTransactionMode,
    work: (table: IDBObjectStore, answer: (value: T) => void) => void,
    options?: IDBTransactionOptions,
  ): Promise<T | undefined>;
  /** Closes the connection; the next work opens another one. */
  close(): void;
}

/** Calls `answered` once it has its answer. */
type Work = (table: IDBObjectStore, answered: () => void) => void;

interface Connection {
  readonly database: Promise<IDBDatabase>;
  /** What to read from: nothing where the database turns out to be new. There is nothing in it then. */
  forReading: Promise<IDBDatabase | undefined>;
}

export function indexedDbTable(database: string, table: string): Transact {
  let connection: Connection | undefined;
  /** What will be read in one transaction, until that begins. */
  let reading: { readonly works: Work[]; readonly done: Promise<void> } | undefined;
  const drop = (which: Connection) => {
    if (connection === which) connection = undefined;
  };

  function connect(): Connection {
    if (connection !== undefined) return connection;
    let isNew = false;
    const isMade = () => (isNew = true);
    const opened = openDatabase(database, table, { isMade, isLost: () => drop(opening) });
    // Whoever reads waits until it is open all the same: what is written then is out of the page's hands at once.
    const forReading = opened.then((database) => {
      opening.forReading = opened;
      return isNew ? undefined : database;
    });
    const opening: Connection = { database: opened, forReading };
    opening.forReading.catch(() => {}); // Who waits for it hears of it.
    opened.catch(() => drop(opening));
    return (connection = opening);
  }

  const doAll = async (mode: IDBTransactionMode, works: () => readonly Work[], options?: IDBTransactionOptions) => {
    for (let pause = 0; ; pause = 5 * pause + 20) {
      const connecting = connect();
      if (mode !== 'readonly') {
        // What is read from now on is what will be written.
        connecting.forReading = connecting.database;
        reading = undefined;
      }
      try {
        const database = await connecting.forReading;
        const all = works();
        return database && (await transact(database, table, mode, all, options));
      } catch (error) {
        drop(connecting);
        if (pause > 200 || !meansLost.has((error as Partial<DOMException> | null)?.name ?? '')) throw error;
        // While the browser erases, it closes connections again. The first time it need not be waited for.
        if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  };
  const read = (work: Work): Promise<void> => {
    if (reading === undefined) {
      const works: Work[] = [];
      const begin = () => {
        if (reading?.works === works) reading = undefined;
        return works;
      };
      const done = doAll('readonly', begin);
      done.then(begin, begin); // It never began where there is no connection.
      reading = { works, done };
    }
    reading.works.push(work);
    return reading.done;
  };
  const doWork = async <T>(
    mode: IDBTransactionMode,
    work: (table: IDBObjectStore, answer: (value: T) => void) => void,
    options?: IDBTransactionOptions,
  ): Promise<T | undefined> => {
    let result: T | undefined;
    const answering: Work = (states, answered) =>
      work(states, (value) => {
        result = value;
        answered();
      });
    await (mode === 'readonly' ? read(answering) : doAll(mode, () => [answering], options));
    return result;
  };
  const close = () => {
    connection?.database.then(
      (database) => database.close(),
      () => {},
    );
    connection = undefined;
  };
  return Object.assign(doWork, { close });
}

/** What browsers say of a connection that they have closed, or whose database they have erased. */
const meansLost: ReadonlySet<string> = new Set(['InvalidStateError', 'AbortError', 'UnknownError']);

function transact(
  database: IDBDatabase,
  table: string,
  mode: IDBTransactionMode,
  works: readonly Work[],
  options?: IDBTransactionOptions,
): Promise<void> {
  const transaction = database.transaction(table, mode, options);
  const done = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () =>
      reject(transaction.error ?? new DOMException('The transaction was aborted.', 'AbortError'));
    let unanswered = works.length;
    const answered = () => {
      if (--unanswered === 0 && mode === 'readonly') resolve(); // Nothing of it can be taken back.
    };
    for (const work of works) work(transaction.objectStore(table), answered);
  });
  return inTime(done, () => {
    try {
      transaction.abort();
    } catch {
      // It is complete by now.
    }
  });
}

function openDatabase(
  name: string,
  table: string,
  { isMade, isLost }: Record<'isMade' | 'isLost', () => void>,
): Promise<IDBDatabase> {
  let isLate = false;
  const opened = new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(table);
      isMade();
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const database = request.result;
      if (isLate) return database.close();
      // The user clears the site's data, or another page deletes the database: connect anew next time.
      database.onclose = isLost;
      database.onversionchange = () => {
        database.close();
        isLost();
      };
      resolve(database);
    };
  });
  return inTime(opened, () => (isLate = true));
}
