// The two messages of DAP (draft-ietf-ppm-dap-18) that a device reads: the task's configuration and an aggregator's keys.
import { SottoError } from '../errors.js';
import { Reader } from './reader.js';

/** A TaskConfiguration of the one kind that Sotto takes part in. */
export interface Task {
  readonly taskInfo: Uint8Array;
  readonly leader: string;
  readonly helper: string;
  /** Seconds. */
  readonly timePrecision: number;
  readonly minBatch: number;
  readonly slots: number;
  readonly chunkLength: number;
}

const leaderSelected = 2;
const prio3Histogram = 4;

/** Throws `unsupported` for a task of another kind, `truncated` and `malformed`. */
export function readTask(bytes: Uint8Array): Task {
  const from = new Reader(bytes, `The manifest's task`);
  const text = () => new TextDecoder().decode(from.opaque(2));
  const taskInfo = from.opaque(1);
  const [leader, helper] = [text(), text()];
  const [timePrecision, minBatch] = [from.number(8), from.number(8)];
  const batchMode = from.number(1);
  const batchConfig = from.opaque(2);
  const vdaf = from.number(4);
  const parameters = from.opaque(2);
  const extensions = from.opaque(2);
  if (
    batchMode !== leaderSelected ||
    batchConfig.length > 0 ||
    vdaf !== prio3Histogram ||
    parameters.length !== 8 ||
    extensions.length > 0
  ) {
    throw new SottoError('unsupported', 'The manifest is of a task that this release of sotto cannot take part in.');
  }
  if (!from.isAtEnd || timePrecision === 0) from.refuse('is not a TaskConfiguration of DAP');
  const histogram = new Reader(parameters, 'The VDAF');
  return {
    taskInfo,
    leader,
    helper,
    timePrecision,
    minBatch,
    slots: histogram.number(4),
    chunkLength: histogram.number(4),
  };
}

/** An aggregator's public key. */
export interface HpkeConfig {
  readonly id: number;
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

// DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM: what every DAP aggregator has.
const suite = [0x0020, 0x0001, 0x0001].join();

/** The first key of an HpkeConfigList that can be used. Throws `unsupported` where there is none, and `truncated`. */
export function readHpkeConfig(bytes: Uint8Array): HpkeConfig {
  const what = `An aggregator's list of keys`;
  const list = new Reader(new Reader(bytes, what).opaque(2), what);
  while (!list.isAtEnd) {
    const id = list.number(1);
    const algorithms = [list.number(2), list.number(2), list.number(2)].join();
    const publicKey = list.opaque(2);
    if (algorithms === suite && publicKey.length === 32) return { id, publicKey };
  }
  throw new SottoError('unsupported', 'An aggregator has no HPKE key of the suite that DAP demands.');
}
