// Who wants to know of changes: React's useSyncExternalStore, Svelte's stores and Vue's refs bind to this as it is.
import { refused } from './arguments.js';
import { callSafely } from './report_error.js';

/** What a page shows of a recommender by itself. The same object until something changes; then a new one. */
export interface Snapshot {
  /** Counts the changes since the recommender was opened: lists made under an older one are out of date. */
  readonly revision: number;
  /** How many events the state has seen. */
  readonly events: number;
  /** Whether events teach, and what was learned counts. */
  readonly learning: boolean;
  /** Whether the recommender has been closed: all but `getSnapshot` and `subscribe` throws then. */
  readonly closed: boolean;
}

/** Called with the present snapshot, at once when it subscribes and after each change. */
export type SnapshotListener = (snapshot: Snapshot) => void;

/** One thing that changes, and its listeners. */
export class Observation {
  readonly #read: () => Omit<Snapshot, 'revision'>;
  readonly #listeners = new Set<SnapshotListener>();
  #revision = 0;
  #snapshot: Snapshot | undefined;

  constructor(read: () => Omit<Snapshot, 'revision'>) {
    this.#read = read;
  }

  get snapshot(): Snapshot {
    return (this.#snapshot ??= Object.freeze({ revision: this.#revision, ...this.#read() }));
  }

  subscribe(listener: SnapshotListener): () => void {
    if (typeof listener !== 'function') throw refused('subscribe(listener)', 'a function', listener);
    // The same function may subscribe twice, and each subscription ends by itself.
    const own: SnapshotListener = (snapshot) => listener(snapshot);
    this.#listeners.add(own);
    callSafely(() => own(this.snapshot));
    return () => void this.#listeners.delete(own);
  }

  changed(): void {
    ++this.#revision;
    this.#snapshot = undefined;
    // A listener may change things again: who is told later is told of the latest, and nobody of the same one twice. Its
    // mistakes are the page's.
    const { snapshot } = this;
    for (const listener of [...this.#listeners]) {
      if (snapshot !== this.snapshot) return;
      if (this.#listeners.has(listener)) callSafely(() => listener(snapshot));
    }
  }
}
