// What follows from a backup's key (HKDF-SHA-256, RFC 5869, without salt). The server learns the id and the owner token,
// and neither the key nor the cipher can be computed from them.
import { toBase64url } from './base64url.js';

export interface BackupSecrets {
  /** Names the backup on the server: 43 characters of base64url. */
  readonly id: string;
  /** Proves the right to replace and to remove it; as long as the id. */
  readonly owner: string;
  /** Encrypts it: AES-256-GCM. */
  readonly cipher: CryptoKey;
}

export async function secretsOf(key: Uint8Array<ArrayBuffer>): Promise<BackupSecrets> {
  const secret = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveBits', 'deriveKey']);
  const bits = async (purpose: string) =>
    toBase64url(new Uint8Array(await crypto.subtle.deriveBits(derivation(purpose), secret, 256)));
  const [id, owner, cipher] = await Promise.all([
    bits('id'),
    bits('owner'),
    crypto.subtle.deriveKey(derivation('cipher'), secret, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
  ]);
  return { id, owner, cipher };
}

function derivation(purpose: string): HkdfParams {
  const info = new TextEncoder().encode(`sotto backup 1 ${purpose}`);
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info };
}
