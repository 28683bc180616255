// A user's record on a server, as long as the user wants it there: sealed under a recovery code that only the user has.
import { type BackupOptions, deleteBackup, getBackup, putBackup } from './backup_client.js';
import { type BackupSecrets, secretsOf } from './backup_secrets.js';
import type { Catalogue } from './catalogue.js';
import type { Engine } from './engine.js';
import { SottoError } from './errors.js';
import { carriedOver } from './other_version.js';
import { codeOf, keyOf, keySize } from './recovery_code.js';
import { sealBackup, unsealBackup } from './sealed_backup.js';
import { type StoredState, isStoredState } from './stored_record.js';

/** Stores the record under this code, or under a new one; resolves with the code. */
export async function storeBackup(
  server: string | URL,
  record: StoredState,
  code: string | undefined,
  options: BackupOptions,
): Promise<string> {
  requireCryptography();
  const key = code === undefined ? crypto.getRandomValues(new Uint8Array(keySize)) : await keyOf(code);
  const secrets = await secretsOf(key);
  await putBackup(server, secrets, await sealBackup(record, secrets), options);
  return codeOf(key);
}

/** The record under this code. */
export async function readBackup(server: string | URL, code: string, options: BackupOptions): Promise<StoredState> {
  const secrets = await secretsOfCode(code);
  const record = await unsealBackup(await getBackup(server, secrets, options), secrets);
  if (isStoredState(record)) return record;
  throw new SottoError('unsupported_version', 'Another release of sotto has made this backup: use that one.');
}

/** The state in a record, as one of this version of the model. */
export function stateFor(engine: Engine, catalogue: Catalogue, record: StoredState): Uint8Array {
  return record.fingerprint === engine.fingerprint ? record.state : carriedOver(record, engine, catalogue);
}

/** Removes the record under this code. */
export async function removeBackup(server: string | URL, code: string, options: BackupOptions): Promise<void> {
  await deleteBackup(server, await secretsOfCode(code), options);
}

async function secretsOfCode(code: string): Promise<BackupSecrets> {
  requireCryptography();
  return secretsOf(await keyOf(code));
}

function requireCryptography(): void {
  if (globalThis.crypto?.subtle !== undefined) return;
  throw new SottoError(
    'unsupported',
    'Backups cannot be encrypted here, because browsers have cryptography (crypto.subtle) in secure contexts only: ' +
      'serve the page over HTTPS, or from localhost.',
  );
}
