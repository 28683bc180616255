// Failures in the core, as errors: what is wrong in the core's words, and what to do.
import { coreErrorCodes } from './abi.js';
import { SottoError, type SottoErrorCode } from './errors.js';

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
