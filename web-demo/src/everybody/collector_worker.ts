// Adds the two noisy shares up, and makes the trend.
import { AggregateModule } from './aggregate_module';
import { slotCount } from './report';
import { serveCalls } from './worker_calls';

/** What the collector makes of a batch. */
interface Collected {
  readonly reports: number;
  /** By slot, with noise: a number may be negative. */
  readonly histogram: readonly number[];
  /** By slot: the logarithm of how often it is chosen, divided by how often the model expects it. */
  readonly logRatios: Float32Array;
  /** How far the trend is believed at first, 0 to 0.9. */
  readonly prior: number;
  /** How much better the earlier trends predicted the batches after them: nats for each report. */
  readonly gain: number;
}

interface Shares {
  readonly leader: Uint8Array;
  readonly helper: Uint8Array;
  readonly reports: number;
  readonly deviation: number;
}

let wasm: AggregateModule | undefined;

function own(): AggregateModule {
  if (wasm === undefined) throw new Error('The collector was not opened.');
  return wasm;
}

const calls = {
  async open({ module }: { module: WebAssembly.Module }): Promise<void> {
    wasm = await AggregateModule.open(module);
  },
  /** Begins without a past. */
  expect(shares: Float64Array): void {
    own().call('expect', [new Uint8Array(shares.buffer, shares.byteOffset, shares.byteLength)]);
  },
  publish({ leader, helper, reports, deviation }: Shares): Collected {
    const { buffer } = own().call('publish', [leader, helper], reports, deviation);
    const histogram = [...new BigInt64Array(buffer, 0, slotCount)].map(Number);
    const logRatios = new Float32Array(buffer.slice(8 * slotCount, 12 * slotCount));
    const [prior = 0, gain = 0] = new Float64Array(buffer.slice(12 * slotCount));
    return { reports, histogram, logRatios, prior, gain };
  },
};

export type CollectorCalls = typeof calls;

serveCalls(calls);
