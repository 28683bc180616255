// What callers hand over, checked where it comes in. An error names the argument and says what was given.
import { SottoError } from './errors.js';

/** An item's id, or anything that has one, such as an item or an event of `history`. Numbers are taken as their digits. */
export type WithId = string | number | { readonly id: string | number };

/** What a value is, in a few words; never its contents. */
export function described(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? `“${value.slice(0, 40)}…”` : `“${value}”`;
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof (value as PromiseLike<unknown>).then === 'function') return 'a promise: await it first';
  const { byteLength } = value as ArrayBufferLike;
  const name = tagOf(value);
  if (typeof byteLength === 'number') return `${byteLength} bytes (${name})`;
  return name === 'Object'
    ? `an object with ${Object.keys(value).slice(0, 5).join(', ') || 'nothing in it'}`
    : `a ${name}`;
}

/** What it was made as, in whatever frame. */
export const tagOf = (value: unknown) => Object.prototype.toString.call(value).slice(8, -1);

export function isUrl(value: unknown): value is URL {
  return tagOf(value) === 'URL';
}

/** The error for an argument or option that takes something else. */
export function refused(argument: string, takes: string, given: unknown): SottoError {
  return new SottoError('invalid_argument', `${argument} takes ${takes}, not ${described(given)}.`);
}

/** The options of a call; none are given by leaving them out. */
export function requireOptions(options: unknown, call: string): void {
  if (!isObjectOfOptions(options)) throw refused(`${call}(…, options)`, 'an object of options', options);
}

export function isObjectOfOptions(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

export function requireBoolean(value: unknown, argument: string): void {
  if (typeof value !== 'boolean') throw refused(argument, 'true or false', value);
}

export function requireNumber(value: unknown, argument: string, min: number, max: number): void {
  if (typeof value !== 'number' || !(value >= min && value <= max)) {
    throw refused(argument, `a number from ${min} to ${max}`, value);
  }
}

/** A number of items that is asked for. */
export function requireCount(k: unknown, call: string): void {
  if (!Number.isInteger(k) || (k as number) < 1) throw refused(`${call}(k)`, 'a whole number of at least 1', k);
}

/** A string is a list of its letters, which nobody means. */
export function requireList(value: unknown, argument: string): void {
  if (typeof value === 'string') throw refused(argument, `a list, such as [“${value.slice(0, 40)}”]`, value);
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value))
    throw refused(argument, 'a list', value);
}

/** The id of what stands for an item. */
export function idOf(item: unknown, argument: string): string {
  const id = typeof item === 'object' && item !== null ? (item as { id?: unknown }).id : item;
  if (typeof id === 'string') return id;
  if (Number.isFinite(id) || typeof id === 'bigint') return String(id);
  throw refused(argument, `an item's id`, item);
}
