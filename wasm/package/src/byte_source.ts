// Files from wherever they are: the network in browsers and workers, the file system in Node.
import { SottoError, interruptedError } from './errors.js';

/** Where a file can be opened: a URL, a path (Node), or the bytes themselves. */
export type ByteSource = string | URL | ArrayBuffer | Uint8Array;

/** How a server is asked for a file, in the words of `fetch`. Every option may be left out. */
export interface FileRequest {
  /** Headers of your own, such as `Authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether cookies are sent; by default to the page's own origin only. */
  readonly credentials?: 'omit' | 'same-origin' | 'include';
  /** How the browser's HTTP cache is used. */
  readonly cache?: 'default' | 'force-cache' | 'no-cache' | 'no-store' | 'only-if-cached' | 'reload';
}

/** Told of the bytes that have come, and of how many there will be where that is known. */
export type PartListener = (loaded: number, total?: number) => void;

/** A file that is on its way. */
export type OpenedFile = { bytes: Uint8Array } | { response: Response };

/** Begins to read a file. Only an answer with a success status is returned as a response. */
export async function openFile(
  source: ByteSource,
  signal?: AbortSignal,
  { headers, credentials, cache }: FileRequest = {},
): Promise<OpenedFile> {
  if (source instanceof Uint8Array) return { bytes: source };
  if (source instanceof ArrayBuffer) return { bytes: new Uint8Array(source) };
  const path = pathInNode(source);
  try {
    if (path !== undefined) return { bytes: await readFromDisk(path, signal) };
    const response = await fetch(source, {
      ...(signal && { signal }),
      ...(headers && { headers }),
      ...(credentials && { credentials }),
      ...(cache && { cache }),
    });
    if (response.ok) return { response };
    throw new SottoError('network', `The server answered ${response.status} for ${source}: check the address.`);
  } catch (error) {
    throw fileError(error, source, signal);
  }
}

/** The whole file. */
export async function readFile(
  source: ByteSource,
  signal?: AbortSignal,
  request?: FileRequest,
  onPart?: PartListener,
): Promise<Uint8Array> {
  const file = await openFile(source, signal, request);
  return 'bytes' in file ? file.bytes : readResponse(file.response, signal, onPart);
}

/** The rest of an answer, with the same errors as openFile. */
export async function readResponse(
  response: Response,
  signal?: AbortSignal,
  onPart?: PartListener,
): Promise<Uint8Array> {
  try {
    return onPart && response.body
      ? await readParts(response.headers, response.body, onPart)
      : new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw fileError(error, response.url, signal);
  }
}

async function readParts(
  headers: Headers,
  body: ReadableStream<Uint8Array>,
  onPart: PartListener,
): Promise<Uint8Array> {
  // The length of a compressed answer is not that of the file.
  const length = headers.has('content-encoding') ? 0 : Number(headers.get('content-length'));
  const parts: Uint8Array[] = [];
  let loaded = 0;
  const said = () => (length > 0 && loaded <= length ? onPart(loaded, length) : onPart(loaded));
  said();
  const reader = body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    loaded += read.value.byteLength;
    if (loaded !== length) said(); // Whoever has the whole file knows its length.
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

function fileError(error: unknown, source: string | URL, signal: AbortSignal | undefined): SottoError {
  if (signal?.aborted) return interruptedError(signal);
  if (error instanceof SottoError) return error;
  const code = typeof location === 'undefined' && pathInNode(source) !== undefined ? 'io' : 'network';
  const reason = error instanceof Error ? error.message : String(error);
  return new SottoError(code, `Could not read ${source} (${reason}): check the address and the connection.`, error);
}

/** What to read from disk for this source; undefined where it has to be fetched. */
function pathInNode(source: string | URL): string | URL | undefined {
  const node = (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node !== undefined;
  if (!node) return undefined;
  if (source instanceof URL) return source.protocol === 'file:' ? source : undefined;
  if (source.startsWith('file:')) return new URL(source);
  // Under Node, too, a page may be simulated (jsdom); its relative addresses are the page's.
  const isAddress = /^[a-z][a-z0-9+.-]+:/i.test(source);
  return isAddress || typeof location !== 'undefined' ? undefined : source;
}

async function readFromDisk(path: string | URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  // The name is not a literal in the import, so that bundlers for browsers leave it alone.
  const moduleName = 'node:fs/promises';
  const fileSystem = (await import(/* @vite-ignore */ /* webpackIgnore: true */ moduleName)) as {
    readFile(path: string | URL, options: { signal?: AbortSignal }): Promise<Uint8Array>;
  };
  return fileSystem.readFile(path, signal ? { signal } : {});
}
