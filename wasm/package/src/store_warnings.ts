// Warnings of a store that does not do what it is for.
import { SottoError, reasonOf } from './errors.js';

/** For a store that cannot be read when a page is opened. */
export function notUsable(description: string, error: unknown): SottoError {
  return new SottoError(
    'storage_unavailable',
    `${description} cannot be used (${reasonOf(error)}), so that this visit is remembered in memory ` +
      'only: allow storage for this site, or leave private browsing. It is tried again at the next change.',
    error,
  );
}

/** For a store that refuses what it is given. */
export function notKept(description: string, error: unknown): SottoError {
  const isFull = (error as Partial<DOMException> | null)?.name === 'QuotaExceededError';
  return new SottoError(
    'storage_unavailable',
    `${description} refused to keep the state (${reasonOf(error)}), so that the latest changes are in ` +
      `memory only: ${isFull ? 'free some space' : 'allow storage for this site'}. It is tried again at the next change.`,
    error,
  );
}
