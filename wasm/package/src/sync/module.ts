// One instance of sotto-sync.wasm: bytes in, bytes out. An instance serves one visit of the protocol and is then dropped,
// because its memory is given back as a whole.
import { coreError } from '../core_error.js';
import { SottoError } from '../errors.js';
import { type SyncExports, syncAbiVersion, syncLimits } from './abi.js';

/** What is needed to make a report. */
export interface ReportPlan {
  readonly taskId: Uint8Array;
  /** The encoded TaskConfiguration, and what it says. */
  readonly configuration: Uint8Array;
  readonly slots: number;
  readonly chunkLength: number;
  /** Units of the task's time precision since 1970. */
  readonly time: number;
  readonly slot: number;
}

/** The two shares of a report, not yet sealed. */
export interface UnsealedReport {
  readonly shares: readonly [leader: Uint8Array<ArrayBuffer>, helper: Uint8Array<ArrayBuffer>];
  readonly infos: readonly [leader: Uint8Array<ArrayBuffer>, helper: Uint8Array<ArrayBuffer>];
  readonly aad: Uint8Array<ArrayBuffer>;
}

/** What HPKE made of a share. */
export interface SealedShare {
  readonly config: number;
  readonly enc: Uint8Array;
  readonly payload: Uint8Array;
}

/**
 * Why no report may be sent, in the order of the module's numbers 1, 2, 3. The next one stands for a limit of zero, which no
 * manifest has.
 */
export const refusals = ['limit_reached', 'clock_not_set', 'history_lost'] as const;

export class SyncModule {
  readonly #wasm: SyncExports;

  private constructor(wasm: SyncExports) {
    this.#wasm = wasm;
  }

  static async open(module: WebAssembly.Module): Promise<SyncModule> {
    const { exports } = await WebAssembly.instantiate(module, {});
    const wasm = exports as unknown as SyncExports;
    if (wasm.sotto_sync_abi_version?.() !== syncAbiVersion) {
      throw new SottoError(
        'wrong_module',
        'The WebAssembly module is not sotto-sync.wasm of this release: deploy the files of one release.',
      );
    }
    wasm._initialize();
    return new SyncModule(wasm);
  }

  makeReport(plan: ReportPlan): UnsealedReport {
    const random = (bytes: number) => this.#in(crypto.getRandomValues(new Uint8Array(bytes)));
    this.#check(
      this.#wasm.sotto_sync_make_report(
        this.#in(plan.taskId),
        this.#in(plan.configuration),
        plan.configuration.length,
        plan.slots,
        plan.chunkLength,
        random(syncLimits.reportIdBytes),
        random(syncLimits.randomBytes),
        plan.slot,
        plan.time,
      ),
    );
    const part = (number: number) => this.#part(number);
    return { shares: [part(0), part(1)], aad: part(2), infos: [part(3), part(4)] };
  }

  /** The body of the upload of the report that was made last. */
  sealReport([leader, helper]: readonly [SealedShare, SealedShare]): Uint8Array<ArrayBuffer> {
    const place = ({ config, enc, payload }: SealedShare) =>
      [config, this.#in(enc), enc.length, this.#in(payload), payload.length] as const;
    this.#check(this.#wasm.sotto_sync_seal_report(...place(leader), ...place(helper)));
    return this.#part(0);
  }

  /**
   * Takes in the ledger, or begins one. In the place of a damaged one there is one that allows nothing for 28 days from
   * now on; returns its bytes, to be stored.
   */
  readLedger(bytes: Uint8Array | undefined, now: number): Uint8Array<ArrayBuffer> | undefined {
    const ledger = bytes ?? new Uint8Array();
    if (this.#check(this.#wasm.sotto_sync_read_ledger(this.#in(ledger), ledger.length, now)) === 0) return undefined;
    this.#check(this.#wasm.sotto_sync_ledger());
    return this.#part(0);
  }

  mayReport(now: number, limit: number): (typeof refusals)[number] | undefined {
    return refusals[this.#wasm.sotto_sync_may_report(now, limit) - 1];
  }

  /** Enters a report; returns the ledger's bytes, to be stored before the report leaves. */
  record(now: number, limit: number, noiseThousandths: number): Uint8Array<ArrayBuffer> {
    this.#check(this.#wasm.sotto_sync_record(now, limit, noiseThousandths));
    return this.#part(0);
  }

  spent(now: number, delta: number) {
    return {
      reports: {
        window: this.#wasm.sotto_sync_reports_in_window(now),
        total: this.#wasm.sotto_sync_reports_in_all(),
      },
      epsilon: {
        window: this.#wasm.sotto_sync_epsilon_in_window(now, delta),
        total: this.#wasm.sotto_sync_epsilon_in_all(delta),
      },
    };
  }

  #in(bytes: Uint8Array): number {
    const at = this.#wasm.sotto_sync_alloc(bytes.length) >>> 0;
    if (at === 0) throw new SottoError('out_of_memory', 'There is not enough memory for private sync.');
    new Uint8Array(this.#wasm.memory.buffer).set(bytes, at);
    return at;
  }

  #part(part: number): Uint8Array<ArrayBuffer> {
    const at = this.#wasm.sotto_sync_part(part) >>> 0;
    const size = this.#wasm.sotto_sync_part_size(part);
    return new Uint8Array(this.#wasm.memory.buffer, at, size).slice() as Uint8Array<ArrayBuffer>;
  }

  #check(result: number): number {
    if (result >= 0) return result;
    const bytes = new Uint8Array(this.#wasm.memory.buffer);
    const start = this.#wasm.sotto_sync_error_detail() >>> 0;
    throw coreError(result, new TextDecoder().decode(bytes.slice(start, bytes.indexOf(0, start))));
  }
}
