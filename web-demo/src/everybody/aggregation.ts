// One week after another: devices report, both sides verify and add up, the collector publishes.
import { aggregateAddress } from './aggregate_address';
import type { Job } from './aggregator_worker';
import type { CollectorCalls, Publication } from './collector_worker';
import { Devices } from './devices';
import type { Outcome } from './outcome';
import { Sides } from './sides';
import { WorkerCalls } from './worker_calls';

/** What each side sees of one report, as numbers of 16 bytes for each slot. */
export interface TwoViews {
  readonly leader: Uint8Array;
  readonly helper: Uint8Array;
}

export interface Progress {
  readonly onViews: (views: TwoViews) => void;
  readonly onJob: (job: Job) => void;
}

/** Reports in one aggregation job. */
const jobSize = 10;

/** Those who take part in a batch. */
interface Participants {
  readonly sides: Sides;
  readonly devices: Devices;
}

export class Aggregation {
  readonly #module: WebAssembly.Module;
  readonly #collector: WorkerCalls<CollectorCalls>;
  #participants: Promise<Participants> | undefined;

  private constructor(module: WebAssembly.Module, collector: WorkerCalls<CollectorCalls>) {
    this.#module = module;
    this.#collector = collector;
  }

  /** Downloads the module. `expected`: the share of choices that the model expects on each slot. */
  static async open(expected: Float64Array): Promise<Aggregation> {
    const module = await WebAssembly.compileStreaming(fetch(aggregateAddress));
    const collector = new WorkerCalls<CollectorCalls>(
      new Worker(new URL('./collector_worker.ts', import.meta.url), { type: 'module', name: 'collector' }),
    );
    await collector.call('open', { module });
    await collector.call('expect', expected);
    return new Aggregation(module, collector);
  }

  /**
   * Collects one batch: a report for each choice, and noise of the deviation from each side. The signal throws the batch
   * away; the weeks before it stay.
   */
  async collect(
    choices: readonly number[],
    deviation: number,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<Publication> {
    const { sides, devices } = await this.#open();
    signal.throwIfAborted();
    signal.addEventListener('abort', () => this.#endBatch({ sides, devices }), { once: true });
    await sides.openBatch();
    let isViewed = false;
    await devices.report(sides.task, choices, jobSize, async (reports) => {
      const first = reports[0];
      if (!isViewed && first !== undefined) {
        isViewed = true;
        progress.onViews(await sides.view(first));
      }
      progress.onJob(await sides.verify(reports));
    });
    const [leader, helper] = await Promise.all([
      sides.leader.call('release', { deviation }),
      sides.helper.call('release', { deviation }),
    ]);
    if (leader.reports !== helper.reports) throw new Error('The two sides counted different reports.');
    return this.#collector.call('publish', {
      leader: leader.share,
      helper: helper.share,
      reports: leader.reports,
      deviation,
    });
  }

  /** Sends an honest report, and one that votes twice, to a batch that is thrown away. Not while a batch is collected. */
  async cheat(slot: number, otherSlot: number): Promise<Outcome> {
    const { sides, devices } = await this.#open();
    await sides.openBatch();
    const reports = await devices.pairWithFalse(sides.task, slot, otherSlot);
    return (await sides.verify(reports)).outcome;
  }

  /** Ends all workers. */
  end(): void {
    this.#participants?.then(
      (participants) => this.#endBatch(participants),
      () => undefined,
    );
    this.#collector.end();
  }

  #open(): Promise<Participants> {
    this.#participants ??= openParticipants(this.#module);
    return this.#participants;
  }

  #endBatch({ sides, devices }: Participants): void {
    this.#participants = undefined;
    sides.end();
    devices.end();
  }
}

async function openParticipants(module: WebAssembly.Module): Promise<Participants> {
  const [sides, devices] = await Promise.all([Sides.open(module), Devices.open(module)]);
  return { sides, devices };
}
