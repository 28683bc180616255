// The user in memory beside the user's parts in the store: what is not stored yet, and how the two are brought together.
import type { Catalogue } from './catalogue.js';
import type { Engine } from './engine.js';
import { type RareCases, rareCases } from './on_demand.js';
import type { ForeignState } from './other_version.js';
import { type StoredPart, type StoredState, mark } from './stored_record.js';

/** A change of the state that is not stored yet. */
export interface Change {
  readonly make: () => void;
  /** Made here, or taken up from what was stored elsewhere in the store, or there by another version of the model. */
  readonly from: 'here' | 'store' | 'version';
}

/** An attempt to store a user. */
export interface Attempt {
  /** Everything that is to be stored. */
  readonly parts: readonly StoredPart[];
  /** Of this version's part. */
  readonly mark: string;
  readonly generation: string;
  /** What is stored by it. */
  readonly changes: ReadonlySet<Change>;
}

/** What `catchUp` did. */
export interface CaughtUp {
  /** What was stored has been erased since, and so it was here. */
  readonly isErased: boolean;
  /** Something new has come in. */
  readonly isRenewed: boolean;
  /** A part of this version that is unsound. */
  readonly damaged?: { readonly part: StoredPart; readonly error: unknown };
}

/** More changes are not kept for doing them again; the engine remembers as many events. */
const maxChanges = 1024;
const sampleSize = 16;
const maxAttempts = 4;
/** States. A page that misses the answer to its write for longer than so many later ones does its changes again. */
const maxMadeOf = 4;
/** Of other versions of the model, the latest. */
const maxOtherVersions = 3;

export class KeptUser {
  readonly #engine: Engine;
  readonly #catalogue: Catalogue;
  readonly #fingerprint: string;
  readonly #clock: () => number;
  #changes: Change[] = [];
  /** Whether the changes are not all, or may be stored already: then states are merged instead of doing changes again. */
  #mustMerge = false;
  /** The `mark` of this version's part as it is stored, as far as is known; '' where there was none. */
  #known = '';
  /** Attempts to store: the store may have the part whatever it has said. */
  #written: Attempt[] = [];
  /** As `StoredPart.madeOf` of what comes next. */
  #madeOf: readonly string[] = [];
  /** Of the parts in the store; '' where there are none. */
  #generation = '';
  /** Of the first part that this page stores, where there is none yet; made when it is needed. */
  #newGeneration: string | undefined;
  readonly #seen = new Map<string, number>();
  /** Whether what is stored is to be erased first. */
  #isForgetting = false;
  /** The state as it was exported last, until it changes: a write stores it beside the record and in it. */
  #exported: Pick<StoredState, 'state' | 'names'> | undefined;
  #rareCases: RareCases | undefined;

  constructor(engine: Engine, catalogue: Catalogue, fingerprint: string, clock: () => number) {
    this.#engine = engine;
    this.#catalogue = catalogue;
    this.#fingerprint = fingerprint;
    this.#clock = clock;
  }

  /** Whether there is anything that is not stored. */
  get isUnsaved(): boolean {
    return this.#changes.length > 0;
  }

  /** Changes the user's state. What throws has changed nothing. */
  change(make: () => void): void {
    this.#exported = undefined;
    make();
    this.#keep({ make, from: 'here' });
  }

  /** Forgets the user here at once. What is stored counts as erased until `erased()` says that it is. */
  forget(): void {
    this.#reset();
    this.#changes = [];
    this.#begin();
    this.#isForgetting = true;
  }

  erased(): void {
    this.#isForgetting = false;
  }

  /** What was stored was moved aside as unsound: what is here is stored anew. */
  movedAside(): void {
    this.#begin();
    this.#mustMerge = true;
  }

  /** Whether `forget` was called and `erased` was not. */
  get isForgetting(): boolean {
    return this.#isForgetting;
  }

  /** Whether a state is of this very version of the model. */
  isOwn({ fingerprint }: Pick<ForeignState, 'fingerprint'>): boolean {
    return fingerprint === this.#fingerprint;
  }

  /** Whether a state belongs to this model, in whatever version. */
  isKin(part: ForeignState & Partial<StoredPart>): boolean {
    if (this.isOwn(part)) return true;
    const knows = (id: string) => this.#catalogue.indexOf(id) !== undefined;
    return part.sample?.some(knows) === true || part.names.some(([, id]) => knows(id));
  }

  /**
   * Brings the state here in step with what is stored. Changes that are not stored yet are done again on top of it, so that
   * whoever writes last has both. What was stored and is gone is gone here as well.
   */
  catchUp(stored: readonly StoredPart[]): CaughtUp {
    if (this.#isForgetting) return { isErased: false, isRenewed: false };
    const kin = stored.filter((part) => this.isKin(part));
    const own = kin.find((part) => this.isOwn(part));
    const found = own === undefined ? '' : mark(own.state);
    const isStored = ({ mark }: Attempt) => mark === found || own?.madeOf?.includes(mark);
    const written = [...this.#written].reverse().find(isStored);
    if (written !== undefined) this.saved(written);

    const isErased = this.#generation !== '' && !kin.some(({ generation }) => generation === this.#generation);
    if (isErased) {
      this.#reset();
      this.#begin();
      this.#changes = this.#changes.filter(({ from }) => from === 'here');
    }
    let isRenewed = false;
    if (own !== undefined && found !== this.#known) {
      try {
        this.#replaceBy(own);
        isRenewed = true;
      } catch (error) {
        if (isErased) this.#doAgain();
        return { isErased, isRenewed: false, damaged: { part: own, error } };
      }
    } else if (isErased) this.#doAgain();
    if (kin[0] !== undefined) this.#generation = (own ?? kin[0]).generation;
    return { isErased, isRenewed };
  }

  /** To be awaited before any of these states is taken up: few visits meet other versions of the model. */
  async prepare(states: readonly ForeignState[]): Promise<void> {
    if (states.some((state) => !this.isOwn(state) && this.isKin(state))) {
      this.#rareCases ??= await rareCases();
    }
  }

  /** What other versions of the model have and this one does not. */
  unseen(stored: readonly StoredPart[]): StoredPart[] {
    if (this.#isForgetting) return [];
    return stored
      .filter((part) => !this.isOwn(part) && this.isKin(part))
      .filter(({ fingerprint, changes }) => changes > (this.#seen.get(fingerprint) ?? 0))
      .sort((one, other) => other.savedAt - one.savedAt);
  }

  /** Takes up a part of `unseen`, as `takeUp` does. */
  takeUpPart(part: StoredPart, mayWait = false): number {
    const items = this.#takeUp(part, 'version', mayWait);
    this.#see([[part.fingerprint, part.changes], ...part.seen]);
    return items;
  }

  /**
   * Adds a state of this model or of another version of it. Where nothing is known yet it takes the state's place; events
   * may then wait to be learned from, until whoever opens has the engine relearn. Until then they are in no history and in
   * no exported state. Returns how many of the state's items are known here.
   */
  takeUp(state: ForeignState, mayWait = false): number {
    return this.#takeUp(state, 'store', mayWait);
  }

  #takeUp(state: ForeignState, from: Change['from'], mayWait: boolean): number {
    const make = () => void this.#add(state, false);
    const items = this.#add(state, mayWait);
    this.#keep({ make, from });
    return items;
  }

  /** Whether this is a state that a page left in a hurry, and that nobody has erased since. */
  isLeft(part: StoredPart): boolean {
    return part.generation === '' || part.generation === this.#generation;
  }

  /** An attempt to store what is here, given what is stored. */
  attempt(stored: readonly StoredPart[]): Attempt {
    const strangers = stored.filter((part) => !this.isKin(part));
    const kin = stored.filter((part) => !strangers.includes(part));
    const others = kin.filter((part) => !this.isOwn(part)).sort((one, other) => other.savedAt - one.savedAt);
    // Versions would take up each other's without end if what they took up were something new.
    const isNew = this.#changes.some(({ from }) => from !== 'version');
    const changes = (kin.find((part) => this.isOwn(part))?.changes ?? 0) + (isNew ? 1 : 0);
    const own = this.#part(this.#generation || (this.#newGeneration ??= newGeneration()), changes);
    const attempt = {
      parts: [own, ...others.slice(0, maxOtherVersions), ...strangers],
      mark: mark(own.state),
      generation: own.generation,
      changes: new Set(this.#changes),
    };
    this.#written = [...this.#written.slice(-maxAttempts), attempt];
    return attempt;
  }

  /** The state as a page leaves it in a hurry, beside what is stored. */
  leave(): StoredPart {
    // If the page comes back, somebody may have taken this up meanwhile.
    this.#mustMerge = true;
    return this.#part(this.#generation, 0);
  }

  #part(generation: string, changes: number): StoredPart {
    const madeOf = this.#madeOf;
    const sample = sampleOf(this.#catalogue);
    return { ...this.snapshot(), sample, generation, changes, seen: [...this.#seen], madeOf };
  }

  /** An attempt has succeeded. */
  saved(attempt: Attempt): void {
    const place = this.#written.indexOf(attempt);
    if (place < 0) return; // Everything has changed since.
    this.#written = this.#written.slice(place + 1);
    this.#changes = this.#changes.filter((change) => !attempt.changes.has(change));
    this.#know(attempt.mark, this.#madeOf);
    this.#generation = attempt.generation;
    if (this.#changes.length === 0) this.#mustMerge = false;
  }

  /** The state for the store or for a backup. */
  snapshot(): Omit<StoredState, 'version' | 'base'> {
    this.#exported ??= this.#export();
    return { fingerprint: this.#fingerprint, ...this.#exported, savedAt: this.#clock() };
  }

  #export(): Pick<StoredState, 'state' | 'names'> {
    const engine = this.#engine;
    const known = new Set([...engine.history().items, ...engine.hidden().items]);
    const names = Array.from(known, (index) => [index, this.#catalogue.at(index).id] as const);
    return { state: engine.exportState(), names };
  }

  get isBlank(): boolean {
    return this.#engine.events === 0 && this.#engine.hidden().items.length === 0;
  }

  #reset(): void {
    this.#exported = undefined;
    this.#engine.reset();
  }

  #keep(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length < 2 * maxChanges) return;
    this.#changes = this.#changes.slice(-maxChanges);
    this.#mustMerge = true;
  }

  /** Nothing is stored, as far as is known. */
  #begin(): void {
    this.#known = '';
    this.#madeOf = [];
    this.#generation = '';
    this.#newGeneration = undefined;
    this.#written = [];
    this.#seen.clear();
    this.#mustMerge = false;
  }

  /** What another page has stored takes the place of the state, and the changes here come on top of it. */
  #replaceBy({ state, seen, madeOf = [] }: StoredPart): void {
    const own = this.#mustMerge ? this.#engine.exportState() : undefined;
    this.#exported = undefined;
    this.#engine.importState(state);
    this.#know(mark(state), madeOf);
    this.#written = [];
    this.#see(seen);
    if (own !== undefined) this.#engine.mergeState(own);
    else this.#doAgain();
  }

  #know(stored: string, madeOf: readonly string[]): void {
    this.#known = stored;
    this.#madeOf = [...madeOf.slice(1 - maxMadeOf), stored];
  }

  #see(seen: StoredPart['seen']): void {
    for (const [fingerprint, changes] of seen) {
      this.#seen.set(fingerprint, Math.max(changes, this.#seen.get(fingerprint) ?? 0));
    }
  }

  #doAgain(): void {
    this.#exported = undefined;
    for (const { make } of this.#changes) {
      try {
        make();
      } catch {
        // What it brought is of no use on this state, such as an import that was made unsound since.
      }
    }
  }

  #add(other: ForeignState, mayWait: boolean): number {
    const engine = this.#engine;
    this.#exported = undefined;
    this.#learnWaiting();
    if (this.isOwn(other)) {
      if (this.isBlank) engine.importState(other.state);
      else engine.mergeState(other.state);
      return other.names.length;
    }
    if (this.#rareCases === undefined) throw new Error('The function prepare() comes first.');
    const items = this.#rareCases.addOtherVersion(other, engine, this.#catalogue, this.isBlank);
    if (!mayWait) this.#learnWaiting();
    return items;
  }

  #learnWaiting(): void {
    while (this.#engine.relearn() > 0);
  }
}

/** Ids from all over the catalogue, by which other versions of the model know it. */
function sampleOf(catalogue: Catalogue): readonly string[] {
  const length = Math.min(sampleSize, catalogue.size);
  return Array.from({ length }, (_, i) => catalogue.at(Math.floor((i * catalogue.size) / length)).id);
}

/** Random is enough: it need not be secret. */
function newGeneration(): string {
  return Array.from({ length: 2 }, () => Math.random().toString(36).slice(2)).join('');
}
