// Keeps one user's record in a store: one write at a time, always of the newest state, and never a write that
// brings back what was forgotten.
import { SottoError } from './errors.js';
import { memoryStore } from './memory_store.js';
import { type StateStore, type StoredState, UnreadableRecord, isStoredState } from './state_store.js';

export class StateKeeper {
  readonly #key: string;
  readonly #warn: (warning: SottoError) => void;
  #store: StateStore;
  #snapshot: () => StoredState = () => {
    throw new Error('no snapshot before follow()');
  };
  #changed = false;
  #scheduled = false;
  #refused = false;
  #work: Promise<void> = Promise.resolve();
  #stopListening: () => void = () => {};

  constructor(store: StateStore, user: string, warn: (warning: SottoError) => void) {
    this.#store = store;
    this.#key = user;
    this.#warn = warn;
  }

  get storedIn(): string {
    return this.#store.description;
  }

  /** The user's record, if there is a sound one. */
  async load(): Promise<StoredState | undefined> {
    let record: unknown;
    try {
      record = await this.#store.load(this.#key);
    } catch (error) {
      this.#warn(
        new SottoError(
          'storage_unavailable',
          `${this.#store.description} cannot be used, so that this visit is remembered in memory only: ` +
            'allow storage for this site, or leave private browsing.',
          error,
        ),
      );
      this.#store = memoryStore();
      return undefined;
    }
    if (record === undefined) return undefined;
    if (isStoredState(record)) return record;
    if (record instanceof UnreadableRecord) await this.quarantine(record, record.reason, record.cause);
    else await this.quarantine(record, 'it is not a record of this release');
    return undefined;
  }

  /** Moves a record that cannot be used aside, so that it is neither lost nor in the way. */
  async quarantine(record: unknown, reason: string, cause?: unknown): Promise<void> {
    this.#warn(
      new SottoError(
        'state_damaged',
        `The stored state could not be used (${reason}). It is kept under “${this.#quarantineKey}”; ` +
          'recommendations start afresh.',
        cause,
      ),
    );
    const isAside = await this.#attempt(() => this.#store.save(this.#quarantineKey, record));
    if (isAside) await this.#attempt(() => this.#store.erase([this.#key]));
  }

  /** From now on `changed()` stores what `snapshot` gives, and another page's forgetting calls `onForgotten`. */
  follow(snapshot: () => StoredState, onForgotten: () => void): void {
    this.#snapshot = snapshot;
    const stopErased = this.#store.onErased?.(this.#key, () => {
      this.#changed = false;
      onForgotten();
    });
    const stopLeaving = onLeaving(() => this.#changed && this.#write());
    this.#stopListening = () => {
      stopErased?.();
      stopLeaving();
    };
  }

  /** Stores the state soon: all changes of one task become one write, and so do all during a write. */
  changed(): void {
    this.#changed = true;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#work = this.#work.then(() => {
      this.#scheduled = false;
      return this.#changed ? this.#write() : undefined;
    });
  }

  /** Settles when everything up to now is stored, or has been refused with a warning. */
  async saved(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.#work) {
      seen = this.#work;
      await seen;
    }
  }

  /** Erases the user's record, and any that was moved aside. */
  forget(): Promise<void> {
    this.#changed = false;
    const erased = this.#work.then(() => this.#store.erase([this.#key, this.#quarantineKey]));
    this.#work = erased.catch(() => undefined);
    return erased.catch((error: unknown) => {
      throw new SottoError(
        'storage_unavailable',
        `${this.#store.description} refused to erase the stored state: clear this site's data in the browser's settings.`,
        error,
      );
    });
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.saved();
  }

  get #quarantineKey(): string {
    return `${this.#key} (set aside)`;
  }

  async #write(): Promise<void> {
    this.#changed = false;
    const record = this.#snapshot();
    await this.#attempt(() => this.#store.save(this.#key, record));
  }

  /** Whether the store did it. Warns once of a store that refuses, and goes on. */
  async #attempt(operation: () => Promise<void>): Promise<boolean> {
    try {
      await operation();
      this.#refused = false;
      return true;
    } catch (error) {
      if (this.#refused) return false;
      this.#refused = true;
      this.#warn(
        new SottoError(
          'storage_unavailable',
          `${this.#store.description} refused to keep the state, so that the latest changes are in memory only: ` +
            'free some space, or allow storage for this site.',
          error,
        ),
      );
      return false;
    }
  }
}

/** Calls the listener when the page may be about to go; returns how to stop. Does nothing outside of pages. */
function onLeaving(listener: () => void): () => void {
  if (typeof document === 'undefined') return () => {};
  const onHidden = () => document.visibilityState === 'hidden' && listener();
  document.addEventListener('visibilitychange', onHidden);
  addEventListener('pagehide', listener);
  return () => {
    document.removeEventListener('visibilitychange', onHidden);
    removeEventListener('pagehide', listener);
  };
}
