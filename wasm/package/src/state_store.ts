// Where a user's state is kept between visits, and what is kept.

/**
 * A place that keeps records by key. The package has `indexedDbStore`, `encryptedStore` and `memoryStore`; a store of your
 * own may be anything that keeps structured-cloneable values.
 */
export interface StateStore {
  /** Where the records are, for people: "IndexedDB “sotto” in this browser". */
  readonly description: string;
  /**
   * Reads the record under this key. Resolves with undefined where there is none, and with an `UnreadableRecord` where there
   * is one that cannot be read. Rejects when the store cannot be read.
   */
  load(key: string): Promise<unknown>;
  /** Replaces the record as a whole: a reader finds the old record or the new one, never a part of one. */
  save(key: string, record: unknown): Promise<void>;
  /** Erases the records under these keys: all of them or none. */
  erase(keys: readonly string[]): Promise<void>;
  /**
   * Calls the listener when another page or worker erases the record under this key; returns how to stop.
   * A store that only one page can reach does not need this.
   */
  onErased?(key: string, listener: () => void): () => void;
}

/**
 * What `load` resolves with for a record that cannot be read. The record is then set aside with a warning: `save` is called
 * with this object under another key, and must keep `record` as it is.
 */
export class UnreadableRecord {
  constructor(
    readonly record: unknown,
    /** A clause for people: "it is encrypted, and its key is gone". */
    readonly reason: string,
    readonly cause?: unknown,
  ) {}
}

/** What is stored for a user. */
export interface StoredState {
  /** The version of this layout. */
  readonly version: 3;
  /** The fingerprint of the model that the state belongs to. */
  readonly fingerprint: string;
  /** What `exportState` gave. */
  readonly state: Uint8Array;
  /** The ids of the items that the state knows by their indices, for other versions of the model. */
  readonly names: readonly (readonly [index: number, id: string])[];
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** The `mark` of the record that the writing page had last taken up from the store; '' where there was none. */
  readonly base: string;
}

/** Tells a state from every other: its checksum. */
export function mark(state: Uint8Array): string {
  return state.subarray(-8).join();
}

export function isStoredState(record: unknown): record is StoredState {
  if (typeof record !== 'object' || record === null) return false;
  const { version, fingerprint, state, names, savedAt, base } = record as Record<keyof StoredState, unknown>;
  return (
    version === 3 &&
    typeof fingerprint === 'string' &&
    state instanceof Uint8Array &&
    Array.isArray(names) &&
    names.every((pair) => Array.isArray(pair) && isItemIndex(pair[0]) && typeof pair[1] === 'string') &&
    typeof savedAt === 'number' &&
    typeof base === 'string'
  );
}

function isItemIndex(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
}
