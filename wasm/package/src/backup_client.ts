// Backups on a server of "sotto serve": what is sent there, and what its answers mean.
import { isUrl, refused } from './arguments.js';
import { SottoError, reasonOf } from './errors.js';
import type { BackupSecrets } from './backup_secrets.js';
import { maxBackupSize } from './sealed_backup.js';

/** How the server is asked. Every option may be left out. */
export interface BackupOptions {
  /** Ends the request: the promise then rejects with the code `interrupted`. */
  readonly signal?: AbortSignal;
  /** Headers of your own, such as `Authorization` where the server asks for an API key. */
  readonly headers?: Readonly<Record<string, string>>;
}

type Address = string | URL;

/** Stores a backup, or replaces the one of the same secrets. */
export async function putBackup(
  server: Address,
  { id, owner }: BackupSecrets,
  sealed: Uint8Array<ArrayBuffer>,
  options: BackupOptions,
): Promise<void> {
  const headers = { 'Content-Type': 'application/octet-stream', 'X-Backup-Owner': owner };
  const response = await ask(server, id, { method: 'PUT', headers, body: sealed }, options);
  if (!response.ok) throw refusal(server, response);
}

/** @throws SottoError `backup_not_found` */
export async function getBackup(
  server: Address,
  { id }: BackupSecrets,
  options: BackupOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await ask(server, id, { method: 'GET' }, options);
  if (response.status === 404) {
    throw new SottoError(
      'backup_not_found',
      `${server} has no backup of this recovery code: it was removed, or is on another server.`,
    );
  }
  if (!response.ok) throw refusal(server, response);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    throw failure(server, error, options.signal);
  }
  if (bytes.length > maxBackupSize) {
    throw new SottoError('malformed', 'The server answered with something that is no backup: check the address.');
  }
  return bytes;
}

/** Removes a backup; where there is none, there is nothing to do. */
export async function deleteBackup(
  server: Address,
  { id, owner }: BackupSecrets,
  options: BackupOptions,
): Promise<void> {
  const response = await ask(server, id, { method: 'DELETE', headers: { 'X-Backup-Owner': owner } }, options);
  if (!response.ok && response.status !== 404) throw refusal(server, response);
}

/** Nothing goes along that says whose backup it is: no cookies and no page's address. */
async function ask(server: Address, id: string, request: RequestInit, options: BackupOptions): Promise<Response> {
  const { signal, headers } = options;
  if (typeof server !== 'string' && !isUrl(server)) throw refused('The url of a backup', `a server's address`, server);
  try {
    return await fetch(`${String(server).replace(/\/+$/, '')}/v1/backups/${id}`, {
      ...request,
      headers: { ...headers, ...(request.headers as Record<string, string> | undefined) },
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    throw failure(server, error, signal);
  }
}

function failure(server: Address, error: unknown, signal: AbortSignal | undefined): SottoError {
  if (signal?.aborted) {
    return new SottoError('interrupted', 'The request was stopped by its AbortSignal.', signal.reason);
  }
  return new SottoError(
    'network',
    `${server} was not reached (${reasonOf(error)}): check the address and the connection.`,
    error,
  );
}

function refusal(server: Address, { status }: Response): SottoError {
  if (status === 413) {
    return new SottoError(
      'out_of_range',
      `${server} finds the backup too large: its limit is below ${maxBackupSize} bytes.`,
    );
  }
  return new SottoError(
    'network',
    `${server} answered ${status}: check the address, and that the server takes backups.`,
  );
}
