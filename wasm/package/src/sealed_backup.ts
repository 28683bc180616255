// A user's record as it lies on a server that must not read it.
//
//    8 bytes  "sottobk1", the layout's name and version
//   12 bytes  the initialization vector, random
//   n bytes   encrypted with AES-256-GCM: the size of the record (4 bytes, little-endian), the record of record_bytes.ts,
//             and zeros up to a multiple of 4,096 bytes, so that the length says little about the user
//   16 bytes  the tag
//
// The backup's id is authenticated beside it, so that a server cannot answer with another backup. The model's fingerprint
// is in the record.
import { SottoError } from './errors.js';
import { recordFromBytes, recordToBytes } from './record_bytes.js';
import type { BackupSecrets } from './backup_secrets.js';

/** The longest backup that a server takes, in bytes. */
export const maxBackupSize = 256 * 1024;

const layout = new TextEncoder().encode('sottobk1');
const vectorSize = 12;
const tagSize = 16;
const begin = layout.length + vectorSize;
const step = 4096;

/** @throws SottoError `out_of_range` when it would be longer than a server takes */
export async function sealBackup(record: unknown, { id, cipher }: BackupSecrets): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = recordToBytes(record);
  const padded = new Uint8Array(Math.ceil((4 + bytes.length) / step) * step);
  const size = begin + padded.length + tagSize;
  if (size > maxBackupSize) {
    throw new SottoError(
      'out_of_range',
      `The backup would have ${size} bytes, and a server takes ${maxBackupSize}: the items' ids are too long for it.`,
    );
  }
  new DataView(padded.buffer).setUint32(0, bytes.length, true);
  padded.set(bytes, 4);
  const iv = crypto.getRandomValues(new Uint8Array(vectorSize));
  const sealed = new Uint8Array(size);
  sealed.set(layout);
  sealed.set(iv, layout.length);
  sealed.set(new Uint8Array(await crypto.subtle.encrypt(parameters(iv, id), cipher, padded)), begin);
  return sealed;
}

/**
 * @throws SottoError `unsupported_version` for a layout of a later release, `malformed` for anything that `sealBackup` did
 *   not make with these secrets
 */
export async function unsealBackup(sealed: Uint8Array<ArrayBuffer>, { id, cipher }: BackupSecrets): Promise<unknown> {
  const named = layout.length - 1;
  if (!layout.subarray(0, named).every((byte, index) => sealed[index] === byte)) {
    throw new SottoError('malformed', 'The server answered with something that is no backup: check the address.');
  }
  if (sealed[named] !== layout[named]) {
    throw new SottoError('unsupported_version', 'A later release of sotto has made this backup: use that one.');
  }
  let padded: Uint8Array<ArrayBuffer>;
  try {
    const iv = sealed.slice(layout.length, begin);
    padded = new Uint8Array(await crypto.subtle.decrypt(parameters(iv, id), cipher, sealed.subarray(begin)));
  } catch (error) {
    throw new SottoError('malformed', 'The backup is damaged: make another on the first device.', error);
  }
  const size = new DataView(padded.buffer).getUint32(0, true);
  return recordFromBytes(padded.subarray(4, 4 + size));
}

function parameters(iv: Uint8Array<ArrayBuffer>, id: string): AesGcmParams {
  return {
    name: 'AES-GCM',
    iv,
    additionalData: new TextEncoder().encode(`sotto backup 1 ${id}`),
    tagLength: 8 * tagSize,
  };
}
