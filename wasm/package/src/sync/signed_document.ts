// A document that an operator has signed (Ed25519): the manifest, and the helper's list of tasks.
import { SottoError } from '../errors.js';
import { fromBase64url, toBase64url } from '../base64url.js';
import { download } from './http.js';

const maxBytes = 1 << 20;

/**
 * Fetches a document, checks its signature by the key that the page has pinned, and returns its body.
 *
 * @param member names the body in the envelope and the document in errors: "manifest" or "tasks"
 * @throws SottoError `network`, `interrupted`, `malformed`, `mismatch` for another key or signature, `unsupported`
 */
export async function fetchSigned(
  url: URL,
  member: string,
  key: string,
  signal?: AbortSignal,
): Promise<Record<string, unknown>> {
  const pinned = fromBase64url(key, 'The pinned key', 32);
  const envelope = object(parse(await download(url, maxBytes, signal), url), url);
  const body = fromBase64url(envelope[member], `“${member}” of ${url}`);
  const signature = fromBase64url(envelope.signature, `“signature” of ${url}`, 64);
  if (envelope.key !== toBase64url(pinned) || !(await isSigned(pinned, signature, body))) {
    throw new SottoError(
      'mismatch',
      `${url} is not signed by the key that this page has pinned: nothing of it is used.`,
    );
  }
  return object(parse(body, url), url);
}

async function isSigned(
  key: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  let verifier: CryptoKey;
  try {
    verifier = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
  } catch (error) {
    throw new SottoError(
      'unsupported',
      'This browser cannot check the signatures (Ed25519) that private sync needs: use a current one, over HTTPS.',
      error,
    );
  }
  return crypto.subtle.verify('Ed25519', verifier, signature, body);
}

function parse(bytes: Uint8Array, url: URL): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new SottoError('malformed', `${url} is not JSON: check the address.`, error);
  }
}

function object(value: unknown, url: URL): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new SottoError('malformed', `${url} is not a JSON object: check the address.`);
}
