// The raw surface of the WebAssembly modules: src/sotto/abi/sotto.h in TypeScript. tests/abi.test.mjs compares both, name by
// name. Pointers are offsets into the module's memory; WebAssembly hands all 32-bit integers over as signed numbers.

/** The version of the C ABI that this package speaks. */
export const abiVersion = 7;

/** The numbers that sotto.h defines beside its version, by their names there without SOTTO_. */
export const limits = {
  scoreOne: 65536,
  maxCount: 16777216,
  historyCapacity: 1024,
  hiddenCapacity: 512,
  maxExplainedEvents: 50,
  maxDiversity: 32768,
  maxFeedbackWeight: 10,
} as const;

/** `sotto_error` in the order of its numbers -1, -2, -3 … */
export const coreErrorCodes = [
  'truncated',
  'malformed',
  'unsupported_version',
  'wrong_shape',
  'wrong_type',
  'missing',
  'out_of_range',
  'mismatch',
  'io',
  'interrupted',
  'invalid_argument',
  'unknown_item',
  'unsupported',
] as const;

/** `sotto_feedback_kind` in the order of its numbers 0, 1, 2 … */
export const feedbackKinds = [
  /** The item was shown. What is not chosen by the next event counts against it, where `weights` say so. */
  'impression',
  /** The user chose or looked at the item: an event of the sequence. */
  'click',
  /** The user stayed with the item; the amount is seconds. */
  'dwell',
  /** An event, or a stronger lesson where the item is the visit's latest event; so are the next two. */
  'cart',
  'favourite',
  'purchase',
  /** The amount is -1 (bad) to 1 (good); from 0 on an event. */
  'rating',
  /** Not now: hides the item for a week. */
  'dismiss',
  /** Never again: hides the item until the user chooses it. */
  'not_this',
] as const;

/** `sotto_tier` in the order of its numbers 0, 1, 2 …, named as the files of the modules are. */
export const engineTiers = ['reference', 'avx2', 'avx512-vnni', 'simd128', 'relaxed-simd'] as const;

/** The records of sotto.h: their sizes in bytes, and where each field begins. */
export const records = {
  sotto_model_info: {
    size: 32,
    fingerprint: 0,
    items: 8,
    tier: 12,
    taste_size: 16,
    memory_weights: 20,
    temperature: 24,
    reserved: 28,
  },
  sotto_user_info: { size: 24, events: 0, state_size: 4, history: 8, hidden: 12, learning: 16, waiting: 20 },
  sotto_gate_record: {
    size: 32,
    trust: 0,
    base_log_likelihood: 8,
    personal_log_likelihood: 16,
    events: 24,
    reserved: 28,
  },
  sotto_scored_item: { size: 8, item: 0, score: 4 },
  sotto_contribution: { size: 20, item: 0, age: 4, logit: 8, history: 12, counts: 16 },
  sotto_item_pair: { size: 8, theirs: 0, ours: 4 },
  sotto_ranking: { size: 20, exclude: 0, allowed: 4, exclude_count: 8, diversity: 12, base: 16 },
} as const;

export interface SottoExports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  sotto_abi_version(): number;
  sotto_error_detail(): number;
  sotto_alloc(size: number): number;
  sotto_free(bytes: number): void;
  sotto_model_open(bytes: number, size: number, model: number): number;
  sotto_model_free(model: number): void;
  sotto_model_describe(model: number, info: number): number;
  sotto_model_sketch(model: number): number;
  sotto_set_trend(model: number, items: number, logRatios: number, count: number, prior: number): number;
  sotto_user_new(model: number, user: number): number;
  sotto_user_free(user: number): void;
  sotto_user_reset(user: number): number;
  sotto_user_describe(user: number, info: number): number;
  sotto_workspace_new(model: number, workspace: number): number;
  sotto_workspace_free(workspace: number): void;
  sotto_feedback(user: number, workspace: number, item: number, kind: number, amount: number, time: number): number;
  sotto_recall(user: number, workspace: number, items: number, times: number, count: number): number;
  sotto_set_weight(user: number, kind: number, weight: number): number;
  sotto_set_context(user: number, items: number, count: number, belief: number): number;
  sotto_set_learning(user: number, on: number): number;
  sotto_show(user: number, item: number): number;
  sotto_correct_times(user: number, now: number): number;
  sotto_history(user: number, items: number, times: number, capacity: number): number;
  sotto_hidden(user: number, items: number, until: number, capacity: number): number;
  sotto_gate(user: number, gate: number): number;
  sotto_taste(user: number, values: number, capacity: number): number;
  sotto_memory_weights(user: number, values: number, capacity: number): number;
  sotto_scores(user: number, workspace: number, now: number, base: number, scores: number, capacity: number): number;
  sotto_candidate_scores(
    user: number,
    workspace: number,
    now: number,
    candidates: number,
    scores: number,
    count: number,
  ): number;
  sotto_recommend(user: number, workspace: number, now: number, ranking: number, best: number, k: number): number;
  sotto_popular(model: number, workspace: number, ranking: number, best: number, k: number): number;
  sotto_why(user: number, workspace: number, item: number, contributions: number, capacity: number): number;
  sotto_why_trend(user: number, workspace: number, now: number, item: number, logit: number): number;
  sotto_state_export(user: number, bytes: number, size: number): number;
  sotto_state_import(user: number, workspace: number, bytes: number, size: number): number;
  sotto_state_merge(user: number, workspace: number, bytes: number, size: number): number;
  sotto_state_carry_over(
    user: number,
    workspace: number,
    bytes: number,
    size: number,
    pairs: number,
    count: number,
  ): number;
  sotto_relearn(user: number, workspace: number, events: number): number;
}
