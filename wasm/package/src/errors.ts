// Everything that Sotto throws or warns about is a SottoError: a stable code for programs, a sentence for people.
import type { coreErrorCodes } from './abi.js';

/**
 * What went wrong, as a stable name. docs/errors.md explains each.
 *
 * @useDeclaredType
 */
export type SottoErrorCode =
  | (typeof coreErrorCodes)[number]
  /** The module's memory cannot grow any further. */
  | 'out_of_memory'
  /** There is no WebAssembly here, or a Content-Security-Policy forbids it. */
  | 'no_webassembly'
  /** A file could not be fetched. */
  | 'network'
  /** The WebAssembly module and this JavaScript are not of the same release, or what was loaded is another. */
  | 'wrong_module'
  /** The model file has another SHA-256 than the page asked for. */
  | 'wrong_model'
  /** A recovery code is incomplete or mistyped. */
  | 'wrong_code'
  /** The server has no backup of this recovery code. */
  | 'backup_not_found'
  /** The recommender was used after close(). */
  | 'closed'
  /** Warning: the store refuses to keep the state, so that it lives in memory only. */
  | 'storage_unavailable'
  /** Warning: a stored record could not be used, and was moved aside. */
  | 'state_damaged'
  /** Warning: the stored state was of another version of the model, and was carried over. */
  | 'state_carried_over';

/**
 * An error, or a warning given to `onWarning`. `message` says in a sentence what happened and what to do;
 * `code` is stable and meant for programs; `cause`, where there is one, is the underlying error.
 */
export class SottoError extends Error {
  override readonly name = 'SottoError';
  readonly code: SottoErrorCode;

  constructor(code: SottoErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The error for work that an AbortSignal ended. */
export function interruptedError(signal: AbortSignal): SottoError {
  return new SottoError('interrupted', 'Opening the recommender was stopped by its AbortSignal.', signal.reason);
}

/** Why something failed, as a part of a sentence. */
export function reasonOf(error: unknown): string {
  const { message = String(error) } = Object(error) as { readonly message?: string };
  return message.replace(/\.$/, '');
}
