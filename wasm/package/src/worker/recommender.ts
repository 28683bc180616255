// The recommender in a worker: the page keeps its frames while the worker computes.
import { asyncDispose } from '../async_dispose.js';
import type { BackupOptions } from '../backup_client.js';
import { untilAborted } from '../abortable.js';
import { type ByteSource, readFile, requireOk } from '../byte_source.js';
import { bytesOf, isResponse } from '../bytes.js';
import { type WithId, isUrl, refused, requireOptions } from '../arguments.js';
import { SottoError, interruptedError, reasonOf } from '../errors.js';
import type { Feedback } from '../feedback.js';
import type { ItemFilter } from '../item_filter.js';
import type { Learned, LearningRecord } from '../learned.js';
import type { Item, ModelInfo } from '../model_file.js';
import type { Moment } from '../moment.js';
import { Observation, type Snapshot, type SnapshotListener } from '../observation.js';
import { type OpenOptions, requireOpenOptions } from '../open_options.js';
import { bindToSelf, rememberSelf } from '../own_this.js';
import type { ReadableState } from '../readable_state.js';
import { callSafely } from '../report_error.js';
import type {
  HiddenItem,
  PastEvent,
  Reasons,
  Recommendation,
  RecommendOptions,
  RestoredBackup,
  TimedEvent,
} from '../results.js';
import type { Trend } from '../trend.js';
import {
  type Answer,
  type Member,
  type Opened,
  type Order,
  type WorkerStore,
  errorOf,
  workerStores,
} from './messages.js';

/** The options of `Recommender.open`. The store is named, because it is in the worker. */
export interface WorkerOptions extends Omit<OpenOptions, 'store'> {
  /** Where the state is kept; by default IndexedDB. */
  readonly store?: WorkerStore;
  /** A worker that runs the script `sotto/worker/thread`, where the package cannot start one by itself. */
  readonly worker?: Worker;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The recommender of `sotto`, in a worker of its own: every method returns a promise, and so does every property but
 * `modelInfo`, `items` and `temperature`. Calls are answered in their order. For catalogues whose events take longer than a frame.
 *
 * ```js
 * import { Recommender } from 'sotto/worker';
 * const recommender = await Recommender.open('/model.safetensors');
 * await recommender.observe('85123A');
 * for (const { title } of await recommender.recommend(5)) console.log(title);
 * ```
 */
export class Recommender {
  /** What the model says about itself: licence, attribution, architecture, training. */
  readonly modelInfo: ModelInfo;
  /** How many items the model knows. */
  readonly items: number;
  /** Turns scores into chances, as in `sotto`. */
  readonly temperature: number;
  readonly #thread: Thread;

  private constructor(thread: Thread, { modelInfo, items, temperature }: Opened) {
    rememberSelf(this);
    this.#thread = thread;
    this.modelInfo = modelInfo;
    this.items = items;
    this.temperature = temperature;
  }

  /**
   * Starts a worker, and opens a model there.
   *
   * @throws SottoError what `Recommender.open` of `sotto` throws; `unsupported` where there are no workers, `wrong_module`
   *   where the worker's script does not start
   */
  static async open(source: ByteSource, options: WorkerOptions = {}): Promise<Recommender> {
    requireOpenOptions(options);
    const { signal, worker, store, wasm, user, sketch, weights, request, sha256 } = options;
    if (store !== undefined && !workerStores.includes(store)) {
      throw refused('The option store of sotto/worker', workerStores.map((name) => `“${name}”`).join(' or '), store);
    }
    if (signal?.aborted) throw interruptedError(signal);
    const thread = new Thread(worker ?? startWorker(), options);
    const abort = () => thread.end(interruptedError(signal as AbortSignal));
    signal?.addEventListener('abort', abort);
    try {
      const files = Promise.all([sendable(source, 'open(source)', signal), sendable(wasm, 'The option wasm', signal)]);
      const [sent, sentWasm] = await untilAborted(signal, files);
      const given = { wasm: sentWasm, user, sketch, weights, request, sha256 };
      const open = {
        source: sent as string | Uint8Array,
        options: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
        store,
        tellsProgress: options.onProgress !== undefined,
      };
      const opened = await thread.order<Opened>((id) => ({ id, open }));
      thread.begin(opened.snapshot);
      return new Recommender(thread, opened);
    } catch (error) {
      thread.end(error as Error);
      throw error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }

  /** As in `sotto`: called at once, and after every change, with the snapshot. It needs no `this`. */
  readonly subscribe = (listener: SnapshotListener): (() => void) => this.#thread.observation.subscribe(listener);

  /** As in `sotto`; it is that of the latest call that was answered. */
  readonly getSnapshot = (): Snapshot => this.#thread.observation.snapshot;

  get catalogue(): Promise<readonly Item[]> {
    return this.#thread.read('catalogue');
  }

  get categories(): Promise<readonly string[]> {
    return this.#thread.read('categories');
  }

  get history(): Promise<readonly PastEvent[]> {
    return this.#thread.read('history');
  }

  get events(): Promise<number> {
    return this.#thread.read('events');
  }

  get stateSize(): Promise<number> {
    return this.#thread.read('stateSize');
  }

  get storedIn(): Promise<string> {
    return this.#thread.read('storedIn');
  }

  get hidden(): Promise<readonly HiddenItem[]> {
    return this.#thread.read('hidden');
  }

  get learning(): Promise<boolean> {
    return this.#thread.read('learning');
  }

  get learningRecord(): Promise<LearningRecord> {
    return this.#thread.read('learningRecord');
  }

  /** Sets what `learning` is. */
  setLearning(on: boolean): Promise<void> {
    return this.#thread.call('learning', on);
  }

  item(id: WithId): Promise<Item | undefined> {
    return this.#thread.call('item', sendableId(id));
  }

  observe(itemId: WithId, at?: Moment): Promise<void> {
    return this.#thread.call('observe', sendableId(itemId), at);
  }

  feedback(itemId: WithId, feedback: Feedback, at?: Moment): Promise<void> {
    return this.#thread.call('feedback', sendableId(itemId), feedback, at);
  }

  recall(events: Iterable<TimedEvent>): Promise<void> {
    return this.#thread.call(
      'recall',
      listOf(events, (event) => (isObject(event) ? { id: event.id, at: event.at } : event)),
    );
  }

  setContext(filter: ItemFilter, belief?: number): Promise<void> {
    return this.#thread.call('setContext', withLists(filter), belief);
  }

  setTrend(trend: Trend): Promise<void> {
    return this.#thread.call('setTrend', isObject(trend) ? { ...trend, items: listOf(trend.items) } : trend);
  }

  show(itemId: WithId): Promise<void> {
    return this.#thread.call('show', sendableId(itemId));
  }

  learned(k: number): Promise<Learned> {
    return this.#thread.call('learned', k);
  }

  recommend(k: number, options?: RecommendOptions): Promise<Recommendation[]> {
    return this.#thread.call('recommend', k, withLists(options));
  }

  rank(itemIds: Iterable<WithId>): Promise<Recommendation[]> {
    return this.#thread.call('rank', listOf(itemIds, sendableId));
  }

  why(itemId: WithId): Promise<Reasons> {
    return this.#thread.call('why', sendableId(itemId));
  }

  popular(k: number, options?: RecommendOptions): Promise<Recommendation[]> {
    return this.#thread.call('popular', k, withLists(options));
  }

  exportState(): Promise<Uint8Array> {
    return this.#thread.call('exportState');
  }

  exportReadable(): Promise<ReadableState> {
    return this.#thread.call('exportReadable');
  }

  importState(bytes: Uint8Array): Promise<void> {
    return this.#thread.call('importState', bytes);
  }

  mergeState(bytes: Uint8Array): Promise<void> {
    return this.#thread.call('mergeState', bytes);
  }

  backup(url: string | URL, options: BackupOptions & { readonly code?: string } = {}): Promise<string> {
    return this.#thread.callWithSignal('backup', [addressOf(url)], options);
  }

  restore(
    url: string | URL,
    code: string,
    options: BackupOptions & { readonly merge?: boolean } = {},
  ): Promise<RestoredBackup> {
    return this.#thread.callWithSignal('restore', [addressOf(url), code], options);
  }

  forgetBackup(url: string | URL, code: string, options: BackupOptions = {}): Promise<void> {
    return this.#thread.callWithSignal('forgetBackup', [addressOf(url), code], options);
  }

  forget(): Promise<void> {
    return this.#thread.call('forget');
  }

  /** As in `sotto`. The page asks, because workers cannot. */
  async persist(): Promise<boolean> {
    const { navigator } = globalThis as { navigator?: { storage?: Partial<StorageManager> } };
    return (await navigator?.storage?.persist?.()) ?? false;
  }

  saved(): Promise<void> {
    return this.#thread.call('saved');
  }

  /** Stores what is not stored yet, and ends the worker. Any other use afterwards rejects with `closed`. */
  close(): Promise<void> {
    return this.#thread.close();
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }
}

bindToSelf(Recommender);

/** The worker as the page sees it. */
class Thread {
  readonly observation: Observation;
  readonly #worker: Worker;
  readonly #clock: (() => number) | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #snapshot: Snapshot = { revision: 0, events: 0, learning: true, closed: false };
  #ended: Error | undefined;
  #closing: Promise<void> | undefined;

  constructor(worker: Worker, options: WorkerOptions) {
    this.#worker = worker;
    this.#clock = options.clock;
    this.observation = new Observation(() => this.#snapshot);
    worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#hear(data, options);
    worker.onerror = ({ message }) => {
      // Nothing throws there once it runs; what cannot be loaded has no message.
      this.end(
        new SottoError(
          'wrong_module',
          `The worker of sotto/worker did not start (${message || 'its script could not be loaded'}): ` +
            `check that the bundler emits it, and that the page's Content-Security-Policy allows it (worker-src), or ` +
            'pass a worker of your own in the option worker.',
        ),
      );
    };
  }

  begin(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.observation.changed();
  }

  /** Sends an order; resolves with the worker's answer. */
  order<Value>(make: (id: number) => Order): Promise<Value> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = ++this.#orders;
    return new Promise<Value>((resolve, reject) => {
      const now = this.#clock?.();
      try {
        this.#worker.postMessage(now === undefined ? make(id) : { ...make(id), now });
      } catch (error) {
        throw new SottoError(
          'invalid_argument',
          `Something that was given cannot be sent to a worker (${reasonOf(error)}): give plain values.`,
          error,
        );
      }
      this.#waiting.set(id, { resolve, reject });
    });
  }

  read<Value>(member: Member): Promise<Value> {
    return this.#unlessClosing((id) => ({ id, member }));
  }

  call<Value>(member: Member, ...args: readonly unknown[]): Promise<Value> {
    return this.#unlessClosing((id) => ({ id, member, args }));
  }

  /** A call whose last argument has an AbortSignal, which cannot be sent: its abortion is. */
  async callWithSignal<Value>(
    member: Member,
    args: readonly unknown[],
    given: { readonly signal?: AbortSignal },
  ): Promise<Value> {
    requireOptions(given, member);
    const { signal, ...options } = given;
    if (signal === undefined) return this.call(member, ...args, options);
    let id = 0;
    const stop = () => this.#worker.postMessage({ stop: id } satisfies Order);
    const answered = this.#unlessClosing<Value>((own) => {
      id = own;
      return { id, member, args: [...args, options], stops: true };
    });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    try {
      return await answered;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.order<void>((id) => ({ id, member: 'close', args: [] })).finally(() =>
      this.end(closedError()),
    ));
  }

  /** Ends the worker, and whatever it was asked. */
  end(reason: Error): void {
    if (this.#ended !== undefined) return;
    this.#ended = reason;
    this.#worker.terminate();
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  #unlessClosing<Value>(make: (id: number) => Order): Promise<Value> {
    return this.#closing === undefined ? this.order(make) : Promise.reject(closedError());
  }

  #hear(answer: Answer, { onWarning, onProgress, onCaughtUp, onForgotten }: WorkerOptions): void {
    if ('id' in answer) {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('failure' in answer) waiting?.reject(errorOf(answer.failure));
      else waiting?.resolve(answer.value as never);
    } else if ('snapshot' in answer) {
      this.begin(answer.snapshot);
    } else if ('warning' in answer) {
      const warning = errorOf(answer.warning) as SottoError;
      callSafely(() => (onWarning ?? console.warn)(warning));
    } else if ('progress' in answer) {
      callSafely(() => onProgress?.(answer.progress));
    } else {
      callSafely(() => (answer.event === 'caughtUp' ? onCaughtUp?.() : onForgotten?.()));
    }
  }
}

function startWorker(): Worker {
  if (typeof Worker === 'undefined') {
    throw new SottoError('unsupported', 'There are no web workers here: use the Recommender of "sotto" itself.');
  }
  try {
    // Bundlers follow exactly this.
    return new Worker(new URL('../worker_thread.js', import.meta.url), { type: 'module' });
  } catch (error) {
    throw new SottoError(
      'wrong_module',
      `The worker of sotto/worker could not be started from beside the package's JavaScript (${reasonOf(error)}): serve ` +
        'a copy of sotto/worker/thread, and pass a worker that runs it in the option worker.',
      error,
    );
  }
}

function closedError(): SottoError {
  return new SottoError('closed', 'This recommender has been closed: open another with Recommender.open.');
}

/** A source as it can be sent: addresses are the page's, not the worker's, and of bytes only those that are meant. */
async function sendable(source: unknown, argument: string, signal: AbortSignal | undefined): Promise<unknown> {
  const given: unknown = await source;
  if (isResponse(given)) return (await readFile(requireOk(given, argument), signal)).bytes;
  return bytesOf(given)?.slice() ?? addressOf(given);
}

/** An address of the page as a whole one. What is none stays as it is: the worker says what is wrong with it. */
function addressOf(address: unknown): unknown {
  if (typeof address !== 'string' && !isUrl(address)) return address;
  const { document, location } = globalThis as { document?: Document; location?: Location };
  try {
    return new URL(address, document?.baseURI ?? location?.href).href;
  } catch {
    return String(address);
  }
}

function isObject<Value>(value: Value): value is Value & object {
  return typeof value === 'object' && value !== null;
}

/** A list as it can be sent. What is none is sent as it is: the worker says what is wrong with it. */
function listOf<Element>(list: Iterable<Element>, map: (element: Element) => unknown = (element) => element): unknown {
  return isObject(list) && Symbol.iterator in list ? Array.from(list, map) : list;
}

/** Of an item its id: the rest may be a framework's proxy, which cannot be sent. */
function sendableId(item: WithId): WithId {
  return typeof item === 'object' ? item?.id : item;
}

function withLists<Options extends ItemFilter>(options: Options | undefined): unknown {
  if (!isObject(options)) return options;
  const { exclude, among, categories, notCategories } = options;
  return {
    ...options,
    ...(exclude && { exclude: listOf(exclude, sendableId) }),
    ...(among && { among: listOf(among, sendableId) }),
    ...(categories && { categories: listOf(categories) }),
    ...(notCategories && { notCategories: listOf(notCategories) }),
  };
}
