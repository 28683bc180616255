// The recommender once the downloads have begun: how it gets ready, and everything that it does then. The recommender of a
// page whose model is on its way loads this part meanwhile.
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
import type { SottoExports } from './abi.js';
import { stateBytes } from './bytes.js';
import { Catalogue } from './catalogue.js';
import { Engine, type Ranking, type RankingOptions } from './engine.js';
import { SottoError, interruptedError } from './errors.js';
import { type Feedback, type checkedWeights, readFeedback } from './feedback.js';
import { type ItemFilter, allowedItems, excludedItems } from './item_filter.js';
import { KeptUser } from './kept_user.js';
import { type Learned, type LearningRecord, compare, recordOf } from './learned.js';
import { logitOf } from './logit.js';
import { type Item, type ModelInfo, type ModelFile, lineageOf, readHead, readModelFile } from './model_file.js';
import { instantiate } from './module_loader.js';
import { type Moment, secondsOf, theClock, timeOf } from './moment.js';
import { Observation, type Snapshot, type SnapshotListener } from './observation.js';
import { loaded } from './on_demand.js';
import type { OpenOptions } from './open_options.js';
import { bindToSelf, rememberSelf } from './own_this.js';
import { type ReadableState, hiddenOf, historyOf, readableState } from './readable_state.js';
import { Recommender } from './recommender.js';
import { rehearseDuring } from './rehearse_during.js';
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
import { StateKeeper, type StoredUser } from './state_keeper.js';
import { type Trend, setTrend, trendReason } from './trend.js';

/** What `Recommender.open` has begun when this part of the package comes. */
export interface Begun extends StoredUser {
  /** The model file. */
  readonly reading: Promise<Uint8Array>;
  readonly compiling: Promise<WebAssembly.Module>;
  readonly starting: Promise<SottoExports>;
  readonly weights: ReturnType<typeof checkedWeights>;
}

export class OpenedRecommender extends Recommender {
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
    info: ModelFile['info'],
    kept: KeptUser,
    keeper: StateKeeper,
    clock: () => number,
  ) {
    super();
    rememberSelf(this);
    this.#engine = engine;
    this.#catalogue = catalogue;
    this.modelInfo = { fingerprint: engine.fingerprint, ...info };
    this.#kept = kept;
    this.#keeper = keeper;
    this.#clock = clock;
  }

  /** Opens the recommender with what has begun, and takes up the user's stored state. */
  static async openWith(begun: Begun, options: OpenOptions): Promise<OpenedRecommender> {
    const { signal, clock = Date.now, onWarning = (warning) => console.warn(warning) } = options;
    const stopWhenAborted = () => {
      if (signal?.aborted) throw interruptedError(signal);
    };
    const keeper = new StateKeeper(begun, (warning) => callSafely(() => onWarning(warning)));
    const describing = begun.reading.then((bytes) => {
      const head = readHead(bytes);
      keeper.read(lineageOf(head)); // Asked for before the engine keeps the thread busy.
      return readModelFile(bytes, head);
    });
    describing.catch(() => {}); // What is wrong with a file is said by the core first.
    rehearseDuring(begun.reading, async (model) => new Engine(await instantiate(await begun.compiling), model));
    const [bytes, exports] = await Promise.all([begun.reading, begun.starting]);
    stopWhenAborted();

    const engine = new Engine(exports, bytes, options.sketch);
    for (const [kind, weight] of begun.weights) engine.setWeight(kind, weight);
    const { info, columns } = await describing;
    const catalogue = new Catalogue(columns);
    const kept = new KeptUser(engine, catalogue, engine.fingerprint, () => timeOf(clock));
    const recommender = new OpenedRecommender(engine, catalogue, info, kept, keeper, clock);
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

  get items(): number {
    return this.#engine.items;
  }

  get temperature(): number {
    return this.#engine.temperature;
  }

  get catalogue(): readonly Item[] {
    return this.#catalogue.all();
  }

  item(id: WithId): Item | undefined {
    // A page asks with what it has, which may be nothing.
    const index = this.#catalogue.indexOf(id === undefined || id === null ? '' : idOf(id, 'item(id)'));
    return index === undefined ? undefined : this.#catalogue.at(index);
  }

  get categories(): readonly string[] {
    return this.#catalogue.categories;
  }

  get history(): readonly PastEvent[] {
    return historyOf(this.#open(), this.#catalogue);
  }

  get events(): number {
    return this.#open().events;
  }

  get stateSize(): number {
    return this.#open().stateSize;
  }

  readonly subscribe = (listener: SnapshotListener): (() => void) => this.#observation.subscribe(listener);

  readonly getSnapshot = (): Snapshot => this.#observation.snapshot;

  get storedIn(): string {
    return this.#keeper.storedIn;
  }

  observe(itemId: WithId, at?: Moment): void {
    this.feedback(itemId, 'click', at);
  }

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

  recall(events: Iterable<TimedEvent>): void {
    const engine = this.#open();
    requireList(events, 'recall(events)');
    const all = [...events];
    const items = all.map((event) => this.#indexOf(event, 'An event of recall'));
    const times = all.map(({ at }) => secondsOf(at, 'The time “at” of an event of recall'));
    this.#change(() => engine.recall(items, times));
  }

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

  setTrend(trend: Trend): void {
    setTrend(this.#open(), this.#catalogue, trend);
    this.#observation.changed();
  }

  get hidden(): readonly HiddenItem[] {
    return hiddenOf(this.#open(), this.#catalogue);
  }

  show(itemId: WithId): void {
    const engine = this.#open();
    const item = this.#indexOf(itemId);
    this.#change(() => engine.show(item));
  }

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

  get learningRecord(): LearningRecord {
    return recordOf(this.#open().gate());
  }

  learned(k: number): Learned {
    const engine = this.#open();
    requireCount(k, 'learned');
    const now = this.#now();
    return compare(this.#catalogue, engine.scores(now, { base: true }), engine.scores(now, { base: false }), k);
  }

  recommend(k: number, options: RecommendOptions = {}): Recommendation[] {
    const engine = this.#open();
    requireCount(k, 'recommend');
    return this.#named(engine.recommend(this.#now(), k, this.#rankingOptions(options)));
  }

  rank(itemIds: Iterable<WithId>): Recommendation[] {
    const engine = this.#open();
    requireList(itemIds, 'rank(itemIds)');
    const candidates = [...new Set(Array.from(itemIds, (id) => this.#indexOf(id)))].sort((a, b) => a - b);
    const scores = engine.candidateScores(this.#now(), candidates);
    return candidates
      .map((index, place) => ({ ...this.#catalogue.at(index), score: logitOf(scores[place] as number) }))
      .sort((a, b) => b.score - a.score);
  }

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

  popular(k: number, options: RecommendOptions = {}): Recommendation[] {
    const engine = this.#open();
    requireCount(k, 'popular');
    return this.#named(engine.popular(k, this.#rankingOptions(options)));
  }

  exportState(): Uint8Array {
    return this.#open().exportState();
  }

  exportReadable(): ReadableState {
    return readableState(this.#open(), this.#catalogue, this.modelInfo);
  }

  importState(bytes: Uint8Array): void {
    const engine = this.#open();
    const state = stateBytes(bytes, 'importState').slice();
    this.#change(() => engine.importState(state));
  }

  mergeState(bytes: Uint8Array): void {
    const engine = this.#open();
    const state = stateBytes(bytes, 'mergeState').slice();
    this.#change(() => engine.mergeState(state));
  }

  async backup(url: string | URL, options: BackupOptions & { readonly code?: string } = {}): Promise<string> {
    this.#open();
    requireOptions(options, 'backup');
    const { storeBackup } = await loadBackups();
    return storeBackup(url, { version: 3, ...this.#kept.snapshot(), base: '' }, options.code, options);
  }

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

  async forgetBackup(url: string | URL, code: string, options: BackupOptions = {}): Promise<void> {
    requireOptions(options, 'forgetBackup');
    const { removeBackup } = await loadBackups();
    await removeBackup(url, code, options);
  }

  async forget(): Promise<void> {
    this.#open();
    const erased = this.#keeper.forget();
    this.#observation.changed(); // what a listener observes now is already somebody new
    await erased;
  }

  async persist(): Promise<boolean> {
    this.#open();
    const { navigator } = globalThis as { navigator?: { storage?: Partial<StorageManager> } };
    return (await navigator?.storage?.persist?.()) ?? false;
  }

  saved(): Promise<void> {
    return this.#keeper.saved();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#observation.changed();
    await this.#keeper.close();
    this.#engine.close();
  }

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

bindToSelf({ name: 'Recommender', prototype: OpenedRecommender.prototype });

const loadBackups = () => loaded(import('./backups.js'));
