// A few workers that make the reports of many devices.
import type { WorkerCalls } from './worker_calls';

/** So that the leader and the helper have a core each, where there are enough. */
const sparedCores = 2;
const maxWorkers = 4;

// biome-ignore lint/suspicious/noExplicitAny: the argument of each call has a type of its own
export class DeviceCrew<Calls extends Record<string, (argument: any) => unknown>> {
  readonly #workers: readonly WorkerCalls<Calls>[];

  constructor(startWorker: () => WorkerCalls<Calls>) {
    const count = Math.max(1, Math.min(maxWorkers, navigator.hardwareConcurrency - sparedCores));
    this.#workers = Array.from({ length: count }, startWorker);
  }

  get first(): WorkerCalls<Calls> {
    return this.#workers[0] as WorkerCalls<Calls>;
  }

  async each(work: (worker: WorkerCalls<Calls>) => Promise<void>): Promise<void> {
    await Promise.all(this.#workers.map(work));
  }

  /** Gives each worker that is free the next part of the slots. */
  share(
    slots: readonly number[],
    partSize: number,
    work: (worker: WorkerCalls<Calls>, part: readonly number[]) => Promise<void>,
  ): Promise<void> {
    let next = 0;
    return this.each(async (worker) => {
      while (next < slots.length) {
        const part = slots.slice(next, next + partSize);
        next += part.length;
        await work(worker, part);
      }
    });
  }

  end(): void {
    for (const worker of this.#workers) worker.end();
  }
}
