// From a choice to the bytes of an upload: two shares, each sealed for its aggregator.
import { seal } from './hpke.js';
import { type ReportPlan, SyncModule } from './module.js';
import type { HpkeConfig } from './wire.js';

/** What a report is made of; it is what the worker is sent. */
export interface ReportOrder {
  readonly module: WebAssembly.Module;
  readonly plan: ReportPlan;
  readonly leader: HpkeConfig;
  readonly helper: HpkeConfig;
}

/** The body of the upload. */
export async function makeReport({ module, plan, leader, helper }: ReportOrder): Promise<Uint8Array<ArrayBuffer>> {
  const sync = await SyncModule.open(module);
  const { shares, infos, aad } = sync.makeReport(plan);
  const sealed = await Promise.all([seal(leader, infos[0], aad, shares[0]), seal(helper, infos[1], aad, shares[1])]);
  return sync.sealReport(sealed);
}
