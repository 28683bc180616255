// Whether a model file is the one that the page asked for.
import { refused } from './arguments.js';
import { SottoError } from './errors.js';

/** The error for a SHA-256 that is none, or that cannot be checked here. */
export function notHashable(sha256: unknown, isHash: boolean): SottoError {
  if (!isHash) return refused('The option sha256', '64 hexadecimal digits', sha256);
  return new SottoError(
    'unsupported',
    'The model cannot be checked here, because browsers have cryptography (crypto.subtle) in secure contexts only: ' +
      'serve the page over HTTPS, or leave out the option sha256.',
  );
}

/** Throws `wrong_model` where the bytes have another SHA-256. */
export async function requireHash(bytes: Uint8Array, sha256: string): Promise<void> {
  const expected = sha256.toLowerCase();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found === expected) return;
  throw new SottoError(
    'wrong_model',
    `The model file has the SHA-256 ${found}, not ${expected} as the option sha256 says: ` +
      'deploy the model and the page together, or correct the option.',
  );
}
