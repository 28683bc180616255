// What is asked of a server: without cookies and without the page's address, and never more bytes than expected.
import { SottoError } from '../errors.js';

/** Over HTTPS, or on this machine. Throws `invalid_argument`. */
export function secureAddress(address: string | URL, base?: string | URL): URL {
  const local = ['localhost', '127.0.0.1', '[::1]'];
  let url: URL;
  try {
    url = new URL(address, base ?? (typeof location === 'undefined' ? undefined : location.href));
  } catch (error) {
    throw new SottoError('invalid_argument', `“${address}” is not an address.`, error);
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && local.includes(url.hostname))) return url;
  throw new SottoError('invalid_argument', `${url.href} is not an address of HTTPS, which private sync needs.`);
}

/** A path below an aggregator's endpoint, which may end with a slash. */
export function below(endpoint: string, path: string): URL {
  return secureAddress(endpoint.replace(/\/+$/, '') + path);
}

/** The server's answer, whatever its status. Throws `network` and `interrupted`. */
export async function ask(url: URL, request: RequestInit, signal?: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, {
      ...request,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    throw failure(url, error, signal);
  }
}

/** The whole of a file of at most so many bytes. Throws `network`, `interrupted` and `out_of_range`. */
export async function download(url: URL, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await ask(url, { cache: 'no-cache' }, signal);
  if (!response.ok) throw new SottoError('network', `${url} answered ${response.status}: check the address.`);
  return readBody(url, response, maxBytes, signal);
}

export async function readBody(
  url: URL,
  response: Response,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    const reader = response.body?.getReader();
    for (let read = await reader?.read(); read !== undefined && !read.done; read = await reader?.read()) {
      parts.push(read.value);
      size += read.value.length;
      if (size <= maxBytes) continue;
      await reader?.cancel();
      throw new SottoError('out_of_range', `${url} has more than the ${maxBytes} bytes that are expected.`);
    }
  } catch (error) {
    throw failure(url, error, signal);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function failure(url: URL, error: unknown, signal: AbortSignal | undefined): unknown {
  if (error instanceof SottoError) return error;
  if (signal?.aborted) return interrupted(signal);
  return new SottoError('network', `${url} was not reached (${error}): check the address and the connection.`, error);
}

export function interrupted(signal: AbortSignal): SottoError {
  return new SottoError('interrupted', 'Private sync was stopped by its AbortSignal.', signal.reason);
}
