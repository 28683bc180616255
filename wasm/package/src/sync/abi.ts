// The functions of sotto-sync.wasm: wasm/sync/sotto_sync.h in TypeScript. tests/sync_abi.test.mjs compares both. Pointers
// are offsets into the module's memory; WebAssembly hands all 32-bit integers over as signed numbers.

/** The version of the interface that this package speaks. */
export const syncAbiVersion = 1;

/** The numbers that sotto_sync.h defines beside its version, by their names there without SOTTO_SYNC_. */
export const syncLimits = { ok: 0, randomBytes: 128, taskIdBytes: 32, reportIdBytes: 16 } as const;

export interface SyncExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  sotto_sync_abi_version(): number;
  sotto_sync_error_detail(): number;
  sotto_sync_alloc(size: number): number;
  sotto_sync_part(part: number): number;
  sotto_sync_part_size(part: number): number;
  sotto_sync_make_report(
    taskId: number,
    configuration: number,
    configurationSize: number,
    slots: number,
    chunkLength: number,
    reportId: number,
    random: number,
    slot: number,
    time: number,
  ): number;
  sotto_sync_seal_report(
    leaderConfig: number,
    leaderEnc: number,
    leaderEncSize: number,
    leaderPayload: number,
    leaderPayloadSize: number,
    helperConfig: number,
    helperEnc: number,
    helperEncSize: number,
    helperPayload: number,
    helperPayloadSize: number,
  ): number;
  sotto_sync_read_ledger(ledger: number, size: number, now: number): number;
  sotto_sync_ledger(): number;
  sotto_sync_may_report(now: number, limit: number): number;
  sotto_sync_record(now: number, limit: number, noiseThousandths: number): number;
  sotto_sync_reports_in_window(now: number): number;
  sotto_sync_reports_in_all(): number;
  sotto_sync_epsilon_in_window(now: number, delta: number): number;
  sotto_sync_epsilon_in_all(delta: number): number;
}
