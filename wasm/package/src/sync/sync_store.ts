// What private sync keeps on the device: the ledger, the report that is on its way, and the versions seen.
import { SottoError } from '../errors.js';
import { indexedDbTable } from '../indexed_db_table.js';

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
 * after it. Nothing is written where `change` returns the same record. It must not wait for anything, and it may be called
 * a second time where the browser has closed the connection. Resolves with what it returned when that is on the disk.
 */
export async function changeRecord<T>(change: (record: SyncRecord) => { record: SyncRecord; result: T }): Promise<T> {
  if (typeof indexedDB === 'undefined') {
    const message = 'There is no IndexedDB here, which private sync needs for its ledger.';
    throw new SottoError('storage_unavailable', message);
  }
  let failure: { readonly error: unknown } | undefined;
  const work = (records: IDBObjectStore, answer: (value: { result: T }) => void) => {
    const reading: IDBRequest<SyncRecord | undefined> = records.get(key);
    reading.onsuccess = () => {
      try {
        const before = reading.result ?? {};
        const { record, result } = change(before);
        if (record !== before) records.put(record, key);
        answer({ result });
      } catch (error) {
        failure = { error };
        records.transaction.abort();
      }
    };
  };
  const transact = indexedDbTable('sotto sync', 'records');
  try {
    const done = await transact<{ result: T }>('readwrite', work, durable);
    return (done as { result: T }).result; // the transaction is complete, so `work` has answered
  } catch (error) {
    const reason = failure === undefined ? error : failure.error;
    throw reason instanceof SottoError ? reason : unavailable(reason);
  } finally {
    transact.close();
  }
}

/** The record as it is. */
export function readRecord(): Promise<SyncRecord> {
  return changeRecord((record) => ({ record, result: record }));
}

function unavailable(cause: unknown): SottoError {
  return new SottoError('storage_unavailable', `IndexedDB refuses what private sync keeps: ${cause}.`, cause);
}
