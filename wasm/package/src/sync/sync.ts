// One visit of private sync: follow the trend, and where everything allows it, report one choice.
import { requireOptions } from '../arguments.js';
import { SottoError } from '../errors.js';
import type { Recommender } from '../recommender.js';
import { toBase64url } from '../base64url.js';
import { compileSync } from './compile.js';
import { idle, isMetered, wait } from './conditions.js';
import { type FollowOptions, type Visit, enter, onlyUp } from './follow.js';
import { below, download, interrupted } from './http.js';
import { askHelper } from './manifest.js';
import { SyncModule } from './module.js';
import { uniform } from './random.js';
import { makeReportApart } from './report_thread.js';
import type { Ledger, SyncReason, SyncResult } from './sync_result.js';
import { type PendingReport, type SyncRecord, changeRecord, readRecord } from './sync_store.js';
import { upload } from './upload.js';
import { readHpkeConfig } from './wire.js';

/** What `sync` takes. */
export interface SyncOptions extends FollowOptions {
  /**
   * Whether the visitor has agreed to report: true, or a function that finds out. Nothing is reported without it, and
   * there is no default.
   */
  readonly consent?: boolean | (() => boolean | Promise<boolean>);
  /** The second aggregator: its endpoint, and the Ed25519 key that signs its list of tasks. */
  readonly helper: { readonly url: string; readonly key: string };
  /** Admits one report, where the leader asks for a token. Called before the report leaves. */
  readonly token?: (task: string) => string | Promise<string>;
  /** A report leaves after a random time of at most so many milliseconds; by default an hour. */
  readonly maxDelay?: number;
  /** Waits so many milliseconds; by default with `setTimeout`. */
  readonly wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/**
 * How often a report says "nothing" though there was a choice. A report then does not even show that its device was used
 * since the last one.
 */
export const nothingProbability = 1 / 8;

const delta = 1e-6;
const window = 28 * 24 * 3600 * 1000; // milliseconds
const hour = 3600 * 1000;
const maxAnswerBytes = 1 << 16;

/**
 * Follows the trend, and reports the visitor's latest choice where the visitor has agreed: as two shares, each of which
 * says nothing alone. Call it at each visit; it finds out by itself whether a report is due. The promise may take up to
 * `maxDelay`. A page that is closed before loses nothing: the report leaves at a later visit.
 *
 * @throws SottoError as `follow`, `missing` or `mismatch` where the helper does not know the task, `storage_unavailable`
 *   where the ledger cannot be kept
 */
export async function sync(recommender: Recommender, options: SyncOptions): Promise<SyncResult> {
  requireOptions(options, 'sync');
  const { clock = Date.now } = options;
  const visit = await enter(recommender, options);
  const outcome = await report(recommender, visit, options);
  return {
    sent: typeof outcome === 'number',
    bytes: typeof outcome === 'number' ? outcome : 0,
    epsilon: spentBy(visit.sync, await readRecord(), clock()).epsilon,
    trend: visit.trend,
    ...(typeof outcome === 'number' ? {} : { reason: outcome }),
  };
}

/** What this device has reported, whatever the site. It needs no connection. */
export async function ledger(options: Pick<FollowOptions, 'wasm' | 'clock'> = {}): Promise<Ledger> {
  const { clock = Date.now } = options;
  const [module, record] = await Promise.all([compileSync(options.wasm), readRecord()]);
  return {
    ...spentBy(await SyncModule.open(module), record, clock()),
    pending: record.pending !== undefined,
    ...(record.due === undefined ? {} : { due: new Date(record.due) }),
  };
}

/**
 * Erases what private sync keeps about the visitor: a report that waits, and the time of the latest choice. The ledger
 * stays. It says when reports were made and nothing about choices, and without it forgetting would be a way to report more
 * often than the limit allows.
 */
export async function forget(): Promise<void> {
  await changeRecord(({ pending: _, reportedUntil: __, ...record }) => ({ record, result: undefined }));
}

function spentBy(module: SyncModule, { ledger }: SyncRecord, now: number) {
  module.readLedger(ledger, now / 1000);
  return module.spent(now / 1000, delta);
}

/** The size of what was sent, or why nothing was. */
async function report(recommender: Recommender, visit: Visit, options: SyncOptions): Promise<number | SyncReason> {
  if (!(await hasAgreed(options))) return 'no_consent';
  if (isMetered()) return 'metered';
  return alone(async () => {
    const pending = (await pendingReport(visit)) ?? (await makeReport(recommender, visit, options));
    return typeof pending === 'string' ? pending : send(visit, pending, options);
  });
}

async function hasAgreed({ consent }: SyncOptions): Promise<boolean> {
  return (typeof consent === 'function' ? await consent() : consent) === true;
}

/** Does the work where no other page does it. A browser without locks still has the ledger's transactions. */
function alone(work: () => Promise<number | SyncReason>): Promise<number | SyncReason> {
  const locks = globalThis.navigator?.locks;
  if (locks === undefined) return work();
  return locks.request('sotto sync', { ifAvailable: true }, (lock) =>
    lock === null ? 'another_page' : work(),
  ) as Promise<number | SyncReason>; // the types forget that a promise is waited for
}

/** The report that waits for this task. One for another task is dropped: nobody takes it any more. */
function pendingReport({ manifest }: Visit): Promise<PendingReport | undefined> {
  const task = toBase64url(manifest.taskId);
  return changeRecord(({ pending, ...record }) =>
    pending?.task === task ? { record: { ...record, pending }, result: pending } : { record, result: undefined },
  );
}

async function makeReport(
  recommender: Recommender,
  { manifest, module, sync, slots: map, trend }: Visit,
  { helper, signal, clock = Date.now, maxDelay = hour }: SyncOptions,
): Promise<PendingReport | SyncReason> {
  const task = toBase64url(manifest.taskId);
  const refusalOf = ({ ledger, due = 0, latest }: SyncRecord, now: number): SyncReason | undefined => {
    sync.readLedger(ledger, now / 1000);
    const refusal = sync.mayReport(now / 1000, manifest.reports);
    if (refusal !== undefined) return refusal;
    if (now < due) return 'not_due';
    // A batch that was open then has been published, and so has one that was being closed.
    return latest?.task === task && trend.version < latest.trend + 2 ? 'batch_open' : undefined;
  };
  const record = await changeRecord((stored) => {
    const replacement = sync.readLedger(stored.ledger, clock() / 1000);
    const record = replacement === undefined ? stored : { ...stored, ledger: replacement };
    return { record, result: record };
  });
  const refusal = refusalOf(record, clock());
  if (refusal !== undefined) return refusal;

  if (manifest.noiseThousandths === 0) {
    throw new SottoError('out_of_range', 'The aggregators of this manifest add no noise: nothing is sent.');
  }
  if (below(helper.url, '').href !== below(manifest.task.helper, '').href) {
    throw new SottoError('mismatch', 'The manifest names another helper than this page does: nothing is sent.');
  }
  const [listVersion, ...configs] = await Promise.all([
    askHelper(manifest, below(helper.url, '/tasks.json'), helper.key, signal),
    ...[manifest.task.leader, manifest.task.helper].map((endpoint) =>
      download(below(endpoint, '/hpke_config'), maxAnswerBytes, signal).then(readHpkeConfig),
    ),
  ]);
  await onlyUp(helper.key, 'tasks', listVersion);
  const [leaderConfig, helperConfig] = configs as [
    ReturnType<typeof readHpkeConfig>,
    ReturnType<typeof readHpkeConfig>,
  ];

  const choice = latestChoice(recommender, record.reportedUntil);
  const { timePrecision, slots, chunkLength } = manifest.task;
  const body = await makeReportApart({
    module,
    plan: {
      taskId: manifest.taskId,
      configuration: manifest.configuration,
      slots,
      chunkLength,
      time: Math.floor(clock() / 1000 / timePrecision),
      slot: choice === undefined || uniform() < nothingProbability ? 0 : map.slotOf(choice.item),
    },
    leader: leaderConfig,
    helper: helperConfig,
  });
  if (signal?.aborted) throw interrupted(signal);

  const now = clock();
  const pending: PendingReport = { task, upload: body, notBefore: now + maxDelay * uniform() };
  const interval = (window / manifest.reports) * (0.5 + 0.5 * uniform());
  // The ledger's entry and the report come to the disk together, or not at all.
  return changeRecord<PendingReport | SyncReason>((before) => {
    const late = before.pending === undefined ? refusalOf(before, now) : 'another_page';
    if (late !== undefined) return { record: before, result: late };
    return {
      record: {
        ...before,
        ledger: sync.record(now / 1000, manifest.reports, manifest.noiseThousandths),
        pending,
        due: now + interval,
        latest: { task, trend: trend.version },
        ...(choice === undefined ? {} : { reportedUntil: choice.at }),
      },
      result: pending,
    };
  });
}

async function send({ manifest }: Visit, pending: PendingReport, options: SyncOptions): Promise<number | SyncReason> {
  const { signal, token, clock = Date.now, wait: pause = wait } = options;
  try {
    await pause(Math.max(0, pending.notBefore - clock()), signal);
    await idle();
    // The visitor may have changed their mind meanwhile.
    if (!(await hasAgreed(options))) return 'no_consent';
    if ((await readRecord()).pending?.notBefore !== pending.notBefore) return 'forgotten';
    const admission = await token?.(pending.task);
    const again = (milliseconds: number) => pause(milliseconds, signal);
    const outcome = await upload(manifest.task.leader, pending.task, pending.upload, again, admission, signal);
    if (outcome === 'unreachable') return outcome;
    await changeRecord((record) => {
      const { pending: stored, ...rest } = record;
      return { record: stored?.notBefore === pending.notBefore ? rest : record, result: undefined };
    });
    return outcome === 'sent' ? pending.upload.length : outcome;
  } catch (error) {
    if (signal?.aborted) throw interrupted(signal);
    throw error;
  }
}

/** The latest choice since the latest report. */
function latestChoice(recommender: Recommender, reportedUntil = -Infinity): { item: number; at: number } | undefined {
  const latest = recommender.history.at(-1);
  if (latest === undefined || latest.at.getTime() <= reportedUntil) return undefined;
  return { item: recommender.catalogue.findIndex(({ id }) => id === latest.id), at: latest.at.getTime() };
}
