// The raw surface of the WebAssembly modules: docs/c-abi.md in TypeScript. Pointers are offsets into the memory; WebAssembly
// hands all 32-bit integers over as signed numbers.

export interface SottoExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  sotto_abi_version(): number;
  sotto_alloc(size: number): number;
  sotto_free(pointer: number): void;
  sotto_open(bytes: number, size: number): number;
  sotto_close(model: number): void;
  sotto_kernels(model: number): number;
  sotto_items(model: number): number;
  sotto_fingerprint(model: number, out: number): void;
  sotto_sketch_head(model: number): void;
  sotto_session_new(model: number): number;
  sotto_session_free(session: number): void;
  sotto_session_reset(session: number): void;
  sotto_events(session: number): number;
  sotto_feedback(session: number, item: number, kind: number, amount: number, time: number): number;
  sotto_recall(session: number, items: number, times: number, count: number): number;
  sotto_set_weight(session: number, kind: number, weight: number): number;
  sotto_set_context(session: number, items: number, count: number, belief: number): number;
  sotto_learning(session: number): number;
  sotto_set_learning(session: number, on: number): void;
  sotto_show(session: number, item: number): number;
  sotto_history(session: number, items: number, times: number): number;
  sotto_hidden(session: number, items: number, until: number): number;
  sotto_gate(session: number, out: number): void;
  sotto_taste_size(session: number): number;
  sotto_taste(session: number): number;
  sotto_memory_weights(session: number): number;
  sotto_memory_weight_count(): number;
  sotto_base_scores(session: number): number;
  sotto_personal_scores(session: number, now: number): number;
  sotto_candidate_scores(session: number, now: number, candidates: number, count: number, logits: number): number;
  sotto_recommend(
    session: number,
    now: number,
    byBase: number,
    k: number,
    exclude: number,
    excludeCount: number,
    allowed: number,
    diversity: number,
    items: number,
    scores: number,
  ): number;
  sotto_why(session: number, item: number, out: number): number;
  sotto_state_size(session: number): number;
  sotto_state_export(session: number, out: number): void;
  sotto_state_import(session: number, bytes: number, size: number): number;
  sotto_state_merge(session: number, bytes: number, size: number): number;
  sotto_state_carry_over(session: number, bytes: number, size: number, pairs: number, count: number): number;
  sotto_relearn(session: number, events: number): number;
  sotto_error_code(): number;
  sotto_error_detail(): number;
  sotto_error_detail_size(): number;
}

/** The version of the C ABI that this package speaks. */
export const abiVersion = 5;
