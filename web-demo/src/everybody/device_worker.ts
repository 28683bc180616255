// Makes the reports of devices. A real device makes one; here a worker makes those of a part of the crowd.
import { AggregateModule, randomBytes } from './aggregate_module';
import { type Report, idBytes, reportOf, reportRandomBytes } from './report';
import { serveCalls } from './worker_calls';

let wasm: AggregateModule | undefined;

function make(task: Uint8Array, slot: number, otherSlot?: number): Report {
  if (wasm === undefined) throw new Error('The device was not opened.');
  const id = randomBytes(idBytes);
  const input = [task, id, randomBytes(reportRandomBytes)];
  const shares =
    otherSlot === undefined ? wasm.call('report', input, slot) : wasm.call('false_report', input, slot, otherSlot);
  return reportOf(id, shares);
}

const calls = {
  async open({ module }: { module: WebAssembly.Module }): Promise<void> {
    wasm = await AggregateModule.open(module);
  },
  /** A report for each slot. */
  report: ({ task, slots }: { task: Uint8Array; slots: readonly number[] }) => slots.map((slot) => make(task, slot)),
  /** A report that counts twice, if nobody notices. */
  falseReport: ({ task, slot, otherSlot }: { task: Uint8Array; slot: number; otherSlot: number }) =>
    make(task, slot, otherSlot),
};

export type DeviceCalls = typeof calls;

serveCalls(calls);
