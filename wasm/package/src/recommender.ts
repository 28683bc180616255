import { untilAborted } from './abortable.js';
import {
  type WithId,
  idOf,
  requireBoolean,
  requireCount,
  requireList,
  requireNumber,
  requireOptions,
} from './arguments.js';
import { asyncDispose } from './async_dispose.js';
import type { BackupOptions } from './backup_client.js';
import type { ByteSource } from './byte_source.js';
import { isModule, stateBytes } from './bytes.js';
import { Catalogue } from './catalogue.js';
import { Engine, type Ranking, type RankingOptions } from './engine.js';
import { SottoError, interruptedError } from './errors.js';
import { canRun } from './features.js';
import { type Feedback, checkedWeights, readFeedback } from './feedback.js';
import { indexedDbStore } from './indexed_db_store.js';
import { type ItemFilter, allowedItems, excludedItems } from './item_filter.js';
import { KeptUser } from './kept_user.js';
import { type Learned, type LearningRecord, compare, recordOf } from './learned.js';
import { logitOf } from './logit.js';
import { memoryStore } from './memory_store.js';
import { readModel } from './model_download.js';
import { type Item, type ModelInfo, lineageOf, readModelFile } from './model_file.js';
import { compileModule, instantiate } from './module_loader.js';
import { type Moment, secondsOf, theClock, timeOf } from './moment.js';
import { Observation, type Snapshot, type SnapshotListener } from './observation.js';
import { loaded, rareCases, rehearseDuring } from './on_demand.js';
import { type OpenOptions, requireOpenOptions } from './open_options.js';
import { bindToSelf, rememberSelf } from './own_this.js';
import { type ReadableState, hiddenOf, historyOf, readableState } from './readable_state.js';
import type {
  HiddenItem,
  PastEvent,
  Reasons,
  Recommendation,
  RecommendOptions,
  RestoredBackup,
  TimedEvent,
} from './results.js';
import { callSafely } from './report_error.js';
import { StateKeeper } from './state_keeper.js';
import { type Trend, setTrend, trendReason } from './trend.js';

/**
 * A model and one user's state. Everything happens on this device; nothing is sent anywhere unless `backup` is called.
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
  readonly #kept: KeptUser;
  readonly #keeper: StateKeeper;
  readonly #clock: () => number;
  readonly #observation = new Observation(() => {
    const { events, learning } = this.#engine;
    return { events, learning, closed: this.#closed };
  });
  #closed = false;

  private constructor(
    engine: Engine,
    catalogue: Catalogue,
    modelInfo: ModelInfo,
    kept: KeptUser,
    keeper: StateKeeper,
    clock: () => number,
  ) {
    rememberSelf(this);
    this.#engine = engine;
    this.#catalogue = catalogue;
    this.modelInfo = modelInfo;
    this.#kept = kept;
    this.#keeper = keeper;
    this.#clock = clock;
  }

  /**
   * Opens a model and takes up the user's stored state. The model is fetched, the WebAssembly module compiled and
   * the state read at the same time.
   *
   * @param source the model file: its address, a path (Node), or its bytes
   * @throws SottoError – `no_webassembly`, `network`, `io`, `interrupted`, `wrong_module`, `invalid_argument`,
   *   `out_of_memory`, or a code of the core when the model file is unsound
   */
  static async open(source: ByteSource, options: OpenOptions = {}): Promise<Recommender> {
    requireOpenOptions(options);
    return untilAborted(options.signal, Recommender.#opened(source, options));
  }

  static async #opened(source: ByteSource, options: OpenOptions): Promise<Recommender> {
    const { signal, clock = Date.now, onWarning = (warning) => console.warn(warning) } = options;
    const { request, onProgress, sha256 } = options;
    const user = String(options.user ?? 'default');
    const weights = checkedWeights(options.weights ?? {});
    const stopWhenAborted = () => {
      if (signal?.aborted) throw interruptedError(signal);
    };
    stopWhenAborted();
    if (!canRun(isModule(options.wasm))) {
      throw (await rareCases()).cannotRun(); // before anything is downloaded
    }

    const warn = (warning: SottoError) => callSafely(() => onWarning(warning));
    const { store = typeof indexedDB === 'undefined' ? memoryStore() : indexedDbStore() } = options;
    const keeper = new StateKeeper(store, user, warn);
    const readBytes = async () => {
      const bytes = await readModel(source, { signal, request, onProgress, sha256 });
      keeper.read(lineageOf(bytes)); // Asked for before the engine keeps the thread busy.
      return bytes;
    };
    const reading = readBytes();
    const starting = compileModule(options.wasm).then((module) => {
      rehearseDuring(reading, async (model) => new Engine(await instantiate(module), model));
      return instantiate(module);
    });
    keeper.connect(); // The downloads take longer.
    const [bytes, exports] = await Promise.all([reading, starting]);
    stopWhenAborted();

    const engine = new Engine(exports, bytes, options.sketch);
    for (const [kind, weight] of weights) engine.setWeight(kind, weight);
    const { info, columns } = readModelFile(bytes, engine.fingerprint);
    const catalogue = new Catalogue(columns);
    const kept = new KeptUser(engine, catalogue, engine.fingerprint, () => timeOf(clock));
    const recommender = new Recommender(engine, catalogue, info, kept, keeper, clock);
    await keeper.open(kept);
    stopWhenAborted();
    while (engine.relearn() > 0) {
      await new Promise((resolve) => setTimeout(resolve)); // the page has its turn
      stopWhenAborted();
    }
    const tell = (listener: (() => void) | undefined) => {
      if (listener !== undefined && !recommender.#closed) callSafely(listener);
    };
    keeper.follow({
      caughtUp: () => {
        recommender.#observation.changed();
        tell(options.onCaughtUp);
      },
      forgotten: () => {
        recommender.#observation.changed();
        tell(options.onForgotten);
      },
    });
    return recommender;
  }

  /** How many items the model knows. */
  get items(): number {
    return this.#engine.items;
  }

  /** Turns scores into chances: those of a list of all items are the softmax of temperature · score. */
  get temperature(): number {
    return this.#engine.temperature;
  }

  /** Every item that the model knows, in the model's order. */
  get catalogue(): readonly Item[] {
    return this.#catalogue.all();
  }

  /** The item with this id, or undefined when the model does not know it. */
  item(id: WithId): Item | undefined {
    // A page asks with what it has, which may be nothing.
    const index = this.#catalogue.indexOf(id === undefined || id === null ? '' : idOf(id, 'item(id)'));
    return index === undefined ? undefined : this.#catalogue.at(index);
  }

  /** Every category that some item is in, in the order of the catalogue; empty where the model has none. */
  get categories(): readonly string[] {
    return this.#catalogue.categories;
  }

  /**
   * The latest events, oldest first, at most 1,024: each is its item and the time `at` which it happened. The list may be
   * given to `exclude` as it is, and to another recommender's `recall`. It is made at every call.
   */
  get history(): readonly PastEvent[] {
    return historyOf(this.#open(), this.#catalogue);
  }

  /** How many events the state has seen. */
  get events(): number {
    return this.#open().events;
  }

  /** Bytes of the user's state, as exported and as stored. */
  get stateSize(): number {
    return this.#open().stateSize;
  }

  /**
   * Calls the listener at once, and after every change of what the recommender shows: here, in another page of this origin,
   * or by a restored backup. Returns how to stop. It needs no `this`: pass it to React's `useSyncExternalStore` together
   * with `getSnapshot`. Svelte takes the recommender itself as a store.
   */
  readonly subscribe = (listener: SnapshotListener): (() => void) => this.#observation.subscribe(listener);

  /** What the recommender shows by itself: the same object until it changes. */
  readonly getSnapshot = (): Snapshot => this.#observation.snapshot;

  /** Where the state is kept, for people. */
  get storedIn(): string {
    return this.#keeper.storedIn;
  }

  /**
   * Takes in one event: the user viewed, bought or otherwise chose this item. It is the same as `feedback` of a click. The
   * recommender learns from it at once, and the state is stored soon.
   *
   * @throws SottoError `unknown_item` when the model does not know the item; nothing changes then
   */
  observe(itemId: WithId, at?: Moment): void {
    this.feedback(itemId, 'click', at);
  }

  /**
   * Takes in what the user did with an item: `'purchase'`, or `{ kind: 'dwell', seconds: 40 }`.
   *
   * @param at by default now; an earlier time than that of the latest event is raised to it
   * @throws SottoError `unknown_item`, `invalid_argument`; nothing changes then
   */
  feedback(itemId: WithId, feedback: Feedback, at?: Moment): void {
    const engine = this.#open();
    const { kind, amount } = readFeedback(feedback);
    const item = this.#indexOf(itemId);
    const time = at === undefined ? this.#now() : secondsOf(at);
    this.#change(() => {
      if (at === undefined) engine.correctTimes(time);
      engine.feedback(item, kind, amount, time);
    });
  }

  /**
   * Takes in events from the time before this recommender, oldest first. They are remembered, and recommendations follow
   * them, but nothing is learned from them.
   *
   * @throws SottoError `unknown_item`, `invalid_argument`; nothing changes then
   */
  recall(events: Iterable<TimedEvent>): void {
    const engine = this.#open();
    requireList(events, 'recall(events)');
    const all = [...events];
    const items = all.map((event) => this.#indexOf(event, 'An event of recall'));
    const times = all.map(({ at }) => secondsOf(at, 'The time “at” of an event of recall'));
    this.#change(() => engine.recall(items, times));
  }

  /**
   * Says what the page knows about why the user came, before the user has chosen anything: the next choice is probably among
   * the items that the filter lets through. Such items are those of the entry page's or the referrer's category, or what is
   * bought at this time of day. `belief`, 0 to 1, says how probable that is at first; the context is then believed as it
   * proves right, and is over after the first choices. An empty filter ends it. The context belongs to the visit: it is
   * not stored. It has no effect with a model of a binary head.
   *
   * @throws SottoError `invalid_argument` when `belief` is not a number from 0 to 1
   */
  setContext(filter: ItemFilter, belief = 0.5): void {
    const engine = this.#open();
    requireOptions(filter, 'setContext');
    requireNumber(belief, 'setContext(filter, belief)', 0, 1);
    const excluded = new Set(excludedItems(filter, this.#catalogue));
    const allowed = allowedItems(filter, this.#catalogue) ?? new Uint8Array();
    const items = Array.from(allowed.keys()).filter((index) => allowed[index] === 1 && !excluded.has(index));
    engine.setContext(items, belief);
    this.#observation.changed();
  }

  /**
   * Says what many users choose at present. `sotto/sync` does it with what private sync publishes; a page may do it with
   * counts of its own. Each user's recommender finds out how far the trend predicts this user, and follows it that far. It
   * replaces the trend set before, is not stored, and ends with an empty one. It has no effect with a model of a binary
   * head.
   *
   * @throws SottoError `unknown_item`, `invalid_argument`, `out_of_range`; nothing changes then
   */
  setTrend(trend: Trend): void {
    setTrend(this.#open(), this.#catalogue, trend);
    this.#observation.changed();
  }

  /** The items that the user asked not to see, by `dismiss` and `not_this`. */
  get hidden(): readonly HiddenItem[] {
    return hiddenOf(this.#open(), this.#catalogue);
  }

  /**
   * Shows a hidden item again.
   *
   * @throws SottoError `unknown_item` when the model does not know the item
   */
  show(itemId: WithId): void {
    const engine = this.#open();
    const item = this.#indexOf(itemId);
    this.#change(() => engine.show(item));
  }

  /**
   * Whether events teach, and what was learned counts. Switched off, lists are the model's own; what was learned is kept.
   */
  get learning(): boolean {
    return this.#open().learning;
  }

  set learning(on: boolean) {
    requireBoolean(on, 'learning');
    const engine = this.#open();
    this.#change(() => {
      engine.learning = on;
    });
  }

  /** How well learning has predicted this user so far, beside the model alone. */
  get learningRecord(): LearningRecord {
    return recordOf(this.#open().gate());
  }

  /** What learning has changed: the `k` items and categories that it made likelier, and less likely, by the largest factors. */
  learned(k: number): Learned {
    const engine = this.#open();
    requireCount(k, 'learned');
    const now = this.#now();
    return compare(this.#catalogue, engine.scores(now, { base: true }), engine.scores(now, { base: false }), k);
  }

  /**
   * Returns the `k` items that fit the user best, best first; fewer when the filter lets fewer through.
   *
   * @throws SottoError `invalid_argument` when `k` or an option has a value that it cannot have
   */
  recommend(k: number, options: RecommendOptions = {}): Recommendation[] {
    const engine = this.#open();
    requireCount(k, 'recommend');
    return this.#named(engine.recommend(this.#now(), k, this.#rankingOptions(options)));
  }

  /**
   * Ranks some candidates, best first, such as the items that a page can show now. Candidates of equal score come in the
   * model's order. With a model of a binary head ask this rather than `recommend`, which costs a step of the network for
   * every item there; `score` is then the logit of the probability that the user wants the item next.
   *
   * @throws SottoError `unknown_item` when the model does not know one of them: ask item(id) first
   */
  rank(itemIds: Iterable<WithId>): Recommendation[] {
    const engine = this.#open();
    requireList(itemIds, 'rank(itemIds)');
    const candidates = [...new Set(Array.from(itemIds, (id) => this.#indexOf(id)))].sort((a, b) => a - b);
    const scores = engine.candidateScores(this.#now(), candidates);
    return candidates
      .map((index, place) => ({ ...this.#catalogue.at(index), score: logitOf(scores[place] as number) }))
      .sort((a, b) => b.score - a.score);
  }

  /**
   * Tells what the user's latest events, at most 50, did for an item's score by the model alone. Events that speak for the
   * item come first, events that speak against it last. Each event is left out in turn and the others are observed again,
   * apart from the user's state. This takes a thousand times as long as `observe`: ask when the user does. The property
   * `trend` of the list says what the trend does for the item.
   *
   * @throws SottoError `unknown_item` when the model does not know the item
   */
  why(itemId: WithId): Reasons {
    const engine = this.#open();
    const index = this.#indexOf(itemId);
    const reasons = engine.why(index).map(({ item, age, logit, history, counts }) => ({
      ...this.#catalogue.at(item),
      eventsSince: age,
      contribution: logitOf(logit),
      through: { network: logitOf(logit - history - counts), history: logitOf(history), counts: logitOf(counts) },
    }));
    return Object.assign(reasons, trendReason(engine.whyTrend(this.#now(), index)));
  }

  /** The `k` items that fit somebody about whom nothing is known, best first, whatever this user has observed. */
  popular(k: number, options: RecommendOptions = {}): Recommendation[] {
    const engine = this.#open();
    requireCount(k, 'popular');
    return this.#named(engine.popular(k, this.#rankingOptions(options)));
  }

  /** The user's state: the same bytes that the native library exports. */
  exportState(): Uint8Array {
    return this.#open().exportState();
  }

  /** The state as plain data, for people and other programs: what is remembered, hidden and learned, by name. */
  exportReadable(): ReadableState {
    return readableState(this.#open(), this.#catalogue, this.modelInfo);
  }

  /**
   * Replaces the user's state by one that was exported with the same model.
   *
   * @throws SottoError `mismatch`, `truncated`, `malformed` …; the state then stays as it was
   */
  importState(bytes: Uint8Array): void {
    const engine = this.#open();
    const state = stateBytes(bytes, 'importState').slice();
    this.#change(() => engine.importState(state));
  }

  /**
   * Adds what the same user did on another device, exported there with the same model. Once both devices have merged each
   * other's state they know the same: events count once, and what was learned is a mean of both.
   *
   * @throws SottoError `mismatch`, `truncated`, `malformed` …; the state then stays as it was
   */
  mergeState(bytes: Uint8Array): void {
    const engine = this.#open();
    const state = stateBytes(bytes, 'mergeState').slice();
    this.#change(() => engine.mergeState(state));
  }

  /**
   * Stores a copy of the state on a server of `sotto serve`, so that the user can go on at another device. Call it only when
   * the user asks for it. The copy is encrypted here with a key that the server never has. The promise resolves with that
   * key as a recovery code: show it to the user, because it is kept nowhere.
   *
   * @param url the server's address, without `/v1/backups`
   * @param options.code the code of an earlier backup, which is then replaced; without it there is a new code
   * @throws SottoError `network`, `interrupted`, `wrong_code`, `out_of_range` when the copy is too large, `unsupported` in
   *   pages without HTTPS
   */
  async backup(url: string | URL, options: BackupOptions & { readonly code?: string } = {}): Promise<string> {
    this.#open();
    requireOptions(options, 'backup');
    const { storeBackup } = await loadBackups();
    return storeBackup(url, { version: 3, ...this.#kept.snapshot(), base: '' }, options.code, options);
  }

  /**
   * Takes in a backup: adds it to this user's state as `mergeState` does, or replaces the state. A backup of another version
   * of the model is carried over by the items' ids.
   *
   * @param code what `backup` resolved with
   * @param options.merge by default true; a user about whom nothing is known yet takes the backup as it is
   * @throws SottoError `network`, `interrupted`, `wrong_code`, `backup_not_found`, `malformed`, `unsupported_version`,
   *   `unsupported`, `mismatch` when the backup is of a model that has none of its items in common with this one; the state
   *   then stays as it was
   */
  async restore(
    url: string | URL,
    code: string,
    options: BackupOptions & { readonly merge?: boolean } = {},
  ): Promise<RestoredBackup> {
    this.#open();
    requireOptions(options, 'restore');
    const { merge = true } = options;
    requireBoolean(merge, 'The option merge');
    const { readBackup, stateFor } = await loadBackups();
    const backup = await readBackup(url, code, options);
    const engine = this.#open();
    const state = stateFor(engine, this.#catalogue, backup);
    this.#change(() => {
      if (this.#kept.isBlank || !merge) engine.importState(state);
      else engine.mergeState(state);
    });
    return { savedAt: new Date(backup.savedAt), carriedOver: !this.#kept.isOwn(backup) };
  }

  /**
   * Removes a backup from the server; nothing happens where there is none. The state here stays as it is.
   *
   * @throws SottoError `network`, `interrupted`, `wrong_code`, `unsupported`
   */
  async forgetBackup(url: string | URL, code: string, options: BackupOptions = {}): Promise<void> {
    requireOptions(options, 'forgetBackup');
    const { removeBackup } = await loadBackups();
    await removeBackup(url, code, options);
  }

  /**
   * Erases everything about the user: in memory at once, in the store when the promise settles. Other pages of this
   * origin that have the same user open follow.
   *
   * @throws SottoError `storage_unavailable` when the store refuses to erase
   */
  async forget(): Promise<void> {
    this.#open();
    const erased = this.#keeper.forget();
    this.#observation.changed(); // what a listener observes now is already somebody new
    await erased;
  }

  /**
   * Asks the browser to keep what this origin stores until the user erases it, even when the device is short of space or the
   * user stays away for long. Some browsers ask the user. Resolves with whether it will.
   */
  async persist(): Promise<boolean> {
    this.#open();
    const { navigator } = globalThis as { navigator?: { storage?: Partial<StorageManager> } };
    return (await navigator?.storage?.persist?.()) ?? false;
  }

  /** Settles when everything observed up to now is stored, or a warning has said that it could not be. */
  saved(): Promise<void> {
    return this.#keeper.saved();
  }

  /** Stores what is not stored yet, and frees the memory. Any other use afterwards throws `closed`. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#observation.changed();
    await this.#keeper.close();
    this.#engine.close();
  }

  /** Closes at the end of a block with `await using recommender = await Recommender.open(…)`. */
  [asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Changes the state; then it is stored, and those who listen are told. What throws has changed nothing. */
  #change(make: () => void): void {
    this.#kept.change(make);
    this.#keeper.changed();
    this.#observation.changed();
  }

  /** The engine, as long as it may be used. */
  #open(): Engine {
    if (this.#closed) {
      throw new SottoError('closed', 'This recommender has been closed: open another with Recommender.open.');
    }
    return this.#engine;
  }

  /** The time of the option `clock`, in seconds. */
  #now(): number {
    return secondsOf(this.#clock(), theClock);
  }

  #indexOf(item: WithId, argument = 'itemId'): number {
    const id = idOf(item, argument);
    const index = this.#catalogue.indexOf(id);
    if (index === undefined) {
      throw new SottoError('unknown_item', `The model does not know the item “${id}”: ask item(id) first.`);
    }
    return index;
  }

  #rankingOptions(options: RecommendOptions): RankingOptions {
    requireOptions(options, 'recommend');
    const { diversity = 0, base = false, ...filter } = options;
    requireNumber(diversity, 'The option diversity', 0, 1);
    requireBoolean(base, 'The option base');
    const catalogue = this.#catalogue;
    return {
      base,
      exclude: excludedItems(filter, catalogue),
      allowed: allowedItems(filter, catalogue),
      diversity,
    };
  }

  #named({ items, scores }: Ranking): Recommendation[] {
    return Array.from(items, (index, rank) => ({
      ...this.#catalogue.at(index),
      score: logitOf(scores[rank] as number),
    }));
  }
}

bindToSelf(Recommender);

const loadBackups = () => loaded(import('./backups.js'));
