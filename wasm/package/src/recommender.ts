import { type ByteSource, readFile } from './byte_source.js';
import { Catalogue } from './catalogue.js';
import { Engine, type Ranking, type RankingOptions } from './engine.js';
import { SottoError, interruptedError } from './errors.js';
import { bestWasmTier } from './features.js';
import { indexedDbStore } from './indexed_db_store.js';
import { type ItemFilter, allowedItems, excludedItems } from './item_filter.js';
import { memoryStore } from './memory_store.js';
import { type Item, type ModelInfo, readModelFile } from './model_file.js';
import { type WasmSource, compileModule, instantiate } from './module_loader.js';
import { StateKeeper } from './state_keeper.js';
import type { StateStore, StoredState } from './state_store.js';

/** How `Recommender.open` goes about it. All of it is optional. */
export interface OpenOptions {
  /** One of the package's three WebAssembly modules; by default the fastest that this browser runs, beside this file. */
  readonly wasm?: WasmSource;
  /** Where the user's state is kept; by default IndexedDB, or memory where there is none. */
  readonly store?: StateStore;
  /** Whose state it is; tells users, or models for different purposes, apart. By default "default". */
  readonly user?: string;
  /**
   * For catalogues of a million items: spends some seconds on an index when the model is opened, and half a byte for each
   * weight of the head, so that `recommend` need not score every item. Its results are the same. By default false.
   */
  readonly searchIndex?: boolean;
  /** Stops opening: `open` then rejects with the code `interrupted`. */
  readonly signal?: AbortSignal;
  /** Hears of what went wrong without being fatal; by default `console.warn`. */
  readonly onWarning?: (warning: SottoError) => void;
  /** Called after another page of this origin made the user forgotten, and this one has followed. */
  readonly onForgotten?: () => void;
}

/** What `recommend` and `popular` leave out, and how much their items are to differ. All of it is optional. */
export interface RecommendOptions extends ItemFilter {
  /**
   * 0, by default: by score alone. Up to 1: each next item also unlike those before it, chosen from the best 4 · k.
   */
  readonly diversity?: number;
}

/** An item with the model's score for it, a logit: comparable within one call only. */
export interface Recommendation extends Item {
  readonly score: number;
}

/** One of the user's events, and what it did for the score of the item that `why` was asked about. All in logits, signed. */
export interface Reason extends Item {
  /** How many events came after it; 0 for the latest. */
  readonly eventsSince: number;
  /** The item's score less what it would be without this event. */
  readonly contribution: number;
  /** Where it comes from: together they are the contribution. */
  readonly through: {
    /** The recurrent network. */
    readonly network: number;
    /** When and how often the user met the item before. */
    readonly history: number;
    /** What others went on to. */
    readonly counts: number;
  };
}

/** The most item ids that `history` keeps. */
export const historyLimit = 200;

/**
 * A model and one user's state. Everything happens on this device: nothing is sent anywhere.
 *
 * ```js
 * const recommender = await Recommender.open('/model.safetensors');
 * recommender.observe('85123A');
 * for (const { title } of recommender.recommend(5)) console.log(title);
 * ```
 */
export class Recommender {
  /** What the model says about itself: licence, attribution, architecture, training. */
  readonly modelInfo: ModelInfo;
  readonly #engine: Engine;
  readonly #catalogue: Catalogue;
  readonly #keeper: StateKeeper;
  #history: string[] = [];
  #closed = false;

  private constructor(engine: Engine, catalogue: Catalogue, modelInfo: ModelInfo, keeper: StateKeeper) {
    this.#engine = engine;
    this.#catalogue = catalogue;
    this.modelInfo = modelInfo;
    this.#keeper = keeper;
  }

  /**
   * Opens a model and takes up the user's stored state. The model is fetched, the WebAssembly module compiled and
   * the state read at the same time.
   *
   * @param source the model file: its address, a path (Node), or its bytes
   * @throws SottoError – `no_webassembly`, `network`, `io`, `interrupted`, `wrong_module`,
   *   `out_of_memory`, or a code of the core when the model file is unsound
   */
  static async open(source: ByteSource, options: OpenOptions = {}): Promise<Recommender> {
    const { signal, user = 'default', onWarning = (warning) => console.warn(warning) } = options;
    const stopWhenAborted = () => {
      if (signal?.aborted) throw interruptedError(signal);
    };
    stopWhenAborted();
    bestWasmTier(); // before anything is downloaded: is there WebAssembly?

    const keeper = new StateKeeper(options.store ?? defaultStore(), user, onWarning);
    const [bytes, exports, stored] = await Promise.all([
      readFile(source, signal),
      compileModule(options.wasm).then(instantiate),
      keeper.load(),
    ]);
    stopWhenAborted();

    const engine = new Engine(exports, bytes, options.searchIndex);
    const { info, columns } = readModelFile(bytes, engine.fingerprint);
    const recommender = new Recommender(engine, new Catalogue(columns), info, keeper);
    if (stored !== undefined) await recommender.#restore(stored, onWarning);
    stopWhenAborted();
    keeper.follow(
      () => recommender.#snapshot(),
      () => {
        recommender.#clear();
        options.onForgotten?.();
      },
    );
    const wasReplayed = recommender.#history.length > 0 && stored?.fingerprint !== info.fingerprint;
    if (wasReplayed) keeper.changed();
    return recommender;
  }

  /** How many items the model knows. */
  get items(): number {
    return this.#engine.items;
  }

  /** Every item that the model knows, in the model's order. */
  get catalogue(): readonly Item[] {
    return this.#catalogue.all();
  }

  /** The item with this id, or undefined when the model does not know it. */
  item(id: string): Item | undefined {
    const index = this.#catalogue.indexOf(id);
    return index === undefined ? undefined : this.#catalogue.at(index);
  }

  /** Every category that some item is in, in the order of the catalogue; empty where the model has none. */
  get categories(): readonly string[] {
    return this.#catalogue.categories;
  }

  /** Ids of the last items observed, oldest first, at most 200. */
  get history(): readonly string[] {
    return [...this.#history];
  }

  /** How many events the state has seen. */
  get events(): number {
    return this.#open().events;
  }

  /** Bytes of the user's state, as exported and as stored. */
  get stateSize(): number {
    return this.#open().stateSize;
  }

  /** Where the state is kept, for people. */
  get storedIn(): string {
    return this.#keeper.storedIn;
  }

  /**
   * The user viewed, bought or otherwise chose this item. The state takes it in at once, and is stored soon.
   *
   * @throws SottoError `unknown_item` when the model does not know the item; nothing changes then
   */
  observe(itemId: string): void {
    const engine = this.#open();
    const index = this.#catalogue.indexOf(itemId);
    if (index === undefined) throw unknownItem(itemId);
    engine.observe(index);
    this.#history = [...this.#history, itemId].slice(-historyLimit);
    this.#keeper.changed();
  }

  /**
   * The `k` items that fit the user best, best first; fewer when the filter lets fewer through.
   *
   * @throws SottoError `invalid_argument` when `k` is no count, or an option not what it takes
   */
  recommend(k: number, options: RecommendOptions = {}): Recommendation[] {
    const engine = this.#open();
    requireCount(k, 'recommend');
    return this.#named(engine.recommend(k, this.#rankingOptions(options)));
  }

  /**
   * Some candidates, best first, ties in the model's order, such as the items that a page can show now. With a model of a binary head this is what
   * to ask, since each item of `recommend` costs a step of the network there; `score` is then the logit of the probability
   * that the user wants the item next.
   *
   * @throws SottoError `unknown_item` when the model does not know one of them: ask item(id) first
   */
  rank(itemIds: Iterable<string>): Recommendation[] {
    const engine = this.#open();
    const candidates = Array.from(new Set(itemIds), (id) => {
      const index = this.#catalogue.indexOf(id);
      if (index === undefined) throw unknownItem(id);
      return index;
    }).sort((a, b) => a - b);
    const scores = engine.candidateScores(candidates);
    return candidates
      .map((index, place) => ({ ...this.#catalogue.at(index), score: scores[place] as number }))
      .sort((a, b) => b.score - a.score);
  }

  /**
   * What the user's latest events, at most 50, did for an item's score: those that speak for it most come first, those
   * that speak against it last. Each event is left out in turn and the others are observed again, apart from the user's
   * state, so that this takes a thousand times as long as `observe`: ask when the user does.
   *
   * @throws SottoError `unknown_item` when the model does not know the item
   */
  why(itemId: string): Reason[] {
    const engine = this.#open();
    const index = this.#catalogue.indexOf(itemId);
    if (index === undefined) throw unknownItem(itemId);
    return engine.why(index).map(({ item, age, logit, history, counts }) => ({
      ...this.#catalogue.at(item),
      eventsSince: age,
      contribution: logit,
      through: { network: logit - history - counts, history, counts },
    }));
  }

  /** The `k` items that fit somebody of whom nothing is known, best first, whatever this user has observed. */
  popular(k: number, options: RecommendOptions = {}): Recommendation[] {
    const engine = this.#open();
    requireCount(k, 'popular');
    return this.#named(engine.popular(k, this.#rankingOptions(options)));
  }

  /** The user's state: the same bytes that the native library exports. */
  exportState(): Uint8Array {
    return this.#open().exportState();
  }

  /**
   * Replaces the user's state by one that was exported with the same model.
   *
   * @param history what `history` gave at that time; without it the history starts empty, and the state cannot be
   *   carried over to a later version of the model
   * @throws SottoError `mismatch`, `truncated`, `malformed` …; the state then stays as it was
   */
  importState(bytes: Uint8Array, history: readonly string[] = []): void {
    this.#open().importState(bytes);
    this.#history = history.slice(-historyLimit);
    this.#keeper.changed();
  }

  /**
   * Erases everything about the user: in memory at once, in the store when the promise settles. Other pages of this
   * origin that have the same user open follow.
   *
   * @throws SottoError `storage_unavailable` when the store refuses to erase
   */
  async forget(): Promise<void> {
    this.#open();
    this.#clear();
    await this.#keeper.forget();
  }

  /** Settles when everything observed up to now is stored, or a warning has said that it could not be. */
  saved(): Promise<void> {
    return this.#keeper.saved();
  }

  /** Stores what is left to store and gives the memory back. Any other use afterwards throws `closed`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#keeper.close();
    this.#engine.close();
  }

  /** The engine, as long as it may be used. */
  #open(): Engine {
    if (this.#closed) {
      throw new SottoError('closed', 'This recommender has been closed: open another with Recommender.open.');
    }
    return this.#engine;
  }

  #rankingOptions({ diversity = 0, ...filter }: RecommendOptions): RankingOptions {
    if (!(diversity >= 0 && diversity <= 1)) {
      throw new SottoError('invalid_argument', `The option diversity takes a number from 0 to 1, not ${diversity}.`);
    }
    const catalogue = this.#catalogue;
    return { exclude: excludedItems(filter, catalogue), allowed: allowedItems(filter, catalogue), diversity };
  }

  #named({ items, scores }: Ranking): Recommendation[] {
    return Array.from(items, (index, rank) => ({ ...this.#catalogue.at(index), score: scores[rank] as number }));
  }

  #clear(): void {
    this.#engine.reset();
    this.#history = [];
  }

  #snapshot(): StoredState {
    return {
      version: 1,
      fingerprint: this.modelInfo.fingerprint,
      state: this.#engine.exportState(),
      history: this.#history,
      savedAt: Date.now(),
    };
  }

  async #restore(stored: StoredState, onWarning: (warning: SottoError) => void): Promise<void> {
    if (stored.fingerprint !== this.modelInfo.fingerprint) {
      await this.#replay(stored, onWarning);
      return;
    }
    try {
      this.#engine.importState(stored.state);
      this.#history = stored.history.slice(-historyLimit);
    } catch (error) {
      await this.#keeper.quarantine(stored, error instanceof Error ? error.message : String(error), error);
    }
  }

  /** The state is of another version of the model: what the user chose is still known by name. */
  async #replay(stored: StoredState, onWarning: (warning: SottoError) => void): Promise<void> {
    const known = stored.history.filter((id) => this.#catalogue.indexOf(id) !== undefined);
    if (known.length === 0) {
      await this.#keeper.quarantine(stored, 'it is of another model, which shares no item of the history with this one');
      return;
    }
    this.#engine.observeAll(known.map((id) => this.#catalogue.indexOf(id) as number));
    this.#history = known.slice(-historyLimit);
    onWarning(
      new SottoError(
        'state_replayed',
        `The stored state was of another version of the model: it was rebuilt from the last ${known.length} of ` +
          `${stored.history.length} items in the history. Nothing needs to be done.`,
      ),
    );
  }
}

function requireCount(k: number, method: string): void {
  if (!Number.isInteger(k) || k < 1) {
    throw new SottoError('invalid_argument', `${method}(k) takes a whole number of at least 1, not ${k}.`);
  }
}

function defaultStore(): StateStore {
  return typeof indexedDB === 'undefined' ? memoryStore() : indexedDbStore();
}

function unknownItem(id: string): SottoError {
  return new SottoError('unknown_item', `The model does not know the item “${id}”: ask item(id) first.`);
}
