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
   * Replaces the record under this key by what `change` makes of it, so that nobody writes in between. `change` is given what
   * `load` resolves with. It returns the new record, undefined to erase it, or what it was given to leave it as it is. It
   * may be called again where somebody was quicker. Without this function a record is loaded and saved under a lock that
   * the pages of an origin share.
   */
  update?(key: string, change: (found: unknown) => unknown, options?: UpdateOptions): Promise<void>;
  /** The keys that begin with this prefix. A store whose records outlive a page that is killed needs this. */
  keys?(prefix: string): Promise<readonly string[]>;
  /**
   * Whether `save` hands the record over before it returns. What a page does is then first saved beside the user's record,
   * without a look at it, so that a page that is killed at once has lost nothing. Of use with `keys` only.
   */
  readonly savesAtOnce?: boolean;
  /**
   * Calls the listener after the record under this key was updated or erased in another page or worker, or by another
   * recommender of this page; returns how to stop. A store that only one recommender uses does not need this.
   */
  onChanged?(key: string, listener: () => void): () => void;
}

export interface UpdateOptions {
  /** Whether what the record was must not come back after a power failure. */
  readonly isErasing?: boolean;
  /** A listener of `onChanged` that is not called. */
  readonly except?: () => void;
}
