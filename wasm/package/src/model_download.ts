// The model file on its way to the page: how it is asked for, how far it has come, and whether it is the right one.
import { type ByteSource, type FileRequest, openFile, readFile } from './byte_source.js';
import { rareCases } from './on_demand.js';
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
  const isHash = sha256 === undefined || /^[0-9a-f]{64}$/i.test(sha256);
  if (!isHash || (sha256 && !globalThis.crypto?.subtle)) throw (await rareCases()).notHashable(sha256, isHash);
  // What is needed besides is loaded while the model is.
  if (sha256) rareCases().catch(() => {});
  const following = onProgress && import('./progress.js').catch(() => undefined);
  const tell = (progress: LoadProgress) => callSafely(() => onProgress?.(progress));

  const file = await openFile(source, 'open(source)', signal, request);
  const progress = await following;
  const { bytes, origin } = await readFile(
    file,
    signal,
    progress && ((response) => progress.readWithProgress(response, tell)),
  );
  if (bytes[8] !== startOfHeader) (await rareCases()).refuseForeignFile(bytes, origin);
  tell({ loaded: bytes.byteLength, total: bytes.byteLength }); // now it is known
  if (sha256) await (await rareCases()).requireHash(bytes, sha256);
  return bytes;
}

/** Of a model file: “{”, behind the 8 bytes of the header's size. */
const startOfHeader = 0x7b;
