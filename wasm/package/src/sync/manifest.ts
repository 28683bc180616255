// The manifest: what a device must know to take part (docs/sync_protocol.md). It is checked against itself, against the
// model that is open, and against the helper's own list.
import { SottoError } from '../errors.js';
import { toBase64url } from '../base64url.js';
import { Fields } from './fields.js';
import { download, secureAddress } from './http.js';
import { fetchSigned } from './signed_document.js';
import { type Task, readTask } from './wire.js';

const format = 1;
const maxSlots = 65_536;
const maxReports = 28 * 24;
const maxNoiseThousandths = 1e6;
const maxPriorThousandths = 900;

/** A file that is fetched by its address and checked by its hash. */
export interface FileReference {
  readonly url: URL;
  readonly sha256: Uint8Array;
}

export interface Manifest {
  readonly version: number;
  /** The model's fingerprint. */
  readonly model: string;
  readonly taskId: Uint8Array<ArrayBuffer>;
  /** The task's TaskConfiguration, and what it says. */
  readonly configuration: Uint8Array<ArrayBuffer>;
  readonly task: Task;
  readonly slots: FileReference;
  /** The deviation of each aggregator's noise. */
  readonly noiseThousandths: number;
  /** What one device sends at most in 28 days. */
  readonly reports: number;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly operator: { readonly single: boolean; readonly words: string };
  /** `prior`: the trend's probability before the device has a record of its own; 0: switched off. */
  readonly trend?: FileReference & { readonly version: number; readonly prior: number };
}

/**
 * Fetches the manifest and checks it.
 *
 * @param now seconds since 1970
 * @throws SottoError as fetchSigned, `unsupported_version`, `out_of_range` for an expired one, `mismatch`
 */
export async function fetchManifest(
  address: string | URL,
  key: string,
  now: number,
  signal?: AbortSignal,
): Promise<Manifest> {
  const url = secureAddress(address);
  const fields = new Fields(await fetchSigned(url, 'manifest', key, signal), 'The manifest');
  requireKind(fields, 'sotto-manifest');
  const manifest = read(fields, url);
  if (manifest.expires <= now) {
    throw new SottoError('out_of_range', 'The manifest has expired: the site has to publish a new one.');
  }
  await checkTask(manifest, fields);
  return manifest;
}

function requireKind(fields: Fields, kind: string): void {
  if (fields.text('kind') !== kind) throw new SottoError('mismatch', `This is no ${kind}: check the addresses.`);
  if (fields.number('format', 0, Number.MAX_SAFE_INTEGER) !== format) {
    throw new SottoError('unsupported_version', `The ${kind} is of a format that this release does not read.`);
  }
}

function read(fields: Fields, base: URL): Manifest {
  const file = (one: Fields) => ({ url: secureAddress(one.text('url'), base), sha256: one.bytes('sha256', 32) });
  const whole = (of: Fields, member: string) => of.number(member, 1, Number.MAX_SAFE_INTEGER);
  const task = fields.of('task');
  const configuration = task.bytes('configuration');
  const trend = fields.optional('trend');
  const operator = fields.of('operator');
  return {
    version: whole(fields, 'version'),
    model: fields.of('model').text('fingerprint'),
    taskId: task.bytes('id', 32),
    configuration,
    task: readTask(configuration),
    slots: file(fields.of('slots')),
    noiseThousandths: fields.number('noise', 0, maxNoiseThousandths, 1000),
    reports: fields.number('reports', 1, maxReports),
    expires: whole(fields, 'expires'),
    operator: { single: operator.boolean('single'), words: operator.text('words') },
    ...(trend
      ? {
          trend: {
            ...file(trend),
            version: whole(trend, 'version'),
            prior: trend.number('prior', 0, maxPriorThousandths, 1000) / 1000,
          },
        }
      : {}),
  };
}

/** The task has to be the one that these parameters make: its task_info is their hash, and HPKE binds it. */
async function checkTask({ task, model, slots, noiseThousandths, reports, expires }: Manifest, fields: Fields) {
  const parameters = `sotto private sync 1
model ${model}
slots_sha256 ${hexadecimal(slots.sha256)}
slots ${fields.of('slots').number('count', 2, maxSlots)}
noise_thousandths ${noiseThousandths}
reports_per_28_days ${reports}
min_batch ${fields.number('min_batch', 1, Number.MAX_SAFE_INTEGER)}
expires ${expires}
`;
  const info = await sha256(new TextEncoder().encode(parameters));
  const agrees =
    task.taskInfo.join() === info.join() &&
    task.leader === fields.text('leader') &&
    task.helper === fields.text('helper') &&
    task.slots === fields.of('slots').number('count', 2, maxSlots) &&
    task.minBatch === fields.number('min_batch', 1, Number.MAX_SAFE_INTEGER);
  if (!agrees) throw new SottoError('mismatch', 'The manifest and its task say different things: nothing is sent.');
}

/** The file of a reference. Throws `mismatch` where it is not the one that was signed. */
export async function fetchFile(
  { url, sha256: expected }: FileReference,
  maxBytes: number,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await download(url, maxBytes, signal);
  if ((await sha256(bytes)).join() === expected.join()) return bytes;
  throw new SottoError('mismatch', `${url} is not the file that the manifest names: nothing of it is used.`);
}

/**
 * Asks the helper itself whether it takes part in this very task, so that no leader can make a task for one device.
 *
 * @returns the version of the helper's list
 * @throws SottoError as fetchSigned, `missing` for a task that it does not list, `mismatch` for another under its id
 */
export async function askHelper(manifest: Manifest, list: URL, key: string, signal?: AbortSignal): Promise<number> {
  const fields = new Fields(await fetchSigned(list, 'tasks', key, signal), `The helper's list`);
  requireKind(fields, 'sotto-tasks');
  const id = toBase64url(manifest.taskId);
  const listed = fields.list('tasks').find((task) => task.text('id') === id);
  if (listed === undefined) {
    throw new SottoError('missing', 'The helper does not take part in the task of this manifest: nothing is sent.');
  }
  const agrees =
    listed.text('configuration', maxSlots) === toBase64url(manifest.configuration) &&
    listed.text('model') === manifest.model &&
    listed.number('expires', 0, Number.MAX_SAFE_INTEGER) === manifest.expires;
  if (!agrees) {
    throw new SottoError(
      'mismatch',
      'The helper knows the task of this manifest by other parameters: nothing is sent.',
    );
  }
  return fields.number('version', 1, Number.MAX_SAFE_INTEGER);
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
