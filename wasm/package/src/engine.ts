// One model and one user inside one WebAssembly instance. Items are indices and scores are Q15.16 here; the recommender
// gives them names and numbers. Every view on the memory is made where it is used, since any call may move the memory.
import { type SottoExports, engineTiers, limits, records } from './abi.js';
import { coreError } from './core_error.js';
import type { SottoError } from './errors.js';
import { Scratch, allocate } from './scratch.js';

/** What one event did for an item's score. */
export interface Contribution {
  /** The item of the event. */
  readonly item: number;
  /** Events since; 0 is the latest event. */
  readonly age: number;
  /** The score with all events, less the score without this one. */
  readonly logit: number;
  /** The part of it that goes through the history term. */
  readonly history: number;
  /** The part of it that goes through the count expert. */
  readonly counts: number;
}

/** The best items and their scores, best first. */
export interface Ranking {
  readonly items: Uint32Array;
  readonly scores: Int32Array;
}

/** Items and a time for each, in seconds since 1970. */
export interface TimedItems {
  readonly items: Uint32Array;
  readonly times: Float64Array;
}

/** How far what was learned is trusted, and the record that the trust follows. */
export interface Gate {
  /** 0 to 1: the probability that what was learned should count. */
  readonly trust: number;
  /** Events that were predicted. */
  readonly events: number;
  /** Sums of the natural logarithms of the probabilities that both predictions gave to the events. */
  readonly baseLogLikelihood: number;
  readonly personalLogLikelihood: number;
}

/** What is known about the user. */
interface UserInfo {
  readonly events: number;
  readonly stateSize: number;
  readonly learning: boolean;
}

/** What a ranking leaves out, and how it is made. */
export interface RankingOptions {
  /** Whether the model's own scores count alone, without what was learned. */
  readonly base?: boolean;
  /** Items that must not come. */
  readonly exclude?: readonly number[];
  /** A byte for each item, 0 where it must not come; without it all may. */
  readonly allowed?: Uint8Array | undefined;
  /** 0 to 1. */
  readonly diversity?: number;
}

/** Events. */
const relearnedAtOnce = 16;

export class Engine {
  readonly items: number;
  /** 16 hexadecimal digits that name the model file. */
  readonly fingerprint: string;
  /** The instructions that the module uses: "reference", "simd128" or "relaxed-simd". */
  readonly tier: string;
  /** Probabilities are the softmax of this times the logits. */
  readonly temperature: number;
  readonly #tasteSize: number;
  readonly #memoryWeights: number;
  readonly #wasm: SottoExports;
  readonly #scratch: Scratch;
  readonly #model: number;
  readonly #user: number;
  readonly #workspace: number;

  /**
   * Opens the model: the bytes are copied into the module, which validates and keeps them.
   *
   * @param sketch whether rankings are to search the catalogue by a sketch of the head instead of scoring every item
   */
  constructor(wasm: SottoExports, modelBytes: Uint8Array, sketch = false) {
    this.#wasm = wasm;
    this.#scratch = new Scratch(wasm);
    this.#model = this.#made((handle) =>
      wasm.sotto_model_open(this.#copyIn(modelBytes), modelBytes.byteLength, handle),
    );

    const info = records.sotto_model_info;
    const [at] = this.#scratch.reserve(info.size);
    this.#check(wasm.sotto_model_describe(this.#model, at));
    const view = new DataView(wasm.memory.buffer, at, info.size);
    this.fingerprint = view.getBigUint64(info.fingerprint, true).toString(16).padStart(16, '0');
    this.items = view.getUint32(info.items, true);
    this.tier = engineTiers[view.getUint32(info.tier, true)] ?? 'unknown';
    this.#tasteSize = view.getUint32(info.taste_size, true);
    this.#memoryWeights = view.getUint32(info.memory_weights, true);
    this.temperature = view.getFloat32(info.temperature, true);

    if (sketch) this.#check(wasm.sotto_model_sketch(this.#model));
    this.#user = this.#made((handle) => wasm.sotto_user_new(this.#model, handle));
    this.#workspace = this.#made((handle) => wasm.sotto_workspace_new(this.#model, handle));
  }

  close(): void {
    this.#scratch.free();
    this.#wasm.sotto_workspace_free(this.#workspace);
    this.#wasm.sotto_user_free(this.#user);
    this.#wasm.sotto_model_free(this.#model);
  }

  get events(): number {
    return this.#describe().events;
  }

  get stateSize(): number {
    return this.#describe().stateSize;
  }

  get learning(): boolean {
    return this.#describe().learning;
  }

  set learning(on: boolean) {
    this.#check(this.#wasm.sotto_set_learning(this.#user, on ? 1 : 0));
  }

  #describe(): UserInfo {
    const info = records.sotto_user_info;
    const [at] = this.#scratch.reserve(info.size);
    this.#check(this.#wasm.sotto_user_describe(this.#user, at));
    const view = new DataView(this.#wasm.memory.buffer, at, info.size);
    return {
      events: view.getUint32(info.events, true),
      stateSize: view.getUint32(info.state_size, true),
      learning: view.getUint32(info.learning, true) !== 0,
    };
  }

  /** What the user did with an item; `kind` is a place in `feedbackKinds`, and times are seconds since 1970. */
  feedback(item: number, kind: number, amount: number, time: number): void {
    this.#check(this.#wasm.sotto_feedback(this.#user, this.#workspace, item, kind, amount, time));
  }

  /** Takes in events that teach nothing, oldest first. */
  recall(items: readonly number[], times: readonly number[]): void {
    const [itemsAt, timesAt] = this.#scratch.hold(Uint32Array.from(items), Float64Array.from(times));
    this.#check(this.#wasm.sotto_recall(this.#user, this.#workspace, itemsAt, timesAt, items.length));
  }

  /** Sets what a kind of feedback teaches; `kind` is as in `feedback`. */
  setWeight(kind: number, weight: number): void {
    this.#check(this.#wasm.sotto_set_weight(this.#user, kind, weight));
  }

  /** Believes, 0 to 1, that the next choice is among these items; no items end the context. */
  setContext(items: readonly number[], belief: number): void {
    const [at] = this.#scratch.hold(Uint32Array.from(items));
    this.#check(this.#wasm.sotto_set_context(this.#user, at, items.length, belief));
  }

  /** Replaces the trend: items, ascending, and their logarithms of ratios, -31 to 31. */
  setTrend(items: readonly number[], logRatios: readonly number[], prior: number): void {
    const [itemsAt, ratiosAt] = this.#scratch.hold(Uint32Array.from(items), Float32Array.from(logRatios));
    this.#check(this.#wasm.sotto_set_trend(this.#model, itemsAt, ratiosAt, items.length, prior));
  }

  /** Takes back that an item is hidden. */
  show(item: number): void {
    this.#check(this.#wasm.sotto_show(this.#user, item));
  }

  /** Says what the present is: events dated more than a day later were dated by a wrong clock, and happened by now. */
  correctTimes(now: number): void {
    this.#check(this.#wasm.sotto_correct_times(this.#user, now));
  }

  /** The remembered events, oldest first. */
  history(): TimedItems {
    return this.#timedItems(limits.historyCapacity, this.#wasm.sotto_history);
  }

  /** The items that the user asked not to see, and until when; infinity is for good. */
  hidden(): TimedItems {
    return this.#timedItems(limits.hiddenCapacity, this.#wasm.sotto_hidden);
  }

  #timedItems(
    capacity: number,
    call: (user: number, items: number, times: number, capacity: number) => number,
  ): TimedItems {
    const [itemsAt, timesAt] = this.#scratch.reserve(4 * capacity, 8 * capacity);
    const count = this.#check(call(this.#user, itemsAt, timesAt, capacity));
    const memory = this.#wasm.memory.buffer;
    return {
      items: new Uint32Array(memory, itemsAt, count).slice(),
      times: new Float64Array(memory, timesAt, count).slice(),
    };
  }

  gate(): Gate {
    const record = records.sotto_gate_record;
    const [at] = this.#scratch.reserve(record.size);
    this.#check(this.#wasm.sotto_gate(this.#user, at));
    const view = new DataView(this.#wasm.memory.buffer, at, record.size);
    return {
      trust: view.getFloat64(record.trust, true),
      events: view.getUint32(record.events, true),
      baseLogLikelihood: view.getFloat64(record.base_log_likelihood, true),
      personalLogLikelihood: view.getFloat64(record.personal_log_likelihood, true),
    };
  }

  /** What the taste has learned, in the order of docs/format.md. */
  taste(): Float32Array {
    return this.#floats(this.#tasteSize, this.#wasm.sotto_taste);
  }

  memoryWeights(): Float32Array {
    return this.#floats(this.#memoryWeights, this.#wasm.sotto_memory_weights);
  }

  #floats(count: number, call: (user: number, values: number, capacity: number) => number): Float32Array {
    const [at] = this.#scratch.reserve(4 * count);
    this.#check(call(this.#user, at, count));
    return new Float32Array(this.#wasm.memory.buffer, at, count).slice();
  }

  /** Forgets the user. */
  reset(): void {
    this.#check(this.#wasm.sotto_user_reset(this.#user));
  }

  /** The best items for the user. */
  recommend(now: number, k: number, options: RankingOptions = {}): Ranking {
    return this.#ranking(k, options, (ranking, best, wanted) =>
      this.#wasm.sotto_recommend(this.#user, this.#workspace, now, ranking, best, wanted),
    );
  }

  /** The best items for somebody without events, by the model's own scores. */
  popular(k: number, options: RankingOptions = {}): Ranking {
    return this.#ranking(k, options, (ranking, best, wanted) =>
      this.#wasm.sotto_popular(this.#model, this.#workspace, ranking, best, wanted),
    );
  }

  #ranking(
    k: number,
    { base = false, exclude = [], allowed, diversity = 0 }: RankingOptions,
    call: (ranking: number, best: number, wanted: number) => number,
  ): Ranking {
    const wanted = Math.min(k, this.items);
    const { sotto_ranking: fields, sotto_scored_item: scored } = records;
    const [rankingAt, bestAt, excludeAt, allowedAt] = this.#scratch.hold(
      new Uint8Array(fields.size),
      new Uint8Array(scored.size * wanted),
      Uint32Array.from(exclude),
      allowed ?? new Uint8Array(),
    );
    const ranking = new DataView(this.#wasm.memory.buffer, rankingAt, fields.size);
    ranking.setUint32(fields.exclude, excludeAt, true);
    ranking.setUint32(fields.exclude_count, exclude.length, true);
    ranking.setUint32(fields.allowed, allowed ? allowedAt : 0, true);
    ranking.setInt32(fields.diversity, Math.round(diversity * limits.maxDiversity), true);
    ranking.setUint32(fields.base, base ? 1 : 0, true);

    const found = this.#check(call(rankingAt, bestAt, wanted));
    const best = new DataView(this.#wasm.memory.buffer, bestAt, scored.size * found);
    return {
      items: Uint32Array.from({ length: found }, (_, rank) => best.getUint32(scored.size * rank + scored.item, true)),
      scores: Int32Array.from({ length: found }, (_, rank) => best.getInt32(scored.size * rank + scored.score, true)),
    };
  }

  /** The scores of some items, in their order. */
  candidateScores(now: number, candidates: readonly number[]): Int32Array {
    const count = candidates.length;
    const [candidatesAt, scoresAt] = this.#scratch.hold(Uint32Array.from(candidates), new Int32Array(count));
    this.#check(this.#wasm.sotto_candidate_scores(this.#user, this.#workspace, now, candidatesAt, scoresAt, count));
    return new Int32Array(this.#wasm.memory.buffer, scoresAt, count).slice();
  }

  /** What each of the latest events did for the item's score, largest first. */
  why(item: number): Contribution[] {
    const { size, ...fields } = records.sotto_contribution;
    const [at] = this.#scratch.reserve(size * limits.maxExplainedEvents);
    const found = this.#check(this.#wasm.sotto_why(this.#user, this.#workspace, item, at, limits.maxExplainedEvents));
    const view = new DataView(this.#wasm.memory.buffer, at, size * found);
    return Array.from({ length: found }, (_, event) => ({
      item: view.getUint32(size * event + fields.item, true),
      age: view.getUint32(size * event + fields.age, true),
      logit: view.getInt32(size * event + fields.logit, true),
      history: view.getInt32(size * event + fields.history, true),
      counts: view.getInt32(size * event + fields.counts, true),
    }));
  }

  /** The part of the item's score that comes from the trend. */
  whyTrend(now: number, item: number): number {
    const [at] = this.#scratch.reserve(4);
    this.#check(this.#wasm.sotto_why_trend(this.#user, this.#workspace, now, item, at));
    return new DataView(this.#wasm.memory.buffer).getInt32(at, true);
  }

  /** Every item's score at a moment: the model's own, or with what was learned. */
  scores(now: number, { base }: { readonly base: boolean }): Int32Array {
    const [at] = this.#scratch.reserve(4 * this.items);
    this.#check(this.#wasm.sotto_scores(this.#user, this.#workspace, now, base ? 1 : 0, at, this.items));
    return new Int32Array(this.#wasm.memory.buffer, at, this.items).slice();
  }

  exportState(): Uint8Array<ArrayBuffer> {
    const size = this.stateSize;
    const [at] = this.#scratch.reserve(size);
    this.#check(this.#wasm.sotto_state_export(this.#user, at, size));
    return new Uint8Array(this.#wasm.memory.buffer, at, size).slice() as Uint8Array<ArrayBuffer>;
  }

  /** Replaces the state; where it is refused the user keeps what there was. */
  importState(state: Uint8Array): void {
    this.#withCopy(state, (at) => this.#wasm.sotto_state_import(this.#user, this.#workspace, at, state.byteLength));
  }

  /** Adds another device's state; where it is refused the user keeps what there was. */
  mergeState(state: Uint8Array): void {
    this.#withCopy(state, (at) => this.#wasm.sotto_state_merge(this.#user, this.#workspace, at, state.byteLength));
  }

  /** Replaces the state by one of another version of the model, whose items, ascending, are paired with this one's. */
  carryOverState(state: Uint8Array, pairs: readonly (readonly [theirs: number, ours: number])[]): void {
    this.#withCopy(state, (at) => {
      const [pairsAt] = this.#scratch.hold(Uint32Array.from(pairs.flat())); // as sotto_item_pair
      return this.#wasm.sotto_state_carry_over(
        this.#user,
        this.#workspace,
        at,
        state.byteLength,
        pairsAt,
        pairs.length,
      );
    });
  }

  /** Learns from some of the events that wait after a state was carried over, in a few milliseconds; how many are left. */
  relearn(): number {
    return this.#check(this.#wasm.sotto_relearn(this.#user, this.#workspace, relearnedAtOnce));
  }

  /** A call with a copy of the bytes in the module's memory. */
  #withCopy(bytes: Uint8Array, call: (at: number) => number): void {
    const at = this.#copyIn(bytes);
    try {
      this.#check(call(at));
    } finally {
      this.#wasm.sotto_free(at);
    }
  }

  /** The bytes in the module's memory, for it or the caller to free. */
  #copyIn(bytes: Uint8Array): number {
    const at = allocate(this.#wasm, bytes.byteLength);
    new Uint8Array(this.#wasm.memory.buffer).set(bytes, at);
    return at;
  }

  /** The handle that a call writes. */
  #made(call: (handle: number) => number): number {
    const [at] = this.#scratch.reserve(4);
    this.#check(call(at));
    return new DataView(this.#wasm.memory.buffer).getUint32(at, true);
  }

  /** What a call returned, where it did not fail. */
  #check(result: number): number {
    if (result < 0) throw this.#lastError(result);
    return result;
  }

  #lastError(code: number): SottoError {
    const bytes = new Uint8Array(this.#wasm.memory.buffer);
    const start = this.#wasm.sotto_error_detail() >>> 0;
    return coreError(code, new TextDecoder().decode(bytes.slice(start, bytes.indexOf(0, start))));
  }
}
