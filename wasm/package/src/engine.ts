// One model and one user's session inside one WebAssembly instance. Items are indices here; the recommender gives
// them names. Every view on the memory is made where it is used, since any call may move the memory.
import type { SottoExports } from './abi.js';
import { SottoError, coreError } from './errors.js';

/** A logit of 1 and a diversity of 1, as the module counts them. */
export const logitUnits = 65536;
const diversityUnits = 32768;

/** What sotto_why writes: at most so many events, each as so many words. */
const maxExplainedEvents = 50;
const contributionWords = 5;
type ContributionWords = [item: number, age: number, logit: number, history: number, counts: number];

/** What one event did for an item's logit. */
export interface EventContribution {
  /** That the event was about. */
  readonly item: number;
  /** Events since; 0 is the latest. */
  readonly age: number;
  /** With all events, less without this one. */
  readonly logit: number;
  /** Of that, through the history term and through the count expert. */
  readonly history: number;
  readonly counts: number;
}

/** The best items and their scores, best first. */
export interface Ranking {
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

/** Items and a time for each, in seconds since 1970. */
export interface TimedItems {
  readonly items: Uint32Array;
  readonly times: Float64Array;
}

/** How both predictions did. */
export interface Gate {
  /** 0 … 1, the share of what was learned. */
  readonly weight: number;
  readonly events: number;
  /** Sums of the natural logarithms of the probabilities that both gave to what came. */
  readonly baseLogLikelihood: number;
  readonly personalLogLikelihood: number;
}

/** What a ranking leaves out, and how much its items are to differ. */
export interface RankingOptions {
  /** Whether the model's own scores count, without what was learned. */
  readonly byBase?: boolean;
  /** Items that must not come. */
  readonly exclude?: readonly number[];
  /** A byte for each item, 0 where it must not come; without it all may. */
  readonly allowed?: Uint8Array | undefined;
  /** 0 … 1. */
  readonly diversity?: number;
}

export class Engine {
  readonly items: number;
  /** 16 hexadecimal digits that name the model file. */
  readonly fingerprint: string;
  readonly #wasm: SottoExports;
  readonly #model: number;
  readonly #session: number;
  // Grown when needed and kept, so that a recommendation allocates nothing in the module.
  #scratch = 0;
  #scratchSize = 0;

  /**
   * Opens the model: the bytes are copied into the module, which validates and keeps them.
   *
   * @param searchIndex whether rankings are to search the catalogue by an index instead of scoring every item
   */
  constructor(wasm: SottoExports, modelBytes: Uint8Array, searchIndex = false) {
    this.#wasm = wasm;
    this.#model = wasm.sotto_open(this.#copyIn(modelBytes), modelBytes.byteLength);
    if (this.#model === 0) throw this.#lastError();
    this.items = wasm.sotto_items(this.#model) >>> 0;
    this.fingerprint = this.#readFingerprint();
    if (searchIndex) wasm.sotto_sketch_head(this.#model);
    this.#session = wasm.sotto_session_new(this.#model);
    if (this.#session === 0) throw outOfMemory();
  }

  close(): void {
    this.#wasm.sotto_free(this.#scratch);
    this.#wasm.sotto_session_free(this.#session);
    this.#wasm.sotto_close(this.#model);
  }

  get events(): number {
    return this.#wasm.sotto_events(this.#session) >>> 0;
  }

  /** What the user did with an item; the kind is a number of src/sotto/personal/feedback.hpp, times are seconds since 1970. */
  feedback(item: number, kind: number, amount: number, time: number): void {
    this.#check(this.#wasm.sotto_feedback(this.#session, item, kind, amount, time));
  }

  /** Events that teach nothing, oldest first. */
  recall(items: readonly number[], times: readonly number[]): void {
    const timesAt = this.#reserve(12 * items.length);
    const itemsAt = timesAt + 8 * items.length;
    new Float64Array(this.#wasm.memory.buffer, timesAt, items.length).set(times);
    new Uint32Array(this.#wasm.memory.buffer, itemsAt, items.length).set(items);
    this.#check(this.#wasm.sotto_recall(this.#session, itemsAt, timesAt, items.length));
  }

  /** What a kind of feedback teaches; by its number, as in `feedback`. */
  setWeight(kind: number, weight: number): void {
    this.#check(this.#wasm.sotto_set_weight(this.#session, kind, weight));
  }

  /** Believes, 0 to 1, that the next choice is among these items; of no items, that nothing is known. */
  setContext(items: readonly number[], belief: number): void {
    const at = this.#reserve(4 * items.length);
    new Uint32Array(this.#wasm.memory.buffer, at, items.length).set(items);
    this.#check(this.#wasm.sotto_set_context(this.#session, at, items.length, belief));
  }

  get learning(): boolean {
    return this.#wasm.sotto_learning(this.#session) !== 0;
  }

  set learning(on: boolean) {
    this.#wasm.sotto_set_learning(this.#session, on ? 1 : 0);
  }

  /** Takes back that the user asked not to see an item. */
  show(item: number): void {
    this.#check(this.#wasm.sotto_show(this.#session, item));
  }

  /** The remembered events, oldest first. */
  history(): TimedItems {
    return this.#timedItems(this.#wasm.sotto_history);
  }

  /** What the user asked not to see, and until when. */
  hidden(): TimedItems {
    return this.#timedItems(this.#wasm.sotto_hidden);
  }

  /** Of a call that gives their number, and writes them where it is told where. */
  #timedItems(call: (session: number, items: number, times: number) => number): TimedItems {
    const count = call(this.#session, 0, 0) >>> 0;
    const timesAt = this.#reserve(12 * count);
    const itemsAt = timesAt + 8 * count;
    call(this.#session, itemsAt, timesAt);
    const memory = this.#wasm.memory.buffer;
    return {
      items: new Uint32Array(memory, itemsAt, count).slice(),
      times: new Float64Array(memory, timesAt, count).slice(),
    };
  }

  gate(): Gate {
    const at = this.#reserve(32);
    this.#wasm.sotto_gate(this.#session, at);
    const numbers = new Float64Array(this.#wasm.memory.buffer, at, 4).slice();
    const [weight, events, baseLogLikelihood, personalLogLikelihood] = numbers as unknown as [number, number, number, number];
    return { weight, events, baseLogLikelihood, personalLogLikelihood };
  }

  /** The vector that is added to what the head multiplies. */
  taste(): Float32Array {
    const pointer = this.#wasm.sotto_taste(this.#session) >>> 0;
    return new Float32Array(this.#wasm.memory.buffer, pointer, this.#wasm.sotto_taste_size(this.#session)).slice();
  }

  memoryWeights(): Float32Array {
    const pointer = this.#wasm.sotto_memory_weights(this.#session) >>> 0;
    return new Float32Array(this.#wasm.memory.buffer, pointer, this.#wasm.sotto_memory_weight_count()).slice();
  }

  /** Which instructions the module uses: "reference", "simd128" or "relaxed-simd". */
  get kernels(): string {
    const bytes = new Uint8Array(this.#wasm.memory.buffer);
    const start = this.#wasm.sotto_kernels(this.#model) >>> 0;
    return new TextDecoder().decode(bytes.slice(start, bytes.indexOf(0, start)));
  }

  reset(): void {
    this.#wasm.sotto_session_reset(this.#session);
  }

  recommend(now: number, k: number, options: RankingOptions = {}): Ranking {
    return this.#recommendIn(this.#session, now, k, options);
  }

  /** The best items for a session without events. */
  popular(k: number, options: RankingOptions = {}): Ranking {
    const stranger = this.#wasm.sotto_session_new(this.#model);
    if (stranger === 0) throw outOfMemory();
    try {
      return this.#recommendIn(stranger, 0, k, { ...options, byBase: true });
    } finally {
      this.#wasm.sotto_session_free(stranger);
    }
  }

  #recommendIn(session: number, now: number, k: number, options: RankingOptions): Ranking {
    const { byBase = false, exclude = [], allowed, diversity = 0 } = options;
    const wanted = Math.min(k, this.items);
    const itemsAt = this.#reserve(4 * (2 * wanted + exclude.length) + (allowed?.length ?? 0));
    const scoresAt = itemsAt + 4 * wanted;
    const excludeAt = scoresAt + 4 * wanted;
    const maskAt = excludeAt + 4 * exclude.length;
    new Uint32Array(this.#wasm.memory.buffer, excludeAt, exclude.length).set(exclude);
    if (allowed) new Uint8Array(this.#wasm.memory.buffer, maskAt, allowed.length).set(allowed);
    const allowedAt = allowed ? maskAt : 0;
    const found = this.#wasm.sotto_recommend(
      session,
      now,
      byBase ? 1 : 0,
      wanted,
      excludeAt,
      exclude.length,
      allowedAt,
      Math.round(diversity * diversityUnits),
      itemsAt,
      scoresAt,
    );
    this.#check(found);
    const memory = this.#wasm.memory.buffer;
    return {
      items: new Uint32Array(memory, itemsAt, found).slice(),
      scores: new Float32Array(memory, scoresAt, found).slice(),
    };
  }

  /** The logits of some items, in their order. */
  candidateScores(now: number, candidates: readonly number[]): Float32Array {
    const candidatesAt = this.#reserve(8 * candidates.length);
    const logitsAt = candidatesAt + 4 * candidates.length;
    new Uint32Array(this.#wasm.memory.buffer, candidatesAt, candidates.length).set(candidates);
    this.#check(this.#wasm.sotto_candidate_scores(this.#session, now, candidatesAt, candidates.length, logitsAt));
    return Float32Array.from(new Int32Array(this.#wasm.memory.buffer, logitsAt, candidates.length), (v) => v / logitUnits);
  }

  /** What each of the latest events did for the item's logit, largest first. */
  why(item: number): EventContribution[] {
    const at = this.#reserve(4 * contributionWords * maxExplainedEvents);
    const found = this.#wasm.sotto_why(this.#session, item, at);
    this.#check(found);
    const words = new Int32Array(this.#wasm.memory.buffer, at, contributionWords * found);
    return Array.from({ length: found }, (_, event) => {
      const [index, age, logit, history, counts] = words.subarray(contributionWords * event) as unknown as ContributionWords;
      return { item: index, age, logit: logit / logitUnits, history: history / logitUnits, counts: counts / logitUnits };
    });
  }

  /** Every item's logit in Q15.16, by the model alone. */
  baseScores(): Int32Array {
    return this.#scoresAt(this.#wasm.sotto_base_scores(this.#session));
  }

  /** The same with what was learned. */
  personalScores(now: number): Int32Array {
    return this.#scoresAt(this.#wasm.sotto_personal_scores(this.#session, now));
  }

  #scoresAt(pointer: number): Int32Array {
    return new Int32Array(this.#wasm.memory.buffer, pointer >>> 0, this.items).slice();
  }

  get stateSize(): number {
    return this.#wasm.sotto_state_size(this.#session) >>> 0;
  }

  exportState(): Uint8Array<ArrayBuffer> {
    const size = this.stateSize;
    const pointer = this.#reserve(size);
    this.#wasm.sotto_state_export(this.#session, pointer);
    return new Uint8Array(this.#wasm.memory.buffer, pointer, size).slice() as Uint8Array<ArrayBuffer>;
  }

  /** Replaces the state; on failure the session keeps what it had. */
  importState(state: Uint8Array): void {
    this.#take(state, (at) => this.#wasm.sotto_state_import(this.#session, at, state.byteLength));
  }

  /** Adds another device's state; on failure the session keeps what it had. */
  mergeState(state: Uint8Array): void {
    this.#take(state, (at) => this.#wasm.sotto_state_merge(this.#session, at, state.byteLength));
  }

  /** Replaces the state by one of another version of the model, whose items, ascending, are paired with this one's. */
  carryOverState(state: Uint8Array, pairs: readonly (readonly [theirs: number, ours: number])[]): void {
    this.#take(state, (at) => {
      const pairsAt = this.#reserve(8 * pairs.length);
      new Uint32Array(this.#wasm.memory.buffer, pairsAt, 2 * pairs.length).set(pairs.flat());
      return this.#wasm.sotto_state_carry_over(this.#session, at, state.byteLength, pairsAt, pairs.length);
    });
  }

  /** Learns from at most so many of the events that a state carried over left waiting; how many are left. */
  relearn(events: number): number {
    return this.#wasm.sotto_relearn(this.#session, events) >>> 0;
  }

  #take(state: Uint8Array, call: (pointer: number) => number): void {
    const pointer = this.#copyIn(state);
    const status = call(pointer);
    this.#wasm.sotto_free(pointer);
    this.#check(status);
  }

  #check(status: number): void {
    if (status < 0) throw this.#lastError();
  }

  #readFingerprint(): string {
    const pointer = this.#reserve(8);
    this.#wasm.sotto_fingerprint(this.#model, pointer);
    const value = new DataView(this.#wasm.memory.buffer, pointer, 8).getBigUint64(0, true);
    return value.toString(16).padStart(16, '0');
  }

  #allocate(size: number): number {
    const pointer = this.#wasm.sotto_alloc(Math.max(size, 1)) >>> 0;
    if (pointer === 0) throw outOfMemory();
    return pointer;
  }

  /** At least `size` bytes for one call's arguments and results, valid until the next reservation. */
  #reserve(size: number): number {
    if (size > this.#scratchSize || this.#scratch === 0) {
      // Doubled, since a state grows with each of its first events.
      const largerSize = Math.max(size, 2 * this.#scratchSize);
      const larger = this.#allocate(largerSize);
      this.#wasm.sotto_free(this.#scratch);
      this.#scratch = larger;
      this.#scratchSize = largerSize;
    }
    return this.#scratch;
  }

  /** The bytes in the module's memory, for it or the caller to free. */
  #copyIn(bytes: Uint8Array): number {
    const pointer = this.#allocate(bytes.byteLength);
    new Uint8Array(this.#wasm.memory.buffer).set(bytes, pointer);
    return pointer;
  }

  #lastError(): SottoError {
    const pointer = this.#wasm.sotto_error_detail() >>> 0;
    const size = this.#wasm.sotto_error_detail_size() >>> 0;
    const detail = new TextDecoder().decode(new Uint8Array(this.#wasm.memory.buffer, pointer, size));
    return coreError(this.#wasm.sotto_error_code(), detail);
  }
}

function outOfMemory(): SottoError {
  return new SottoError('out_of_memory', 'There is not enough memory for this model: close another, or use a smaller one.');
}
