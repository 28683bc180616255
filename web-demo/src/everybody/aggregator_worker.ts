// One side: the leader or the helper. It gets its shares from the page. Over the port it exchanges with the other side
// what the protocol's aggregation job has, and nothing else.
import { AggregateModule } from './aggregate_module';
import { type Outcome, readOutcome } from './outcome';
import { serveCalls } from './worker_calls';

export type Side = 'leader' | 'helper';

export interface OwnShare {
  readonly id: Uint8Array;
  readonly publicShare: Uint8Array;
  readonly share: Uint8Array;
}

/** One aggregation job, as the leader saw it. */
export interface Job {
  readonly outcome: Outcome;
  readonly milliseconds: number;
}

interface Opening {
  readonly module: WebAssembly.Module;
  readonly side: Side;
  readonly port: MessagePort;
}

interface Opened {
  readonly wasm: AggregateModule;
  readonly side: Side;
  readonly port: MessagePort;
}

let opened: Opened | undefined;
let accepted = 0;

function own(): Opened {
  if (opened === undefined) throw new Error('The aggregator was not opened.');
  return opened;
}

/** The helper's part of a job. */
function answerJob({ data }: MessageEvent<Uint8Array>): void {
  const { wasm, port } = own();
  const { outcome, message } = readOutcome(wasm.call('answer_job', [data]));
  accepted += outcome.accepted;
  port.postMessage(message);
}

function answerOf(port: MessagePort, request: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve) => {
    port.onmessage = ({ data }: MessageEvent<Uint8Array>) => resolve(data);
    port.postMessage(request);
  });
}

const calls = {
  async open({ module, side, port }: Opening): Promise<void> {
    opened = { wasm: await AggregateModule.open(module), side, port };
    if (side === 'helper') port.onmessage = answerJob;
  },
  openBatch({ task, key, batch }: { task: Uint8Array; key: Uint8Array; batch: Uint8Array }): void {
    accepted = 0;
    own().wasm.call('open_batch', [task, key, batch]);
  },
  take(shares: readonly OwnShare[]): void {
    const { wasm, side } = own();
    for (const { id, publicShare, share } of shares) {
      if (side === 'leader') wasm.call('take_leader_share', [id, publicShare, share]);
      else wasm.call('take_helper_share', [id, share]);
    }
  },
  /** The leader's: verifies what it took, together with the helper. */
  async verify(): Promise<Job> {
    const { wasm, port } = own();
    const start = performance.now();
    const request = wasm.call('start_job', []);
    const response = await answerOf(port, request);
    const { outcome } = readOutcome(wasm.call('finish_job', [response]));
    accepted += outcome.accepted;
    return { outcome, milliseconds: performance.now() - start };
  },
  /** What this side sees of one report: a number of 16 bytes for each slot. */
  view({ id, publicShare, share }: OwnShare): Uint8Array<ArrayBuffer> {
    const { wasm, side } = own();
    return wasm.call('view', [id, publicShare, share], side === 'leader' ? 0 : 1);
  },
  /** Ends the batch: this side's share of the sum, with noise, and how many reports it has. */
  release({ deviation }: { deviation: number }): { share: Uint8Array<ArrayBuffer>; reports: number } {
    return { share: own().wasm.call('release', [], deviation), reports: accepted };
  },
};

export type AggregatorCalls = typeof calls;

serveCalls(calls);
