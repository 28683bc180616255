// The model file on its way to the page: how it is asked for, how far it has come, and whether it is the right one.
import { type ByteSource, type FileRequest, openFile, readFile } from './byte_source.js';
import { SottoError } from './errors.js';
import { requireModelFile } from './model_file.js';
import { callSafely } from './report_error.js';

/** How far the model file has come. */
export interface LoadProgress {
  /** Bytes that are here. */
  readonly loaded: number;
  /** Bytes of the whole file. Absent while they are not known: the server does not say, or it sends a compressed answer. */
  readonly total?: number;
}

/** What `open` asks of the model file. */
export interface ModelDownload {
  readonly signal: AbortSignal | undefined;
  readonly request: FileRequest | undefined;
  readonly onProgress: ((progress: LoadProgress) => void) | undefined;
  readonly sha256: string | undefined;
}

/** The model file, read as a whole and checked. */
export async function readModel(source: ByteSource, download: ModelDownload): Promise<Uint8Array> {
  const { signal, request, onProgress, sha256 } = download;
  if (sha256 !== undefined) requireHashable(sha256);
  const tell = (loaded: number, total?: number) =>
    callSafely(() => onProgress?.(total === undefined ? { loaded } : { loaded, total }));
  const file = await openFile(source, 'open(source)', signal, request);
  const { bytes, origin } = await readFile(file, signal, onProgress && tell);
  requireModelFile(bytes, origin);
  tell(bytes.byteLength, bytes.byteLength); // now it is known
  if (sha256 !== undefined) await requireHash(bytes, sha256.toLowerCase());
  return bytes;
}

function requireHashable(sha256: string): void {
  if (!/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new SottoError('invalid_argument', `The option sha256 takes 64 hexadecimal digits, not “${sha256}”.`);
  }
  if (globalThis.crypto?.subtle !== undefined) return;
  throw new SottoError(
    'unsupported',
    'The model cannot be checked here, because browsers have cryptography (crypto.subtle) in secure contexts only: ' +
      'serve the page over HTTPS, or leave out the option sha256.',
  );
}

async function requireHash(bytes: Uint8Array, expected: string): Promise<void> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (found === expected) return;
  throw new SottoError(
    'wrong_model',
    `The model file has the SHA-256 ${found}, not ${expected} as the option sha256 says: ` +
      'deploy the model and the page together, or correct the option.',
  );
}
