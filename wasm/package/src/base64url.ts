// Bytes as text without padding (RFC 4648, section 5).
import { SottoError } from './errors.js';

export function toBase64url(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

/** Throws `malformed` for what `toBase64url` makes of no bytes, or of another number of them than `size`. */
export function fromBase64url(text: unknown, what: string, size?: number): Uint8Array<ArrayBuffer> {
  if (typeof text === 'string' && /^[\w-]*$/.test(text) && text.length % 4 !== 1) {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) =>
      letter.charCodeAt(0),
    );
    if ((size === undefined || bytes.length === size) && toBase64url(bytes) === text) return bytes;
  }
  throw new SottoError('malformed', `${what} is not ${size === undefined ? 'bytes' : `${size} bytes`} in base64url.`);
}
