// The class as pages know it, and how it is opened. What it does once it is open is in opened_recommender.ts: that part of the
// package is loaded while the model is on its way, so that the page's own code is small and the downloads begin early.
import { untilAborted } from './abortable.js';
import type { WithId } from './arguments.js';
import type { asyncDispose } from './async_dispose.js';
import type { BackupOptions } from './backup_client.js';
import type { ByteSource } from './byte_source.js';
import { isModule } from './bytes.js';
import { interruptedError } from './errors.js';
import { canRun } from './features.js';
import { type Feedback, checkedWeights } from './feedback.js';
import { indexedDbStore } from './indexed_db_store.js';
import type { ItemFilter } from './item_filter.js';
import type { Learned, LearningRecord } from './learned.js';
import { memoryStore } from './memory_store.js';
import { readModel } from './model_download.js';
import type { Item, ModelInfo } from './model_file.js';
import { compileModule, instantiate } from './module_loader.js';
import type { Moment } from './moment.js';
import type { Snapshot, SnapshotListener } from './observation.js';
import { loaded, rareCases } from './on_demand.js';
import { type OpenOptions, requireOpenOptions } from './open_options.js';
import type { ReadableState } from './readable_state.js';
import type {
  HiddenItem,
  PastEvent,
  Reasons,
  Recommendation,
  RecommendOptions,
  RestoredBackup,
  TimedEvent,
} from './results.js';
import { StoreAccess } from './store_access.js';
import type { Trend } from './trend.js';

/**
 * A model and one user's state. Everything happens on this device; nothing is sent anywhere unless `backup` is called.
 *
 * ```js
 * const recommender = await Recommender.open('/model.safetensors');
 * recommender.observe('85123A');
 * for (const { title } of recommender.recommend(5)) console.log(title);
 * ```
 */
export abstract class Recommender {
  /** What the model says about itself: licence, attribution, architecture, training. */
  abstract readonly modelInfo: ModelInfo;

  /**
   * Opens a model and takes up the user's stored state. The model is fetched, the WebAssembly module compiled and
   * the state read at the same time.
   *
   * @param source the model file: its address, a path (Node), or its bytes
   * @throws SottoError – `no_webassembly`, `unsupported`, `network`, `io`, `interrupted`, `wrong_module`, `invalid_argument`,
   *   `out_of_memory`, or a code of the core when the model file is unsound
   */
  static async open(source: ByteSource, options: OpenOptions = {}): Promise<Recommender> {
    requireOpenOptions(options);
    return untilAborted(options.signal, Recommender.#begin(source, options));
  }

  static async #begin(source: ByteSource, options: OpenOptions): Promise<Recommender> {
    const { signal, request, onProgress, sha256, wasm } = options;
    const weights = checkedWeights(options.weights ?? {});
    if (signal?.aborted) throw interruptedError(signal);
    if (!canRun(isModule(wasm))) throw (await rareCases()).cannotRun(); // before anything is downloaded

    const { store = typeof indexedDB === 'undefined' ? memoryStore() : indexedDbStore() } = options;
    const access = new StoreAccess(store);
    const user = String(options.user ?? 'default');
    const reading = readModel(source, { signal, request, onProgress, sha256 });
    const compiling = compileModule(wasm);
    const part = loaded(import('./opened_recommender.js'));
    // The downloads take longer than the store, which this opens.
    const underUser = access.load(user);
    underUser.catch(() => {}); // What is wrong is said once the store is needed.
    const starting = compiling.then(instantiate);
    const begun = { reading, compiling, starting, access, user, underUser, weights };
    const opening = part.then(({ OpenedRecommender }) => OpenedRecommender.openWith(begun, options));
    const [recommender] = await Promise.all([opening, reading, starting]); // What fails first is told.
    return recommender;
  }

  /** How many items the model knows. */
  abstract get items(): number;

  /** Turns scores into chances: those of a list of all items are the softmax of temperature · score. */
  abstract get temperature(): number;

  /** Every item that the model knows, in the model's order. */
  abstract get catalogue(): readonly Item[];

  /** The item with this id, or undefined when the model does not know it. */
  abstract item(id: WithId): Item | undefined;

  /** Every category that some item is in, in the order of the catalogue; empty where the model has none. */
  abstract get categories(): readonly string[];

  /**
   * The latest events, oldest first, at most 1,024: each is its item and the time `at` which it happened. The list may be
   * given to `exclude` as it is, and to another recommender's `recall`. It is made at every call.
   */
  abstract get history(): readonly PastEvent[];

  /** How many events the state has seen. */
  abstract get events(): number;

  /** Bytes of the user's state, as exported and as stored. */
  abstract get stateSize(): number;

  /**
   * Calls the listener at once, and after every change of what the recommender shows: here, in another page of this origin,
   * or by a restored backup. Returns how to stop. It needs no `this`: pass it to React's `useSyncExternalStore` together
   * with `getSnapshot`. Svelte takes the recommender itself as a store.
   */
  abstract readonly subscribe: (listener: SnapshotListener) => () => void;

  /** What the recommender shows by itself: the same object until it changes. */
  abstract readonly getSnapshot: () => Snapshot;

  /** Where the state is kept, for people. */
  abstract get storedIn(): string;

  /**
   * Takes in one event: the user viewed, bought or otherwise chose this item. It is the same as `feedback` of a click. The
   * recommender learns from it at once, and the state is stored soon.
   *
   * @throws SottoError `unknown_item` when the model does not know the item; nothing changes then
   */
  abstract observe(itemId: WithId, at?: Moment): void;

  /**
   * Takes in what the user did with an item: `'purchase'`, or `{ kind: 'dwell', seconds: 40 }`.
   *
   * @param at by default now; an earlier time than that of the latest event is raised to it
   * @throws SottoError `unknown_item`, `invalid_argument`; nothing changes then
   */
  abstract feedback(itemId: WithId, feedback: Feedback, at?: Moment): void;

  /**
   * Takes in events from the time before this recommender, oldest first. They are remembered, and recommendations follow
   * them, but nothing is learned from them.
   *
   * @throws SottoError `unknown_item`, `invalid_argument`; nothing changes then
   */
  abstract recall(events: Iterable<TimedEvent>): void;

  /**
   * Says what the page knows about why the user came, before the user has chosen anything: the next choice is probably among
   * the items that the filter lets through. Such items are those of the entry page's or the referrer's category, or what is
   * bought at this time of day. `belief`, 0 to 1 and by default 0.5, says how probable that is at first; the context is then
   * believed as it proves right, and is over after the first choices. An empty filter ends it. The context belongs to the
   * visit: it is not stored. It has no effect with a model of a binary head.
   *
   * @throws SottoError `invalid_argument` when `belief` is not a number from 0 to 1
   */
  abstract setContext(filter: ItemFilter, belief?: number): void;

  /**
   * Says what many users choose at present. `sotto/sync` does it with what private sync publishes; a page may do it with
   * counts of its own. Each user's recommender finds out how far the trend predicts this user, and follows it that far. It
   * replaces the trend set before, is not stored, and ends with an empty one. It has no effect with a model of a binary
   * head.
   *
   * @throws SottoError `unknown_item`, `invalid_argument`, `out_of_range`; nothing changes then
   */
  abstract setTrend(trend: Trend): void;

  /** The items that the user asked not to see, by `dismiss` and `not_this`. */
  abstract get hidden(): readonly HiddenItem[];

  /**
   * Shows a hidden item again.
   *
   * @throws SottoError `unknown_item` when the model does not know the item
   */
  abstract show(itemId: WithId): void;

  /**
   * Whether events teach, and what was learned counts. Switched off, lists are the model's own; what was learned is kept.
   */
  abstract get learning(): boolean;
  abstract set learning(on: boolean);

  /** How well learning has predicted this user so far, beside the model alone. */
  abstract get learningRecord(): LearningRecord;

  /** What learning has changed: the `k` items and categories that it made likelier, and less likely, by the largest factors. */
  abstract learned(k: number): Learned;

  /**
   * Returns the `k` items that fit the user best, best first; fewer when the filter lets fewer through.
   *
   * @throws SottoError `invalid_argument` when `k` or an option has a value that it cannot have
   */
  abstract recommend(k: number, options?: RecommendOptions): Recommendation[];

  /**
   * Ranks some candidates, best first, such as the items that a page can show now. Candidates of equal score come in the
   * model's order. With a model of a binary head ask this rather than `recommend`, which costs a step of the network for
   * every item there; `score` is then the logit of the probability that the user wants the item next.
   *
   * @throws SottoError `unknown_item` when the model does not know one of them: ask item(id) first
   */
  abstract rank(itemIds: Iterable<WithId>): Recommendation[];

  /**
   * Tells what the user's latest events, at most 50, did for an item's score by the model alone. Events that speak for the
   * item come first, events that speak against it last. Each event is left out in turn and the others are observed again,
   * apart from the user's state. This takes a thousand times as long as `observe`: ask when the user does. The property
   * `trend` of the list says what the trend does for the item.
   *
   * @throws SottoError `unknown_item` when the model does not know the item
   */
  abstract why(itemId: WithId): Reasons;

  /** The `k` items that fit somebody about whom nothing is known, best first, whatever this user has observed. */
  abstract popular(k: number, options?: RecommendOptions): Recommendation[];

  /** The user's state: the same bytes that the native library exports. */
  abstract exportState(): Uint8Array;

  /** The state as plain data, for people and other programs: what is remembered, hidden and learned, by name. */
  abstract exportReadable(): ReadableState;

  /**
   * Replaces the user's state by one that was exported with the same model.
   *
   * @throws SottoError `mismatch`, `truncated`, `malformed` …; the state then stays as it was
   */
  abstract importState(bytes: Uint8Array): void;

  /**
   * Adds what the same user did on another device, exported there with the same model. Once both devices have merged each
   * other's state they know the same: events count once, and what was learned is a mean of both.
   *
   * @throws SottoError `mismatch`, `truncated`, `malformed` …; the state then stays as it was
   */
  abstract mergeState(bytes: Uint8Array): void;

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
  abstract backup(url: string | URL, options?: BackupOptions & { readonly code?: string }): Promise<string>;

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
  abstract restore(
    url: string | URL,
    code: string,
    options?: BackupOptions & { readonly merge?: boolean },
  ): Promise<RestoredBackup>;

  /**
   * Removes a backup from the server; nothing happens where there is none. The state here stays as it is.
   *
   * @throws SottoError `network`, `interrupted`, `wrong_code`, `unsupported`
   */
  abstract forgetBackup(url: string | URL, code: string, options?: BackupOptions): Promise<void>;

  /**
   * Erases everything about the user: in memory at once, in the store when the promise settles. Other pages of this
   * origin that have the same user open follow.
   *
   * @throws SottoError `storage_unavailable` when the store refuses to erase
   */
  abstract forget(): Promise<void>;

  /**
   * Asks the browser to keep what this origin stores until the user erases it, even when the device is short of space or the
   * user stays away for long. Some browsers ask the user. Resolves with whether it will.
   */
  abstract persist(): Promise<boolean>;

  /** Settles when everything observed up to now is stored, or a warning has said that it could not be. */
  abstract saved(): Promise<void>;

  /** Stores what is not stored yet, and frees the memory. Any other use afterwards throws `closed`. */
  abstract close(): Promise<void>;

  /** Closes at the end of a block with `await using recommender = await Recommender.open(…)`. */
  abstract [asyncDispose](): Promise<void>;
}
