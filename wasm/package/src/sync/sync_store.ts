// What private sync keeps on the device: the ledger, the report that is on its way, and the versions seen.
import { SottoError } from '../errors.js';

const database = 'sotto sync';
const table = 'records';
const key = 'device';
// A report must not leave before its entry is on the disk.
const durable: IDBTransactionOptions = { durability: 'strict' };

/** A report that is recorded and sealed, and not known to have arrived. Sent again, it is the same bytes. */
export interface PendingReport {
  /** The task's id in base64url. */
  readonly task: string;
  readonly upload: Uint8Array<ArrayBuffer>;
  /** Milliseconds since 1970, from which it may leave. */
  readonly notBefore: number;
}

export interface SyncRecord {
  readonly ledger?: Uint8Array<ArrayBuffer>;
  readonly pending?: PendingReport;
  /** When the next report is due, in milliseconds since 1970. */
  readonly due?: number;
  /** The time of the latest choice that the latest report took notice of, in milliseconds since 1970. */
  readonly reportedUntil?: number;
  /** The task of the latest report, and the version of the trend when it was made. */
  readonly latest?: { readonly task: string; readonly trend: number };
  /** The largest versions of signed documents, by the key that signed them. */
  readonly versions?: Readonly<Record<string, number>>;
}

/**
 * Reads the record, lets `change` make the next one, and stores that, in one transaction: another page comes before or
 * after it. Nothing is written where `change` returns the same record. It must not wait for anything. Resolves with what it returned when that is on the disk.
 */
export async function changeRecord<T>(change: (record: SyncRecord) => { record: SyncRecord; result: T }): Promise<T> {
  const connection = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = connection.transaction(table, 'readwrite', durable);
      const records = transaction.objectStore(table);
      const reading: IDBRequest<SyncRecord | undefined> = records.get(key);
      let outcome: { record: SyncRecord; result: T };
      let failure: unknown;
      reading.onsuccess = () => {
        try {
          const record = reading.result ?? {};
          outcome = change(record);
          if (outcome.record !== record) records.put(outcome.record, key);
        } catch (error) {
          failure = error;
          transaction.abort();
        }
      };
      transaction.oncomplete = () => resolve(outcome.result);
      transaction.onabort = () =>
        reject(failure instanceof SottoError ? failure : unavailable(failure ?? transaction.error));
    });
  } finally {
    connection.close();
  }
}

/** The record as it is. */
export function readRecord(): Promise<SyncRecord> {
  return changeRecord((record) => ({ record, result: record }));
}

function unavailable(cause: unknown): SottoError {
  return new SottoError('storage_unavailable', `IndexedDB refuses what private sync keeps: ${cause}.`, cause);
}

function open(): Promise<IDBDatabase> {
  if (typeof indexedDB === 'undefined') {
    const message = 'There is no IndexedDB here, which private sync needs for its ledger.';
    return Promise.reject(new SottoError('storage_unavailable', message));
  }
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table);
    request.onerror = () => reject(unavailable(request.error));
    request.onsuccess = () => resolve(request.result);
  });
}
