// Both sides as servers of their own: devices report to them over HTTP, and this page watches as the leader's operator.
import type { Recommender, Trend, TrendEntry } from 'sotto';
import { toBase64url } from '#sotto-package/base64url.js';
import { compileSync } from '#sotto-package/sync/compile.js';
import { askHelper, fetchFile, fetchManifest, type Manifest } from '#sotto-package/sync/manifest.js';
import { SlotMap, readTrend } from '#sotto-package/sync/slots.js';
import { aggregateAddress } from './aggregate_address';
import type { Aggregation, AggregationEvents, Publication, Servers } from './aggregation';
import { DeviceCrew } from './device_crew';
import { type LeaderOverview, type Release, askLeader, settledBatches, verifiedReports } from './leader_overview';
import type { Outcome } from './outcome';
import type { SentReport, ServerDeviceCalls } from './server_device_worker';
import { Sides } from './sides';
import { SlotTable, chancesById } from './slots';
import { WorkerCalls } from './worker_calls';

const pollMilliseconds = 400;
const maxSlotMapBytes = 1e6;
/** Reports that a worker makes before it looks for the next part. */
const partSize = 5;
/** Looks at the leader for which a number has to stay the same. */
const patience = 8;

type Crew = DeviceCrew<ServerDeviceCalls>;

export class ServerAggregation implements Aggregation {
  readonly servers: Servers;
  readonly slots: SlotTable;
  readonly batchSize: number;
  readonly deviation: number;
  readonly #recommender: Recommender;
  readonly #manifest: Manifest;
  readonly #map: SlotMap;
  readonly #operatorKey: string;
  #events: AggregationEvents | undefined;
  #version: number;
  #overview: LeaderOverview;
  /** Ends `collect`, while it waits for the batch's end. */
  #resolve: ((publication: Publication) => void) | undefined;
  #crew: Promise<Crew> | undefined;
  #views: Promise<Sides> | undefined;
  #aggregateModule: Promise<WebAssembly.Module> | undefined;

  private constructor(
    servers: Servers,
    recommender: Recommender,
    manifest: Manifest,
    map: SlotMap,
    overview: LeaderOverview,
    operatorKey: string,
  ) {
    this.servers = servers;
    this.#recommender = recommender;
    this.#manifest = manifest;
    this.#map = map;
    this.#operatorKey = operatorKey;
    this.#overview = overview;
    this.#version = overview.releases[0]?.version ?? 0;
    this.batchSize = manifest.task.minBatch;
    this.deviation = manifest.noiseThousandths / 1000;
    const { catalogue } = recommender;
    const ids = Array.from({ length: map.count }, (_, slot) => catalogue[map.itemOf(slot)?.item ?? -1]?.id);
    this.slots = new SlotTable(ids, chancesById(recommender.popular(recommender.items), recommender.temperature));
  }

  /** Asks both servers, as a device does: by signed documents and pinned keys. */
  static async open(servers: Servers, operatorKey: string, recommender: Recommender): Promise<ServerAggregation> {
    const { leader, helper } = servers;
    const manifest = await fetchManifest(`${leader.url}/v1/sync/manifest`, leader.key, Date.now() / 1000);
    await askHelper(manifest, new URL(`${helper.url}/tasks.json`), helper.key);
    const map = new SlotMap(await fetchFile(manifest.slots, maxSlotMapBytes));
    const overview = await askLeader(leader.url, operatorKey);
    return new ServerAggregation(servers, recommender, manifest, map, overview, operatorKey);
  }

  listen(events: AggregationEvents): void {
    this.#events = events;
    void this.#watch();
  }

  async collect(choose: (devices: number) => readonly number[], signal: AbortSignal): Promise<Publication> {
    let isPublished = false;
    const published = new Promise<Publication>((resolve) => {
      this.#resolve = (publication) => {
        isPublished = true;
        resolve(publication);
      };
    });
    try {
      const crew = await this.#openCrew();
      this.#overview = await this.#ask();
      const settledBefore = settledBatches(this.#overview).length;
      let missing = this.#missing();
      let unchanged = patience;
      let shown: Promise<void> | undefined;
      while (!isPublished) {
        signal.throwIfAborted();
        const settled = settledBatches(this.#overview);
        if (settled.length > settledBefore && settled[0]?.state === 'given_up') {
          throw new Error(`both sides gave the batch up (${settled[0].reason}); nothing of it was opened.`);
        }
        const isOver =
          settled.length > settledBefore || this.#overview.batches.some(({ state }) => state === 'closing');
        // Reports that are being verified are counted nowhere: the number of missing ones is believed once it stays.
        if (!isOver && missing > 0 && unchanged >= patience) {
          await crew.share(choose(missing), partSize, async (worker, part) => {
            signal.throwIfAborted();
            const report = await worker.call('send', part);
            if (report !== undefined) shown ??= this.#showViews(report);
          });
          await shown;
          unchanged = 0;
        }
        await Promise.race([published, pause()]);
        unchanged = this.#missing() === missing ? unchanged + 1 : 0;
        missing = this.#missing();
      }
      return await published;
    } finally {
      this.#resolve = undefined;
    }
  }

  async cheat(slot: number, otherSlot: number): Promise<Outcome> {
    const before = await this.#ask();
    const { first } = await this.#openCrew();
    const cheat = await this.#compileAggregate();
    await first.call('send', [slot]);
    await first.call('sendFalse', { slot, otherSlot, cheat });
    for (;;) {
      const { refused } = await this.#ask();
      const refusals = Object.keys(refused).filter((reason) => (refused[reason] ?? 0) > (before.refused[reason] ?? 0));
      if (refusals.length > 0) return { accepted: 1, refusals };
      await pause();
    }
  }

  /** Reports that the open batch needs, beside those that wait. */
  #missing(): number {
    return this.batchSize - verifiedReports(this.#overview) - this.#overview.waiting;
  }

  #ask(): Promise<LeaderOverview> {
    return askLeader(this.servers.leader.url, this.#operatorKey);
  }

  /** Servers forget nothing that they have published. */
  startAgain(): void {}

  /** Looks what the leader has; for as long as the page is open. */
  async #watch(): Promise<void> {
    for (;;) {
      try {
        this.#overview = await this.#ask();
        const [latest] = this.#overview.releases;
        if (latest !== undefined && latest.version > this.#version) await this.#take(latest);
        this.#events?.onVerified(verifiedReports(this.#overview), this.#overview.waiting);
        this.#events?.onTrouble(undefined);
      } catch (error) {
        this.#events?.onTrouble(error instanceof Error ? error.message : String(error));
      }
      await pause();
    }
  }

  async #take(release: Release): Promise<void> {
    const trend = await this.#trendOf(release);
    this.#version = release.version;
    const { histogram } = this.#overview;
    if (histogram === undefined || release.reports === 0) return;
    const { reports, prior, gain } = release;
    const publication = { reports, histogram, trend, prior, gain };
    if (this.#resolve === undefined) this.#events?.onPublished(publication);
    else this.#resolve(publication);
  }

  async #trendOf({ version, prior }: Release): Promise<Trend> {
    const response = await fetch(`${this.servers.leader.url}/v1/sync/trend/${version}`);
    if (!response.ok) throw new Error(`The leader answered ${response.status}.`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { catalogue } = this.#recommender;
    const items = readTrend(bytes, this.#map, this.#manifest.slots.sha256).values.flatMap(
      ({ item, isProbability, nats }): TrendEntry[] => {
        const id = catalogue[item]?.id;
        if (id === undefined) return [];
        return [isProbability ? { id, logProbability: nats } : { id, logRatio: nats }];
      },
    );
    return { items, prior };
  }

  /** Opens the halves of a report that this page made, as both servers do with theirs. */
  async #showViews(report: SentReport): Promise<void> {
    this.#views ??= this.#compileAggregate().then((module) => Sides.open(module, this.#manifest.taskId));
    const sides = await this.#views;
    await sides.openBatch();
    this.#events?.onViews({ ...(await sides.view(report)), sealed: report.sealed });
  }

  #compileAggregate(): Promise<WebAssembly.Module> {
    this.#aggregateModule ??= WebAssembly.compileStreaming(fetch(aggregateAddress));
    return this.#aggregateModule;
  }

  #openCrew(): Promise<Crew> {
    this.#crew ??= this.#startCrew();
    this.#crew.catch(() => {
      this.#crew = undefined;
    });
    return this.#crew;
  }

  async #startCrew(): Promise<Crew> {
    const { leader, helper } = this.servers;
    const { taskId, configuration, task } = this.#manifest;
    const [module, ...keys] = await Promise.all([compileSync(), ...[leader, helper].map(({ url }) => keysOf(url))]);
    const opening = {
      module,
      task: { taskId, configuration, slots: task.slots, chunkLength: task.chunkLength },
      timePrecision: task.timePrecision,
      reports: `${leader.url}/tasks/${toBase64url(taskId)}/reports`,
      leader: keys[0] as Uint8Array,
      helper: keys[1] as Uint8Array,
    };
    const crew: Crew = new DeviceCrew(
      () =>
        new WorkerCalls<ServerDeviceCalls>(
          new Worker(new URL('./server_device_worker.ts', import.meta.url), { type: 'module', name: 'devices' }),
        ),
    );
    await crew.each((worker) => worker.call('open', opening));
    return crew;
  }
}

async function keysOf(server: string): Promise<Uint8Array> {
  const response = await fetch(`${server}/hpke_config`);
  if (!response.ok) throw new Error(`${server} answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
}
