// The two aggregators, each in a worker. Only a channel for aggregation jobs connects them.
import type { AggregatorCalls, Job, OwnShare, Side } from './aggregator_worker';
import { randomBytes } from './aggregate_module';
import type { Report } from './report';
import { WorkerCalls } from './worker_calls';

export class Sides {
  readonly leader: WorkerCalls<AggregatorCalls>;
  readonly helper: WorkerCalls<AggregatorCalls>;
  /** The task of every report. */
  readonly task: Uint8Array;

  private constructor(task: Uint8Array) {
    this.task = task;
    this.leader = startWorker('leader');
    this.helper = startWorker('helper');
  }

  static async open(module: WebAssembly.Module, task: Uint8Array = randomBytes(32)): Promise<Sides> {
    const sides = new Sides(task);
    const { port1, port2 } = new MessageChannel();
    await Promise.all([
      sides.leader.call('open', { module, side: 'leader', port: port1 }, [port1]),
      sides.helper.call('open', { module, side: 'helper', port: port2 }, [port2]),
    ]);
    return sides;
  }

  /** Begins an empty batch; both sides share the key that devices must not know. */
  async openBatch(): Promise<void> {
    const batch = { task: this.task, key: randomBytes(32), batch: randomBytes(32) };
    await Promise.all([this.leader.call('openBatch', batch), this.helper.call('openBatch', batch)]);
  }

  /** Hands each side its shares, and lets both verify the reports together. */
  async verify(reports: readonly Report[]): Promise<Job> {
    await Promise.all([
      this.leader.call('take', reports.map(leadersShare)),
      this.helper.call('take', reports.map(helpersShare)),
    ]);
    return this.leader.call('verify', undefined);
  }

  /** What each side sees of one report. */
  async view(report: Report): Promise<{ leader: Uint8Array; helper: Uint8Array }> {
    const [leader, helper] = await Promise.all([
      this.leader.call('view', leadersShare(report)),
      this.helper.call('view', helpersShare(report)),
    ]);
    return { leader, helper };
  }

  end(): void {
    this.leader.end();
    this.helper.end();
  }
}

function startWorker(side: Side): WorkerCalls<AggregatorCalls> {
  return new WorkerCalls(
    new Worker(new URL('./aggregator_worker.ts', import.meta.url), { type: 'module', name: side }),
  );
}

function leadersShare({ id, publicShare, leaderShare }: Report): OwnShare {
  return { id, publicShare, share: leaderShare };
}

function helpersShare({ id, publicShare, helperShare }: Report): OwnShare {
  return { id, publicShare, share: helperShare };
}
