// The key of a backup as its user sees it: 56 letters and digits in groups of four, to be copied, typed, or put in a
// QR code (its alphanumeric mode has all of them).
import { refused } from './arguments.js';
import { SottoError } from './errors.js';

/** Bytes of a backup's key. */
export const keySize = 32;

/** Bytes of the checksum behind it: a mistyped code is taken for a right one once in 16 million times. */
const checkSize = 3;

/** Crockford's base 32: no I, L, O or U. */
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The code of a key of 32 bytes. */
export async function codeOf(key: Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = new Uint8Array(keySize + checkSize);
  bytes.set(key);
  bytes.set(await checksum(key), keySize);
  let code = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) code += digits[(value >> (bits - 5)) & 31];
    value &= (1 << bits) - 1;
  }
  return code.replace(/.{4}(?=.)/g, '$&-');
}

/**
 * The key of a code. Case, spaces and hyphens do not matter, and O, I and L are read as 0 and 1.
 *
 * @throws SottoError `wrong_code` when it is no code, or has a mistake
 */
export async function keyOf(code: string): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof code !== 'string') throw refused('code', 'a recovery code', code);
  const letters = code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  const size = ((keySize + checkSize) * 8) / 5;
  if (letters.length !== size) {
    throw new SottoError(
      'wrong_code',
      `A recovery code has ${size} letters and digits, and this one ${letters.length}.`,
    );
  }
  const bytes = new Uint8Array(keySize + checkSize);
  let place = 0;
  let bits = 0;
  let value = 0;
  for (const letter of letters) {
    const digit = digits.indexOf(letter);
    if (digit < 0) throw new SottoError('wrong_code', `A recovery code has no “${letter}”.`);
    value = ((value << 5) | digit) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes[place++] = value >> (bits -= 8);
  }
  const key = bytes.slice(0, keySize);
  const expected = await checksum(key);
  if (!expected.every((byte, index) => byte === bytes[keySize + index])) {
    throw new SottoError('wrong_code', 'The recovery code has a mistake: compare it letter by letter.');
  }
  return key;
}

async function checksum(key: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const name = new TextEncoder().encode('sotto recovery code 1');
  const input = new Uint8Array(name.length + key.length);
  input.set(name);
  input.set(key, name.length);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', input), 0, checkSize);
}
