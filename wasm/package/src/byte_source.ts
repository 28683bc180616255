// Files from wherever they are: the network in browsers and workers, the file system in Node.
import { isUrl, refused } from './arguments.js';
import { bytesOf, isBlob, isResponse } from './bytes.js';
import { SottoError, interruptedError, reasonOf } from './errors.js';
import { rareCases } from './on_demand.js';

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

/** A file's bytes, and where they are from, for people. */
export interface WholeFile {
  readonly bytes: Uint8Array;
  readonly origin: string;
}

/** A file that is on its way. */
export type OpenedFile = WholeFile | { readonly response: Response };

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
  const given = isAddress(source) ? source : await source;
  if (!isAddress(given) || given === '') {
    const bytes = bytesOf(given);
    if (bytes !== undefined) return { bytes, origin: `the bytes given to ${argument}` };
    if (isBlob(given)) {
      return { bytes: new Uint8Array(await given.arrayBuffer()), origin: `the file given to ${argument}` };
    }
    if (isResponse(given)) return requireOk(given, argument);
    throw refused(argument, `the file's address or its bytes`, given);
  }
  const path = pathInNode(given);
  if (path !== undefined) {
    const { readFromDisk } = await rareCases();
    return { bytes: await readFromDisk(path, signal), origin: short(given) };
  }
  if (typeof fetch !== 'function') throw refused(argument, 'bytes where there is no fetch', given);
  const request = {
    ...(signal && { signal }),
    ...(headers && { headers }),
    ...(credentials && { credentials }),
    ...(cache && { cache }),
  };
  try {
    return requireOk(await fetch(given, request), argument);
  } catch (error) {
    requireRequest(request);
    throw fileError(error, given, signal);
  }
}

/** `fetch` rejects alike for what it cannot reach and for what it does not take. */
function requireRequest(request: RequestInit): void {
  try {
    new Request('data:,', request);
  } catch (error) {
    throw new SottoError('invalid_argument', `The option request is not what fetch takes: ${reasonOf(error)}.`, error);
  }
}

/** The whole of an opened file. `read` may read the body in another way. */
export async function readFile(
  file: OpenedFile,
  signal?: AbortSignal,
  read: (response: Response) => Promise<ArrayBuffer> = (response) => response.arrayBuffer(),
): Promise<WholeFile> {
  if ('bytes' in file) return file;
  const { response } = file;
  try {
    const type = response.headers.get('content-type') ?? 'no type';
    return { bytes: new Uint8Array(await read(response)), origin: `${short(response.url)} (${type})` };
  } catch (error) {
    throw fileError(error, response.url, signal);
  }
}

/** An address for people; one of the kind data: holds the whole file. */
function short(address: string | URL): string {
  return String(address).slice(0, 200);
}

export function isAddress(value: unknown): value is string | URL {
  return typeof value === 'string' || isUrl(value);
}

/** An answer whose body can be read. */
export function requireOk(response: Response, argument: string): OpenedFile {
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
  return new SottoError(
    'network',
    `Could not read ${short(source)} (${reasonOf(error)}): check the address and the connection.`,
    error,
  );
}

/** What to read from disk for this source; undefined where it has to be fetched. */
function pathInNode(source: string | URL): string | URL | undefined {
  const { process } = globalThis as { process?: { readonly versions?: { readonly node?: string } } };
  if (process?.versions?.node === undefined) return undefined;
  if (typeof source !== 'string') return source.protocol === 'file:' ? source : undefined;
  if (source.startsWith('file:')) return new URL(source);
  // Under Node, too, a page may be simulated (jsdom); its relative addresses are the page's.
  const hasScheme = /^[a-z][a-z0-9+.-]+:/i.test(source);
  return hasScheme || typeof location !== 'undefined' ? undefined : source;
}
