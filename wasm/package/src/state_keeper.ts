// Keeps one user's record in a store. Each write is a reading and a writing at once: what another page has stored meanwhile
// comes into memory, what is new here goes on top of it, and what was erased is not brought back.
import { SottoError, reasonOf } from './errors.js';
import type { CaughtUp, KeptUser } from './kept_user.js';
import { type RareCases, rareCases } from './on_demand.js';
import { report } from './report_error.js';
import type { Damage } from './set_aside.js';
import type { StoreAccess } from './store_access.js';
import {
  type StoredPart,
  asideKey,
  isStoredRecord,
  isStoredState,
  leftPrefix,
  mark,
  maxPlacesAside,
  recordKey,
} from './stored_record.js';

/** What a keeper tells of what other pages did. */
export interface KeeperEvents {
  /** What another page stored has been taken up. */
  caughtUp(): void;
  /** The user has been erased elsewhere, and so it was here. */
  forgotten(): void;
}

/** Everything in the store that may concern this user and this model. */
type Found = readonly [
  record: unknown,
  /** Under the user's name for models without a lineage, where this one has one. */
  withoutLineage: unknown,
  /** Of pages that were left in a hurry. */
  left: readonly Entry[],
  /** Of earlier builds of the package, which stored under the user's name alone. */
  earlier: readonly Entry[],
];

/** A user and the store, which is open or will be soon. */
export interface StoredUser {
  readonly access: StoreAccess;
  readonly user: string;
  /** What is stored under the user's name alone. */
  readonly underUser: Promise<unknown>;
}

interface Entry {
  readonly key: string;
  readonly record: unknown;
}

const memoryOnly = 'memory of this page only';

export class StateKeeper {
  readonly #access: StoreAccess;
  readonly #user: string;
  readonly #warn: (warning: SottoError) => void;
  #key = '';
  #keyWithoutLineage = '';
  #underUser: Promise<unknown>;
  #found: Promise<Found> | undefined;
  #kept: KeptUser | undefined;
  #events: KeeperEvents | undefined;
  /** What was stored when it was last read, for a page that has no time to read it again. */
  #parts: readonly StoredPart[] = [];
  /** States that were taken up, whose records are erased once they are stored in their place. */
  #leftovers: { readonly key: string; readonly mark: string }[] = [];
  readonly #leftKey = Math.random().toString(36).slice(2);
  /** Whether everything in the store has been taken up. */
  #isReached = false;
  #isScheduled = false;
  #isCatchingUp = false;
  /** Counts the writes that were begun. */
  #writes = 0;
  #isRefused = false;
  /** Whether something unsound stays where it is, which was warned of. */
  #hasLeftDamage = false;
  #work: Promise<void> = Promise.resolve();
  #stopListening: () => void = () => {};
  readonly #onChanged = (): void => {
    // A page that nobody sees catches up when it is seen again.
    if (typeof document === 'undefined' || document.visibilityState !== 'hidden') this.#come();
  };

  constructor({ access, user, underUser }: StoredUser, warn: (warning: SottoError) => void) {
    this.#access = access;
    this.#user = user;
    this.#underUser = underUser;
    this.#warn = warn;
  }

  get storedIn(): string {
    return this.#isReached ? this.#access.description : memoryOnly;
  }

  /** Begins to read what is stored for this lineage, while the engine gets ready. */
  read(lineage: string): void {
    this.#key = recordKey(lineage, this.#user);
    this.#keyWithoutLineage = recordKey('', this.#user);
    this.#found = this.#readAll();
    this.#found.catch(() => {});
  }

  /**
   * Takes up what is stored. A store that cannot be read is tried again at the next change; the user then begins anew here,
   * and has everything once the store is back.
   */
  async open(kept: KeptUser): Promise<void> {
    this.#kept = kept;
    try {
      await this.#takeUp(await (this.#found as Promise<Found>), true);
    } catch (error) {
      this.#isRefused = true;
      await this.#warnOfStore((cases) => cases.notUsable(this.#access.description, error));
    }
  }

  /** From now on `changed()` stores, and what other pages do is followed. */
  follow(events: KeeperEvents): void {
    this.#events = events;
    const stopHearing = this.#access.onChanged(this.#key, this.#onChanged);
    const stopLeaving = onComingAndLeaving(
      () => this.#come(),
      () => this.#leave(),
    );
    this.#stopListening = () => {
      stopHearing();
      stopLeaving();
    };
    if (this.#kept?.isUnsaved) this.changed();
  }

  /** Stores the state soon: all changes of one task become one write, and so do all during a write. */
  changed(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#afterwards(() => {
      this.#isScheduled = false;
      return this.#write();
    });
  }

  /** Does this when all that was begun before is done. One failure must not be the end of all saving. */
  #afterwards(step: () => Promise<void>): void {
    this.#work = this.#work.then(step).catch(report);
  }

  /** Settles when everything up to now is stored, or has been refused with a warning. */
  async saved(): Promise<void> {
    let seen: Promise<void> | undefined;
    while (seen !== this.#work) {
      seen = this.#work;
      await seen;
    }
  }

  /** Erases what is stored of the user on this model, and what was moved aside. */
  forget(): Promise<void> {
    this.#kept?.forget();
    this.#leftovers = [];
    const erased = this.#work.then(() => this.#erase());
    this.#work = erased.catch(() => undefined);
    return erased.catch((error: unknown) => {
      throw new SottoError(
        'storage_unavailable',
        `${this.#access.description} refused to erase the stored state (${reasonOf(error)}): clear this site's data in ` +
          "the browser's settings.",
        error,
      );
    });
  }

  async close(): Promise<void> {
    this.#stopListening();
    await this.saved();
    if (!this.#kept?.isUnsaved) return;
    // The store refused it, and there is no next change.
    this.changed();
    await this.saved();
  }

  #readAll(): Promise<Found> {
    const load = (key: string) => this.#access.load(key);
    const isApart = this.#keyWithoutLineage !== this.#key;
    const asideOfUser = asideKey(this.#user, 1);
    return Promise.all([
      load(this.#key),
      isApart ? load(this.#keyWithoutLineage) : undefined,
      this.#access.keys(leftPrefix(this.#key)).then((keys) => entriesOf(keys, keys.map(load))),
      entriesOf([this.#user, asideOfUser], [this.#underUser, load(asideOfUser)]),
    ]);
  }

  async #takeUp([record, withoutLineage, left, earlier]: Found, isOpening: boolean): Promise<void> {
    const kept = this.#kept as KeptUser;
    // A first visit need not compile all that follows.
    const isNothing = left.length + earlier.length === 0 && record === undefined && withoutLineage === undefined;
    if (isNothing && isOpening) {
      this.#isReached = true;
      return;
    }
    const parts = partsOf(record);
    if (record !== undefined && !isStoredRecord(record))
      await this.#setAside(({ unsoundRecord }) => unsoundRecord(record));
    await this.#catchUpWith(parts);
    const others = [...parts, ...partsOf(withoutLineage)];
    await kept.prepare([
      ...kept.unseen(others),
      ...left.flatMap(({ record }) => partsOf(record)),
      ...earlier.map(({ record }) => record).filter(isStoredState),
    ]);
    this.#isReached = true;
    const isNew = kept.isBlank;
    let carriedOver = 0;
    for (const part of kept.unseen(others)) {
      await this.#takeUpOne(part, () => (carriedOver += kept.takeUpPart(part, isOpening)));
    }
    for (const { key, record } of left) {
      const [part] = partsOf(record);
      if (part !== undefined && kept.isLeft(part)) await this.#takeUpOne(part, () => kept.takeUp(part, isOpening));
      this.#leftovers.push({ key, mark: part === undefined ? '' : mark(part.state) });
    }
    for (const { key, record } of earlier) {
      if (isStoredState(record) && kept.isKin(record)) {
        await this.#takeUpOne(record, () => {
          const items = kept.takeUp(record, isOpening);
          if (!kept.isOwn(record)) carriedOver += items;
        });
        this.#leftovers.push({ key, mark: mark(record.state) });
      }
    }
    if (isOpening && isNew && carriedOver > 0) {
      this.#warn((await rareCases()).carriedOverWarning(carriedOver));
    }
  }

  async #takeUpOne(state: unknown, takeUp: () => unknown): Promise<void> {
    try {
      takeUp();
    } catch (error) {
      await this.#setAside(({ unsoundState }) => unsoundState(state, error));
    }
  }

  /** Brings memory in step with what was just read. A part that is unsound is moved aside. */
  async #catchUpWith(parts: readonly StoredPart[]): Promise<void> {
    this.#parts = parts;
    const caughtUp = (this.#kept as KeptUser).catchUp(parts);
    this.#tell(caughtUp);
    const { damaged } = caughtUp;
    if (damaged !== undefined) await this.#setAside(({ unsoundPart }) => unsoundPart(damaged));
  }

  /** Tells the page, once nothing waits for it. */
  #tell({ isErased, isRenewed }: CaughtUp): void {
    const events = this.#events;
    if (events === undefined) return;
    if (isErased) queueMicrotask(() => events.forgotten());
    else if (isRenewed) queueMicrotask(() => events.caughtUp());
  }

  /** The page is seen again, or another one has stored something. */
  #come(): void {
    if (this.#isCatchingUp) return;
    this.#isCatchingUp = true;
    this.#afterwards(async () => {
      this.#isCatchingUp = false;
      await this.#catchUp();
      await this.#write();
    });
  }

  /** A store that cannot be read says so when it is written. */
  async #catchUp(): Promise<void> {
    try {
      if (!this.#isReached) return await this.#reach();
      const writes = this.#writes;
      const record = await this.#access.load(this.#key);
      if (writes !== this.#writes) return; // It may be older than what is known by now.
      if (record === undefined || isStoredRecord(record)) {
        await this.#catchUpWith(record?.parts ?? []);
        await this.#takeUpUnseen();
      }
    } catch {
      // Nothing was taken up.
    }
  }

  /** The store could not be read when the page was opened. */
  async #reach(): Promise<void> {
    this.#underUser = this.#access.load(this.#user);
    await this.#takeUp(await this.#readAll(), false);
  }

  /** What pages of other versions of the model have stored. */
  async #takeUpUnseen(): Promise<void> {
    const kept = this.#kept as KeptUser;
    await kept.prepare(kept.unseen(this.#parts)).catch(() => {}); // They are met again at the next change.
    for (const part of kept.unseen(this.#parts)) {
      try {
        kept.takeUpPart(part);
        this.#tell({ isErased: false, isRenewed: true });
      } catch {
        // It is unsound: the pages of that version move it aside.
      }
    }
  }

  async #write(): Promise<void> {
    const kept = this.#kept;
    if (kept === undefined || !kept.isUnsaved) return;
    // What could not be erased, or read, before.
    if (kept.isForgetting && !(await this.#attempt(() => this.#erase()))) return;
    if (!this.#isReached && !(await this.#attempt(() => this.#reach()))) return;
    // The record must be read before it is written, and the page may be killed before it has been read.
    if (this.#access.savesAtOnce) this.#saveBeside(kept).catch(() => {}); // What is wrong is said below.
    ++this.#writes;
    const next: { step?: () => Promise<boolean> } = {};
    const change = (found: unknown): unknown => {
      delete next.step;
      if (kept.isForgetting) return found;
      if (found !== undefined && !isStoredRecord(found)) {
        next.step = () => this.#setAside(({ unsoundRecord }) => unsoundRecord(found));
        return found;
      }
      this.#parts = found?.parts ?? [];
      const caughtUp = kept.catchUp(this.#parts);
      this.#tell(caughtUp);
      const { damaged } = caughtUp;
      if (damaged !== undefined) {
        next.step = () => this.#setAside(({ unsoundPart }) => unsoundPart(damaged));
        return found;
      }
      const attempt = kept.attempt(this.#parts);
      next.step = async () => {
        kept.saved(attempt);
        await this.#takeUpUnseen();
        await this.#eraseLeftovers();
        return true;
      };
      return { version: 4, parts: attempt.parts };
    };
    const isDone = await this.#attempt(() => this.#access.update(this.#key, change, { except: this.#onChanged }));
    if (isDone && (await next.step?.()) && kept.isUnsaved) this.changed();
  }

  /** The page may be about to go: what it has not stored goes beside the record at once, without a look at it. */
  #leave(): void {
    const kept = this.#kept;
    if (kept === undefined || !kept.isUnsaved) return;
    const writing = this.#write();
    this.#afterwards(() => writing);
    if (!this.#isReached) return;
    const saving = this.#access.hasKeys ? this.#saveBeside(kept) : this.#saveUnread(kept);
    saving.catch(() => {}); // The write says what is wrong.
  }

  /** Saves the record as it was read last: pages of a store without keys leave nothing beside it. */
  async #saveUnread(kept: KeptUser): Promise<void> {
    await this.#access.save(this.#key, { version: 4, parts: kept.attempt(this.#parts).parts });
  }

  /** Hands the state to the store before it returns. */
  async #saveBeside(kept: KeptUser): Promise<void> {
    const key = leftPrefix(this.#key) + this.#leftKey;
    const part = kept.leave();
    const isThere = mark(part.state);
    if (this.#leftovers.some((left) => left.key === key && left.mark === isThere)) return;
    this.#leftovers = [...this.#leftovers.filter((left) => left.key !== key), { key, mark: isThere }];
    await this.#access.save(key, { version: 4, parts: [part] });
  }

  /** Erases the records whose states are stored elsewhere by now, unless somebody has changed them. */
  async #eraseLeftovers(): Promise<void> {
    const leftovers = this.#leftovers;
    this.#leftovers = [];
    for (const { key, mark: expected } of leftovers) {
      const change = (found: unknown) => {
        const state = isStoredRecord(found) ? found.parts[0]?.state : isStoredState(found) ? found.state : undefined;
        return (state === undefined ? '' : mark(state)) === expected ? undefined : found;
      };
      await this.#access.update(key, change).catch(() => {}); // The next visit does it.
    }
  }

  async #erase(): Promise<void> {
    const kept = this.#kept as KeptUser;
    const eraseKin = (found: unknown): unknown => {
      if (isStoredState(found)) return kept.isKin(found) ? undefined : found;
      if (!isStoredRecord(found)) return undefined;
      const parts = found.parts.filter((part) => !kept.isKin(part));
      if (parts.length === found.parts.length) return found;
      return parts.length === 0 ? undefined : { version: 4, parts };
    };
    const options = { isErasing: true, except: this.#onChanged };
    const keys = new Set([this.#key, this.#keyWithoutLineage, this.#user, asideKey(this.#user, 1)]);
    for (const key of keys) await this.#access.update(key, eraseKin, options);
    const aside = [...(await this.#access.keys(leftPrefix(this.#key)))];
    for (let place = 1; place <= maxPlacesAside; ++place) {
      const key = asideKey(this.#key, place);
      if ((await this.#access.load(key)) === undefined) break;
      aside.push(key);
    }
    if (aside.length > 0) await this.#access.erase(aside);
    this.#parts = [];
    this.#isReached = true;
    kept.erased();
  }

  /** Moves what cannot be used aside. Returns whether the store did it. */
  async #setAside(describe: (cases: RareCases) => Damage): Promise<boolean> {
    const made: { cases?: RareCases; damage?: Damage; key?: string } = {};
    const isAside = await this.#attempt(async () => {
      made.cases = await rareCases();
      made.damage = describe(made.cases);
      made.key = await made.cases.copyAside(this.#access, this.#key, made.damage);
    });
    const { cases, damage, key } = made;
    if (cases === undefined || damage === undefined || (!isAside && this.#hasLeftDamage)) return false;
    this.#hasLeftDamage = !isAside;
    this.#warn(cases.damageWarning(damage, key));
    const { without } = damage;
    if (!isAside || without === undefined) return isAside;
    this.#kept?.movedAside();
    return this.#attempt(() => this.#access.update(this.#key, without, { isErasing: true }));
  }

  /** A warning that cannot be made, because its part of the package is out of reach, is due again. */
  async #warnOfStore(make: (cases: RareCases) => SottoError): Promise<void> {
    try {
      this.#warn(make(await rareCases()));
    } catch {
      this.#isRefused = false;
    }
  }

  /** Whether the store did it. Warns once of a store that refuses, and goes on. */
  async #attempt(operation: () => Promise<void>): Promise<boolean> {
    try {
      await operation();
      this.#isRefused = false;
      return true;
    } catch (error) {
      if (this.#isRefused) return false;
      this.#isRefused = true;
      await this.#warnOfStore((cases) => cases.notKept(this.#access.description, error));
      return false;
    }
  }
}

/** Those of these records that there are. */
async function entriesOf(keys: readonly string[], records: readonly Promise<unknown>[]): Promise<readonly Entry[]> {
  const found = await Promise.all(records);
  return keys.map((key, place) => ({ key, record: found[place] })).filter(({ record }) => record !== undefined);
}

function partsOf(record: unknown): readonly StoredPart[] {
  return isStoredRecord(record) ? record.parts : [];
}

/** Calls a listener when the page is seen again, or may be about to go; returns how to stop. Does nothing outside of pages. */
function onComingAndLeaving(coming: () => void, leaving: () => void): () => void {
  if (typeof document === 'undefined') return () => {};
  const onChange = () => (document.visibilityState === 'hidden' ? leaving() : coming());
  const { defaultView } = document; // In tests with jsdom, often only the document is global.
  document.addEventListener('visibilitychange', onChange);
  defaultView?.addEventListener('pagehide', leaving);
  return () => {
    document.removeEventListener('visibilitychange', onChange);
    defaultView?.removeEventListener('pagehide', leaving);
  };
}
