// The devices that report to the sides in this page.
import { DeviceCrew } from './device_crew';
import type { DeviceCalls } from './device_worker';
import type { Report } from './report';
import { WorkerCalls } from './worker_calls';

export class Devices {
  readonly #crew = new DeviceCrew(
    () =>
      new WorkerCalls<DeviceCalls>(
        new Worker(new URL('./device_worker.ts', import.meta.url), { type: 'module', name: 'devices' }),
      ),
  );

  private constructor() {}

  static async open(module: WebAssembly.Module): Promise<Devices> {
    const devices = new Devices();
    await devices.#crew.each((worker) => worker.call('open', { module }));
    return devices;
  }

  /** Makes a report for each slot, and hands them on in parts of the size as they are made. */
  async report(
    task: Uint8Array,
    slots: readonly number[],
    partSize: number,
    onPart: (reports: readonly Report[]) => Promise<void>,
  ): Promise<void> {
    let handedOn: Promise<void> = Promise.resolve();
    await this.#crew.share(slots, partSize, async (worker, part) => {
      const reports = await worker.call('report', { task, slots: part });
      handedOn = handedOn.then(() => onPart(reports));
      await handedOn;
    });
  }

  /** A report of the first slot, and one that votes for both. */
  async pairWithFalse(task: Uint8Array, slot: number, otherSlot: number): Promise<readonly Report[]> {
    const { first } = this.#crew;
    const honest = await first.call('report', { task, slots: [slot] });
    return [...honest, await first.call('falseReport', { task, slot, otherSlot })];
  }

  end(): void {
    this.#crew.end();
  }
}
