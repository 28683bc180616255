// The devices that report: a few workers make the reports of all.
import type { DeviceCalls } from './device_worker';
import type { Report } from './report';
import { WorkerCalls } from './worker_calls';

/** So that the leader and the helper have a core each, where there are enough. */
const sparedCores = 2;
const maxWorkers = 4;

export class Devices {
  readonly #workers: readonly WorkerCalls<DeviceCalls>[];

  private constructor(workers: readonly WorkerCalls<DeviceCalls>[]) {
    this.#workers = workers;
  }

  static async open(module: WebAssembly.Module): Promise<Devices> {
    const count = Math.max(1, Math.min(maxWorkers, navigator.hardwareConcurrency - sparedCores));
    const workers = Array.from(
      { length: count },
      () =>
        new WorkerCalls<DeviceCalls>(
          new Worker(new URL('./device_worker.ts', import.meta.url), { type: 'module', name: 'devices' }),
        ),
    );
    await Promise.all(workers.map((worker) => worker.call('open', { module })));
    return new Devices(workers);
  }

  /** Makes a report for each slot, and hands them on in parts of the size as they are made. */
  async report(
    task: Uint8Array,
    slots: readonly number[],
    partSize: number,
    onPart: (reports: readonly Report[]) => Promise<void>,
  ): Promise<void> {
    let next = 0;
    let handedOn: Promise<void> = Promise.resolve();
    const work = async (worker: WorkerCalls<DeviceCalls>) => {
      while (next < slots.length) {
        const part = slots.slice(next, next + partSize);
        next += part.length;
        const reports = await worker.call('report', { task, slots: part });
        handedOn = handedOn.then(() => onPart(reports));
        await handedOn;
      }
    };
    await Promise.all(this.#workers.map(work));
    await handedOn;
  }

  /** A report of the first slot, and one that votes for both. */
  async pairWithFalse(task: Uint8Array, slot: number, otherSlot: number): Promise<readonly Report[]> {
    const [worker] = this.#workers;
    if (worker === undefined) return [];
    const honest = await worker.call('report', { task, slots: [slot] });
    return [...honest, await worker.call('falseReport', { task, slot, otherSlot })];
  }

  end(): void {
    for (const worker of this.#workers) worker.end();
  }
}
