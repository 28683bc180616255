// What is stored for a user under the name of a model's lineage: a part for each version of the model that the user has
// met lately. A page replaces only the part of its own version, so that what a version does not know is not lost by it.
import { tagOf } from './arguments.js';

export interface StoredRecord {
  /** The version of this layout. */
  readonly version: 4;
  readonly parts: readonly StoredPart[];
}

/** A user's state on one version of a model. */
export interface StoredPart extends Omit<StoredState, 'version' | 'base'> {
  /** Some ids of the version's catalogue, for telling other versions of a model from other models. */
  readonly sample: readonly string[];
  /** Drawn when a user's record begins; shared by the parts of all versions. Another one means: erased since. */
  readonly generation: string;
  /** Counts the writes of this part that brought something new. */
  readonly changes: number;
  /** Up to which of their changes this part has what the parts of other versions have. */
  readonly seen: readonly (readonly [fingerprint: string, changes: number])[];
  /**
   * The marks of the states that this one was made of, the latest last: a page that stored one of them, and was not told so,
   * does not do its changes again. Earlier builds of the package did not write it.
   */
  readonly madeOf?: readonly string[];
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

/** Where a user's record is. Earlier builds of the package stored it under the user's name alone. */
export function recordKey(lineage: string, user: string): string {
  return `sotto:${encodeURIComponent(lineage)}:${user}`;
}

export const maxPlacesAside = 100;

/** Where a record is moved that cannot be used; the first place that is free is taken. */
export function asideKey(key: string, place: number): string {
  return place === 1 ? `${key} (set aside)` : `${key} (set aside ${place})`;
}

/** Where pages that are left put what they cannot store in turn any more; each has a key of its own behind this prefix. */
export function leftPrefix(key: string): string {
  return `${key} (left) `;
}

export function isStoredRecord(record: unknown): record is StoredRecord {
  if (typeof record !== 'object' || record === null) return false;
  const { version, parts } = record as Partial<StoredRecord>;
  return version === 4 && Array.isArray(parts) && parts.every(isStoredPart);
}

function isStoredPart(part: unknown): boolean {
  if (!isSoundState(part)) return false;
  const { sample, generation, changes, seen, madeOf = [] } = part as unknown as Record<keyof StoredPart, unknown>;
  const isTexts = (list: unknown) => Array.isArray(list) && list.every((text) => typeof text === 'string');
  return (
    isTexts(sample) &&
    isTexts(madeOf) &&
    typeof generation === 'string' &&
    Number.isSafeInteger(changes) &&
    Array.isArray(seen) &&
    seen.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string' && Number.isSafeInteger(pair[1]))
  );
}

/** A user's state on one version of a model: a backup has it, and what earlier builds of the package stored. */
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
  /** Of no use any more. */
  readonly base: string;
}

/** Tells a state from every other: its checksum. */
export function mark(state: Uint8Array): string {
  return state.subarray(-8).join();
}

export function isStoredState(record: unknown): record is StoredState {
  if (!isSoundState(record)) return false;
  const { version, base } = record as unknown as Record<keyof StoredState, unknown>;
  return version === 3 && typeof base === 'string';
}

/** Whether a record has what every layout has. */
function isSoundState(record: unknown): record is Omit<StoredState, 'version' | 'base'> {
  if (typeof record !== 'object' || record === null) return false;
  const { fingerprint, state, names, savedAt } = record as Record<keyof StoredState, unknown>;
  return (
    typeof fingerprint === 'string' &&
    tagOf(state) === 'Uint8Array' &&
    Array.isArray(names) &&
    names.every((pair) => Array.isArray(pair) && isItemIndex(pair[0]) && typeof pair[1] === 'string') &&
    typeof savedAt === 'number'
  );
}

function isItemIndex(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < 2 ** 32;
}
