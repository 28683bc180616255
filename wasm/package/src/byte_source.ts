// Files from wherever they are: the network in browsers and workers, the file system in Node.
import { refused } from './arguments.js';
import { bytesOf, isBlob, isResponse, isUrl } from './bytes.js';
import { SottoError, interruptedError } from './errors.js';

/** Where a file can be opened: a URL, a path (Node), an answer of `fetch`, or the bytes themselves. */
export type FileSource = string | URL | ArrayBufferLike | ArrayBufferView | Blob | Response;

/** The same, or a promise of it. */
export type ByteSource = FileSource | PromiseLike<FileSource>;

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
export type OpenedFile = { readonly bytes: Uint8Array; readonly origin: string } | { readonly response: Response };

/**
 * Begins to read a file. Only an answer with a success status is returned as a response.
 *
 * @param argument what the caller calls this file, for the error about something that is none
 */
export async function openFile(
  source: unknown,
  argument: string,
  signal?: AbortSignal,
  { headers, credentials, cache }: FileRequest = {},
): Promise<OpenedFile> {
  const given = isPromise(source) ? await source : source;
  const bytes = bytesOf(given);
  if (bytes !== undefined) return { bytes, origin: `the bytes given to ${argument}` };
  if (isBlob(given)) {
    return { bytes: new Uint8Array(await given.arrayBuffer()), origin: `the file given to ${argument}` };
  }
  if (isResponse(given)) return requireOk(given, argument);
  if ((typeof given !== 'string' && !isUrl(given)) || given === '') {
    throw refused(argument, `the file's address or its bytes`, given);
  }
  const path = pathInNode(given);
  try {
    if (path !== undefined) return { bytes: await readFromDisk(path, signal), origin: short(given) };
    const request = {
      ...(signal && { signal }),
      ...(headers && { headers }),
      ...(credentials && { credentials }),
      ...(cache && { cache }),
    };
    return requireOk(await fetch(given, request), argument);
  } catch (error) {
    throw fileError(error, given, signal);
  }
}

/** The whole of an opened file, and where it is from. */
export async function readFile(
  file: OpenedFile,
  signal?: AbortSignal,
  onPart?: PartListener,
): Promise<{ readonly bytes: Uint8Array; readonly origin: string }> {
  if ('bytes' in file) return file;
  const { response } = file;
  try {
    const type = response.headers.get('content-type') ?? 'no type';
    const bytes =
      onPart && response.body
        ? await readParts(response.headers, response.body, onPart)
        : new Uint8Array(await response.arrayBuffer());
    return { bytes, origin: `${short(response.url)} (${type})` };
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

/** An address for people; one of the kind data: holds the whole file. */
function short(address: string | URL): string {
  return String(address).slice(0, 200);
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === 'function';
}

function requireOk(response: Response, argument: string): OpenedFile {
  if (!response.ok) {
    throw new SottoError(
      'network',
      `The server answered ${response.status} for ${short(response.url)}: check the address.`,
    );
  }
  if (response.bodyUsed) throw refused(argument, 'an answer whose body was not read yet', response);
  return { response };
}

function fileError(error: unknown, source: string | URL, signal: AbortSignal | undefined): SottoError {
  if (signal?.aborted) return interruptedError(signal);
  if (error instanceof SottoError) return error;
  const code = typeof location === 'undefined' && pathInNode(source) !== undefined ? 'io' : 'network';
  const reason = error instanceof Error ? error.message : String(error);
  return new SottoError(
    code,
    `Could not read ${short(source)} (${reason}): check the address and the connection.`,
    error,
  );
}

interface NodeProcess {
  readonly versions?: { readonly node?: string };
  readonly getBuiltinModule?: (name: string) => unknown;
}

const nodeProcess = (): NodeProcess | undefined => (globalThis as { process?: NodeProcess }).process;

/** What to read from disk for this source; undefined where it has to be fetched. */
function pathInNode(source: string | URL): string | URL | undefined {
  if (nodeProcess()?.versions?.node === undefined) return undefined;
  if (typeof source !== 'string') return source.protocol === 'file:' ? source : undefined;
  if (source.startsWith('file:')) return new URL(source);
  // Under Node, too, a page may be simulated (jsdom); its relative addresses are the page's.
  const isAddress = /^[a-z][a-z0-9+.-]+:/i.test(source);
  return isAddress || typeof location !== 'undefined' ? undefined : source;
}

interface FileSystem {
  readFile(path: string | URL, options: { signal?: AbortSignal }): Promise<Uint8Array>;
}

async function readFromDisk(path: string | URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  // Asked for in ways that bundlers for browsers leave alone; Node 18 has only the second.
  const name = 'node:fs/promises';
  const fileSystem = (nodeProcess()?.getBuiltinModule?.(name) ??
    (await import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ name))) as FileSystem;
  return fileSystem.readFile(path, signal ? { signal } : {});
}
