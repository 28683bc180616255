// Everything that Sotto throws or warns about is a SottoError: a stable code for programs, a sentence for people.
import { coreErrorCodes } from './abi.js';

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

/** What to do, for the codes of the core, whose own detail says only what is wrong. */
const coreAdvice: Partial<Record<SottoErrorCode, string>> = {
  truncated: 'The file or state is incomplete: load it again.',
  malformed: 'Check that this is a Sotto model or state and that nothing rewrote it on its way.',
  unsupported_version: 'Use a release of sotto that is at least as new as the tool that wrote it.',
  wrong_type: 'Sotto runs fixed-point models: write one with "sotto quantize".',
  mismatch: 'A state belongs to the very model file that it was exported from.',
};

/** The error for a failure in the core, from the number that the call returned, and its detail. */
export function coreError(code: number, detail: string): SottoError {
  const name = coreErrorCodes[-code - 1];
  if (name === undefined) {
    return new SottoError(
      'wrong_module',
      `The WebAssembly module gave the unknown error code ${code}: ${sentence(detail)}`,
    );
  }
  const advice = coreAdvice[name];
  return new SottoError(name, advice ? `${sentence(detail)} ${advice}` : sentence(detail));
}

/** The core's details are phrases without a full stop. */
function sentence(phrase: string): string {
  return phrase === '' ? 'No detail was given.' : `${phrase.charAt(0).toUpperCase()}${phrase.slice(1)}.`;
}

/** The error for work that an AbortSignal ended. */
export function interruptedError(signal: AbortSignal): SottoError {
  return new SottoError('interrupted', 'Opening the recommender was stopped by its AbortSignal.', signal.reason);
}
