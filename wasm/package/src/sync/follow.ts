// Following the trend: a download like any other, the same for everybody. It needs no consent, because nothing about the
// visitor leaves the device.
import { requireOptions } from '../arguments.js';
import { SottoError } from '../errors.js';
import type { Item } from '../model_file.js';
import type { WasmSource } from '../module_loader.js';
import type { Recommender } from '../recommender.js';
import type { TrendEntry } from '../trend.js';
import { compileSync } from './compile.js';
import { type Manifest, fetchFile, fetchManifest } from './manifest.js';
import { SyncModule } from './module.js';
import { SlotMap, readTrend } from './slots.js';
import { changeRecord } from './sync_store.js';

/** What `follow` takes. */
export interface FollowOptions {
  /** Where the site publishes its manifest. */
  readonly manifest: string | URL;
  /** The Ed25519 key that signs the manifest, 43 characters of base64url. It belongs into the page's own code. */
  readonly key: string;
  /** Ends everything: the promise then rejects with the code `interrupted`. */
  readonly signal?: AbortSignal;
  /** The package's sotto-sync.wasm; by default beside this file. */
  readonly wasm?: WasmSource;
  /** Milliseconds since 1970; by default `Date.now`. */
  readonly clock?: () => number;
}

/** The trend that is followed. */
export interface FollowedTrend {
  /** Counts the trends that were published; 0 before the first. */
  readonly version: number;
  /** Whether it changes recommendations. */
  readonly applied: boolean;
}

const maxSlotMapBytes = 16e6;
const maxTrendBytes = 200e3;

/**
 * Downloads what many users choose at present and sets it as the recommender's trend. Call it at each visit: the trend is
 * not stored.
 *
 * @throws SottoError `network`, `interrupted`, `malformed`, `mismatch` where the manifest is not signed by the pinned key
 *   or is of another model, `out_of_range` where it has expired or is older than one seen before, `unsupported`,
 *   `storage_unavailable` where the versions seen cannot be kept
 */
export async function follow(recommender: Recommender, options: FollowOptions): Promise<FollowedTrend> {
  requireOptions(options, 'follow');
  return (await enter(recommender, options)).trend;
}

/** What following the trend leaves behind for a report. */
export interface Visit {
  readonly manifest: Manifest;
  readonly module: WebAssembly.Module;
  readonly sync: SyncModule;
  readonly slots: SlotMap;
  readonly trend: FollowedTrend;
}

export async function enter(recommender: Recommender, options: FollowOptions): Promise<Visit> {
  const { signal, key, clock = Date.now } = options;
  const [manifest, module] = await Promise.all([
    fetchManifest(options.manifest, key, clock() / 1000, signal),
    compileSync(options.wasm),
  ]);
  if (manifest.model !== recommender.modelInfo.fingerprint) {
    throw new SottoError(
      'mismatch',
      'The manifest is of another model than the one that is open: publish both at once.',
    );
  }
  await onlyUp(key, 'manifest', manifest.version);
  const [sync, slotFile, trendFile] = await Promise.all([
    SyncModule.open(module),
    fetchFile(manifest.slots, maxSlotMapBytes, signal),
    manifest.trend && fetchFile(manifest.trend, maxTrendBytes, signal),
  ]);
  const slots = new SlotMap(slotFile);
  if (slots.catalogueItems !== recommender.items || slots.count !== manifest.task.slots) {
    throw new SottoError('mismatch', 'The slot map is of another catalogue than the model that is open.');
  }
  if (trendFile === undefined || manifest.trend === undefined) {
    return { manifest, module, sync, slots, trend: { version: 0, applied: false } };
  }
  const { version, values } = readTrend(trendFile, slots, manifest.slots.sha256);
  if (version !== manifest.trend.version) {
    throw new SottoError('mismatch', 'The trend is of another version than the manifest says.');
  }
  await onlyUp(key, 'trend', version);
  const { catalogue } = recommender;
  const items = values.map(({ item, isProbability, nats }): TrendEntry => {
    const { id } = catalogue[item] as Item; // the map is of this catalogue
    return isProbability ? { id, logProbability: nats } : { id, logRatio: nats };
  });
  const prior = manifest.trend.prior;
  recommender.setTrend({ items, prior });
  return { manifest, module, sync, slots, trend: { version, applied: items.length > 0 && prior > 0 } };
}

/** Refuses a document that is older than one that this device has seen of the same signer, so that none can be undone. */
export async function onlyUp(key: string, document: string, version: number): Promise<void> {
  const name = `${document} ${key}`;
  await changeRecord((record) => {
    const seen = record.versions?.[name] ?? 0;
    if (version < seen) {
      throw new SottoError(
        'out_of_range',
        `The ${document} has version ${version}; this device has seen version ${seen}.`,
      );
    }
    const next = version === seen ? record : { ...record, versions: { ...record.versions, [name]: version } };
    return { record: next, result: undefined };
  });
}
