// Both sides as workers of this page: devices report, the sides verify and add up, the collector publishes.
import { aggregateAddress } from './aggregate_address';
import type { Aggregation, AggregationEvents, Publication } from './aggregation';
import type { CollectorCalls } from './collector_worker';
import { Devices } from './devices';
import type { Outcome } from './outcome';
import { Sides } from './sides';
import type { SlotTable } from './slots';
import { WorkerCalls } from './worker_calls';

/** Reports in one aggregation job. */
const jobSize = 10;

/** Those who take part in a batch. */
interface Participants {
  readonly sides: Sides;
  readonly devices: Devices;
}

export class PageAggregation implements Aggregation {
  readonly slots: SlotTable;
  // So few and so little that a demo shows something.
  readonly batchSize = 300;
  readonly deviation = 2;
  #events: AggregationEvents | undefined;
  #module: Promise<WebAssembly.Module> | undefined;
  #collector: Promise<WorkerCalls<CollectorCalls>> | undefined;
  #participants: Promise<Participants> | undefined;

  constructor(slots: SlotTable) {
    this.slots = slots;
  }

  listen(events: AggregationEvents): void {
    this.#events = events;
  }

  /** A report for each choice, and noise from each side. The signal throws the batch away; the weeks before it stay. */
  async collect(choose: (devices: number) => readonly number[], signal: AbortSignal): Promise<Publication> {
    return this.#orStartAgain(signal, async () => {
      const { deviation } = this;
      const { sides, devices } = await this.#open();
      signal.throwIfAborted();
      signal.addEventListener('abort', () => this.#endBatch(), { once: true });
      await sides.openBatch();
      let verified = 0;
      let milliseconds = 0;
      await devices.report(sides.task, choose(this.batchSize), jobSize, async (reports) => {
        const [first] = reports;
        if (verified === 0 && first !== undefined) this.#events?.onViews(await sides.view(first));
        const job = await sides.verify(reports);
        verified += job.outcome.accepted;
        milliseconds += job.milliseconds;
        this.#events?.onVerified(verified, 0);
      });
      const [leader, helper] = await Promise.all([
        sides.leader.call('release', { deviation }),
        sides.helper.call('release', { deviation }),
      ]);
      if (leader.reports !== helper.reports) throw new Error('The two sides counted different reports.');
      const collector = await this.#openCollector();
      const { logRatios, ...published } = await collector.call('publish', {
        leader: leader.share,
        helper: helper.share,
        reports: leader.reports,
        deviation,
      });
      const trend = this.slots.trendOf(logRatios, published.prior);
      return { ...published, trend, verifyMilliseconds: milliseconds / leader.reports };
    });
  }

  /** The batch of both reports is thrown away. */
  async cheat(slot: number, otherSlot: number): Promise<Outcome> {
    return this.#orStartAgain(undefined, async () => {
      const { sides, devices } = await this.#open();
      await sides.openBatch();
      const reports = await devices.pairWithFalse(sides.task, slot, otherSlot);
      return (await sides.verify(reports)).outcome;
    });
  }

  startAgain(): void {
    this.#endBatch();
    this.#collector?.then(
      (collector) => collector.end(),
      () => undefined,
    );
    this.#collector = undefined;
  }

  /** After a failure nothing is left of what failed. */
  async #orStartAgain<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (!signal?.aborted) {
        this.startAgain();
        this.#module = undefined;
      }
      throw error;
    }
  }

  #open(): Promise<Participants> {
    this.#participants ??= this.#compile().then(openParticipants);
    return this.#participants;
  }

  #openCollector(): Promise<WorkerCalls<CollectorCalls>> {
    this.#collector ??= this.#compile().then(async (module) => {
      const collector = new WorkerCalls<CollectorCalls>(
        new Worker(new URL('./collector_worker.ts', import.meta.url), { type: 'module', name: 'collector' }),
      );
      await collector.call('open', { module });
      await collector.call('expect', this.slots.expected);
      return collector;
    });
    return this.#collector;
  }

  #compile(): Promise<WebAssembly.Module> {
    this.#module ??= WebAssembly.compileStreaming(fetch(aggregateAddress));
    return this.#module;
  }

  #endBatch(): void {
    this.#participants?.then(
      ({ sides, devices }) => {
        sides.end();
        devices.end();
      },
      () => undefined,
    );
    this.#participants = undefined;
  }
}

async function openParticipants(module: WebAssembly.Module): Promise<Participants> {
  const [sides, devices] = await Promise.all([Sides.open(module), Devices.open(module)]);
  return { sides, devices };
}
