// Keeps one user's record in a store: one write at a time, always of the newest state, and never a write that
// brings back what was forgotten. What another page has stored meanwhile is taken up before anything is written over it.
import { SottoError } from './errors.js';
import { memoryStore } from './memory_store.js';
import { type StateStore, type StoredState, UnreadableRecord, isStoredState, mark } from './state_store.js';

/** What a keeper asks of the one whose state it keeps. */
export interface Kept {
  snapshot(): Omit<StoredState, 'base'>;
  /**
   * Another page has stored a state. Where it `continues` this page's, it takes its place, otherwise it is merged. Returns
   * false where it is of no use here.
   */
  takeUp(record: StoredState, continues: boolean): boolean;
  /** Another page has made the user forgotten. */
  forgotten(): void;
}

export class StateKeeper {
  readonly #key: string;
  readonly #warn: (warning: SottoError) => void;
  #store: StateStore;
  #kept: Kept | undefined;
  /** Of the record that is in the store as far as this page knows, and of the one that it last took up from there. */
  #known = '';
  #base = '';
  /** Counts what was forgotten: what was read before must not be taken up after. */
  #forgotten = 0;
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
    if (isStoredState(record)) {
      this.#known = this.#base = mark(record.state);
      return record;
    }
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

  /** From now on `changed()` stores snapshots, and what other pages do is followed. */
  follow(kept: Kept): void {
    this.#kept = kept;
    const stopErased = this.#store.onErased?.(this.#key, () => {
      this.#forget();
      kept.forgotten();
    });
    const stopLeaving = onComingAndLeaving(
      () => (this.#work = this.#work.then(() => this.#catchUp())),
      () => {
        if (!this.#changed) return;
        const writing = this.#write();
        this.#work = this.#work.then(() => writing);
      },
    );
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
      return this.#changed ? this.#catchUp().then(() => this.#write()) : undefined;
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
    this.#forget();
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

  #forget(): void {
    this.#changed = false;
    this.#known = this.#base = '';
    ++this.#forgotten;
  }

  async #write(): Promise<void> {
    if (this.#kept === undefined) return;
    this.#changed = false;
    const record = { ...this.#kept.snapshot(), base: this.#base };
    const before = this.#known;
    this.#known = mark(record.state);
    if (!(await this.#attempt(() => this.#store.save(this.#key, record)))) this.#known = before;
  }

  /** Takes up what another page has stored. A store that cannot be read says so when it is written. */
  async #catchUp(): Promise<void> {
    const forgotten = this.#forgotten;
    const known = this.#known;
    const record = await this.#store.load(this.#key).catch(() => undefined);
    if (forgotten !== this.#forgotten || !isStoredState(record)) return;
    const found = mark(record.state);
    if (found === known || found === this.#known) return;
    const continues = record.base === this.#known && !this.#changed;
    if (!this.#kept?.takeUp(record, continues)) return;
    this.#known = this.#base = found;
    if (!continues) this.changed();
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

/** Calls a listener when the page is seen again, or may be about to go; returns how to stop. Does nothing outside of pages. */
function onComingAndLeaving(coming: () => void, leaving: () => void): () => void {
  if (typeof document === 'undefined') return () => {};
  const onChange = () => (document.visibilityState === 'hidden' ? leaving() : coming());
  document.addEventListener('visibilitychange', onChange);
  addEventListener('pagehide', leaving);
  return () => {
    document.removeEventListener('visibilitychange', onChange);
    removeEventListener('pagehide', leaving);
  };
}
