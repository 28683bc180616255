// A store as the package uses it: whatever a store of the page's own does, every call settles in time and every answer has
// the shape that it should.
import { inTime } from './answer_time.js';
import { refused } from './arguments.js';
import type { StateStore, UpdateOptions } from './state_store.js';
import { exclusively } from './store_lock.js';

export class StoreAccess {
  readonly #store: StateStore;

  /** @throws SottoError `invalid_argument` where this is no store */
  constructor(store: StateStore) {
    for (const method of ['load', 'save', 'erase'] as const) {
      if (typeof (store as Partial<StateStore> | null)?.[method] === 'function') continue;
      throw refused('The option store', 'a store with load, save and erase', store);
    }
    this.#store = store;
  }

  get description(): string {
    const { description } = this.#store as Partial<StateStore>;
    return typeof description === 'string' ? description : 'the store of this page';
  }

  /** Whether records survive a page that is killed, and pages can leave something behind. */
  get hasKeys(): boolean {
    return this.#store.keys !== undefined;
  }

  /** Whether a record is out of the page's hands when `save` returns, and can be found again. */
  get savesAtOnce(): boolean {
    return this.hasKeys && this.#store.savesAtOnce === true;
  }

  load(key: string): Promise<unknown> {
    return settled(() => this.#store.load(key));
  }

  save(key: string, record: unknown): Promise<void> {
    return settled(() => this.#store.save(key, record));
  }

  erase(keys: readonly string[]): Promise<void> {
    return settled(() => this.#store.erase(keys));
  }

  /** None where the store has no way to tell them. */
  async keys(prefix: string): Promise<readonly string[]> {
    const keys: unknown = await settled(() => this.#store.keys?.(prefix));
    return Array.isArray(keys) ? keys.filter((key): key is string => typeof key === 'string') : [];
  }

  /** As `StateStore.update`. A change that comes after the time is up leaves the record as it is. */
  async update(key: string, change: (found: unknown) => unknown, options: UpdateOptions = {}): Promise<void> {
    let isLate = false;
    const changeInTime = (found: unknown) => (isLate ? found : change(found));
    try {
      if (this.#store.update !== undefined) {
        await settled(() => this.#store.update?.(key, changeInTime, options));
      } else {
        await exclusively(`sotto ${this.description} ${key}`, () => inTime(this.#replace(key, changeInTime)));
      }
    } finally {
      isLate = true;
    }
  }

  async #replace(key: string, change: (found: unknown) => unknown): Promise<void> {
    const found = await this.load(key);
    const next = change(found);
    if (next === found) return;
    await (next === undefined ? this.erase([key]) : this.save(key, next));
  }

  onChanged(key: string, listener: () => void): () => void {
    try {
      const stop: unknown = this.#store.onChanged?.(key, listener);
      return typeof stop === 'function' ? () => void stop() : () => {};
    } catch {
      return () => {}; // Changes are then noticed at the next write.
    }
  }
}

/** A call of a store that may answer at once, throw, or never answer. It is made at once. */
function settled<T>(call: () => T | Promise<T>): Promise<T> {
  return inTime(
    new Promise((resolve) => {
      resolve(call());
    }),
  );
}
