// A record sealed with AES-256-GCM: what is stored in its place.
import { tagOf } from './arguments.js';
import { recordFromBytes, recordToBytes } from './record_bytes.js';

export interface SealedRecord {
  /** Of this layout. */
  readonly sealed: 1;
  /** The initialisation vector, 12 bytes. */
  readonly iv: Uint8Array<ArrayBuffer>;
  /** The record of record_bytes.ts, encrypted, and behind it the tag of 16 bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const algorithm = 'AES-GCM';

/** A new key, whose bytes no script can read. */
export function makeKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: algorithm, length: 256 }, false, ['encrypt', 'decrypt']);
}

/** @throws SottoError `invalid_argument` as `recordToBytes` does */
export async function seal(record: unknown, name: string, key: CryptoKey): Promise<SealedRecord> {
  // Two of a key's vectors must never be equal. Of 96 random bits they are not, with a chance of 1 in 2³², until after
  // 2³² saves: ten a second for 13 years.
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = await crypto.subtle.encrypt(parameters(iv, name), key, recordToBytes(record));
  return { sealed: 1, iv, bytes: new Uint8Array(bytes) };
}

/** Rejects when the key is another, when the record was sealed under another name, and when any bit of it has changed. */
export async function unseal({ iv, bytes }: SealedRecord, name: string, key: CryptoKey): Promise<unknown> {
  return recordFromBytes(new Uint8Array(await crypto.subtle.decrypt(parameters(iv, name), key, bytes)));
}

/** Whether this was a sealed record once, of any layout and however damaged. */
export function isSealed(record: unknown): record is { readonly sealed: number } {
  return typeof record === 'object' && record !== null && typeof (record as { sealed?: unknown }).sealed === 'number';
}

/** Whether it has the layout that `unseal` takes. */
export function isSealedRecord(record: unknown): record is SealedRecord {
  if (!isSealed(record) || record.sealed !== 1) return false;
  const { iv, bytes } = record as Partial<SealedRecord>;
  return tagOf(iv) === 'Uint8Array' && tagOf(bytes) === 'Uint8Array';
}

/** The name is authenticated beside the record: one that is moved to another name does not open there. */
function parameters(iv: Uint8Array<ArrayBuffer>, name: string): AesGcmParams {
  return { name: algorithm, iv, additionalData: new TextEncoder().encode(`sotto sealed 1 ${name}`), tagLength: 128 };
}
