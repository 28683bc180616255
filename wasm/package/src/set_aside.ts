// What is stored and cannot be used: it is moved aside, with a warning, and never lost.
import { SottoError, reasonOf } from './errors.js';
import type { StoreAccess } from './store_access.js';
import { type StoredPart, UnreadableRecord, asideKey, isStoredRecord, mark, maxPlacesAside } from './stored_record.js';

export interface Damage {
  /** What is copied. */
  readonly record: unknown;
  /** A clause for people. */
  readonly reason: string;
  readonly cause?: unknown;
  /** The user's record without it; absent where it is elsewhere. */
  readonly without?: (found: unknown) => unknown;
}

/** A whole record. */
export function unsoundRecord(record: unknown): Damage {
  const without = (found: unknown) => (isStoredRecord(found) ? found : undefined);
  if (!(record instanceof UnreadableRecord)) return { record, reason: 'it is not a record of this release', without };
  return { record, reason: record.reason, cause: record.cause, without };
}

/** The part of one version of the model. */
export function unsoundPart({ part, error }: { readonly part: StoredPart; readonly error: unknown }): Damage {
  const without = (found: unknown) => {
    if (!isStoredRecord(found)) return found;
    const parts = found.parts.filter(({ state }) => mark(state) !== mark(part.state));
    return parts.length === 0 ? undefined : { version: 4, parts };
  };
  return { record: { version: 4, parts: [part] }, reason: reasonOf(error), cause: error, without };
}

/** A state that was to be taken up. */
export function unsoundState(record: unknown, error: unknown): Damage {
  return { record, reason: reasonOf(error), cause: error };
}

/** Copies it to the first place aside that is free. Returns the key there. */
export async function copyAside(access: StoreAccess, recordKey: string, { record }: Damage): Promise<string> {
  for (let place = 1; place <= maxPlacesAside; ++place) {
    const key = asideKey(recordKey, place);
    let isFree = false;
    await access.update(key, (found) => {
      isFree = found === undefined;
      return isFree ? record : found;
    });
    if (isFree) return key;
  }
  throw new Error('every place for it is taken');
}

/** The warning of it, with the key under which it is kept. */
export function damageWarning({ reason, cause }: Damage, key: string | undefined): SottoError {
  return new SottoError(
    'state_damaged',
    `The stored state could not be used (${reason}). ` +
      (key === undefined ? 'It stays where it is; ' : `It is kept under “${key}”; `) +
      'recommendations start afresh.',
    cause,
  );
}
