// Made-up devices that report to the two servers. They do what a device's `sync()` does, but have no ledger: each is new.
import { type HpkeConfig, readHpkeConfig } from '#sotto-package/sync/wire.js';
import { seal } from '#sotto-package/sync/hpke.js';
import { type ReportPlan, SyncModule, type UnsealedReport } from '#sotto-package/sync/module.js';
import { AggregateModule, randomBytes } from './aggregate_module';
import { type Report, idBytes, reportOf, reportRandomBytes } from './report';
import { serveCalls } from './worker_calls';

export interface DeviceOpening {
  /** sotto-sync.wasm. */
  readonly module: WebAssembly.Module;
  /** Without slot and time. */
  readonly task: Omit<ReportPlan, 'slot' | 'time'>;
  /** Seconds. */
  readonly timePrecision: number;
  /** Where reports go. */
  readonly reports: string;
  /** Both sides' lists of keys. */
  readonly leader: Uint8Array;
  readonly helper: Uint8Array;
}

/** A report as the device made it, and as it left. */
export interface SentReport extends Report {
  readonly sealed: Uint8Array<ArrayBuffer>;
}

interface Opened extends Omit<DeviceOpening, 'leader' | 'helper'> {
  readonly leader: HpkeConfig;
  readonly helper: HpkeConfig;
}

const publicShareBytes = 64;
const timeBytes = 8;
const lengthBytes = { extensions: 2, share: 4 };
/** In front of the public share: the report's id, its time, its extensions and the share's length. */
const frameBytes = idBytes + timeBytes + lengthBytes.extensions + lengthBytes.share;
/** In front of a share that is not yet sealed: its extensions, and its length. */
const shareFrameBytes = lengthBytes.extensions + lengthBytes.share;

let opened: Opened | undefined;

function own(): Opened {
  if (opened === undefined) throw new Error('The device was not opened.');
  return opened;
}

function plan(slot: number): ReportPlan {
  const { task, timePrecision } = own();
  return { ...task, slot, time: Math.floor(Date.now() / 1000 / timePrecision) };
}

async function sealed(sync: SyncModule, { shares, infos, aad }: UnsealedReport): Promise<Uint8Array<ArrayBuffer>> {
  const { leader, helper } = own();
  const both = await Promise.all([seal(leader, infos[0], aad, shares[0]), seal(helper, infos[1], aad, shares[1])]);
  return sync.sealReport(both).slice();
}

async function send(body: Uint8Array<ArrayBuffer>): Promise<void> {
  const headers = { 'Content-Type': 'application/ppm-dap;message=upload-req' };
  const response = await fetch(own().reports, { method: 'POST', headers, body });
  // The answer names the reports that are refused at once.
  const refused = await response.arrayBuffer();
  if (!response.ok) throw new Error(`The leader answered ${response.status}.`);
  if (refused.byteLength > 0) throw new Error('The leader refused a report.');
}

/** What a report consists of, before it is sealed. */
function reportIn({ shares: [leader, helper], aad }: UnsealedReport): Report {
  const frame = aad.length - publicShareBytes - frameBytes;
  return {
    id: aad.slice(frame, frame + idBytes),
    publicShare: aad.slice(-publicShareBytes),
    leaderShare: leader.slice(shareFrameBytes),
    helperShare: helper.slice(shareFrameBytes),
  };
}

async function sendOne(slot: number): Promise<SentReport> {
  const sync = await SyncModule.open(own().module);
  const unsealed = sync.makeReport(plan(slot));
  const report = { ...reportIn(unsealed), sealed: await sealed(sync, unsealed) };
  await send(report.sealed);
  return report;
}

const calls = {
  open({ leader, helper, ...rest }: DeviceOpening): void {
    opened = { ...rest, leader: readHpkeConfig(leader), helper: readHpkeConfig(helper) };
  },
  /** A report for each slot, each of a device of its own; returns the first. */
  async send(slots: readonly number[]): Promise<SentReport | undefined> {
    let first: SentReport | undefined;
    for (const slot of slots) {
      const report = await sendOne(slot);
      first ??= report;
    }
    return first;
  },
  /** A report that counts twice, if nobody notices. The module makes none: shares of its report are replaced. */
  async sendFalse({ slot, otherSlot, cheat }: { slot: number; otherSlot: number; cheat: WebAssembly.Module }) {
    const sync = await SyncModule.open(own().module);
    const honest = sync.makeReport(plan(slot));
    const { id } = reportIn(honest);
    const wasm = await AggregateModule.open(cheat);
    const input = [own().task.taskId, id, randomBytes(reportRandomBytes)];
    const report = reportOf(id, wasm.call('false_report', input, slot, otherSlot));
    honest.aad.set(report.publicShare, honest.aad.length - publicShareBytes);
    honest.shares[0].set(report.leaderShare, shareFrameBytes);
    honest.shares[1].set(report.helperShare, shareFrameBytes);
    const body = await sealed(sync, honest);
    body.set(report.publicShare, frameBytes);
    await send(body);
  },
};

export type ServerDeviceCalls = typeof calls;

serveCalls(calls);
