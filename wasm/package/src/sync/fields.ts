// The members of a JSON object from outside, each of its type and within its limits.
import { SottoError } from '../errors.js';
import { fromBase64url } from '../base64url.js';

type Json = Record<string, unknown>;

/** Throws `malformed` for a member that is missing or of another type, `out_of_range` for a number outside its limits. */
export class Fields {
  readonly #object: Json;
  readonly #name: string;

  constructor(object: unknown, name: string) {
    this.#name = name;
    if (typeof object !== 'object' || object === null) throw this.#unsound('');
    this.#object = object as Json;
  }

  of(member: string): Fields {
    return new Fields(this.#object[member], `${this.#name}.${member}`);
  }

  optional(member: string): Fields | undefined {
    return this.#object[member] === null || this.#object[member] === undefined ? undefined : this.of(member);
  }

  text(member: string, maxLength = 2000): string {
    const value = this.#object[member];
    if (typeof value !== 'string' || value.length > maxLength) throw this.#unsound(member);
    return value;
  }

  boolean(member: string): boolean {
    const value = this.#object[member];
    if (typeof value !== 'boolean') throw this.#unsound(member);
    return value;
  }

  /** A whole number of units, such as thousandths. */
  number(member: string, min: number, max: number, unit = 1): number {
    const value = this.#object[member];
    if (typeof value !== 'number') throw this.#unsound(member);
    const units = Math.round(value * unit);
    if (Math.abs(value * unit - units) > 1e-6 || units < min || units > max || !Number.isSafeInteger(units)) {
      throw new SottoError('out_of_range', `${this.#name}.${member} is ${value}, which it cannot be.`);
    }
    return units;
  }

  bytes(member: string, size?: number): Uint8Array<ArrayBuffer> {
    return fromBase64url(this.#object[member], `${this.#name}.${member}`, size);
  }

  list(member: string): Fields[] {
    const value = this.#object[member];
    if (!Array.isArray(value)) throw this.#unsound(member);
    return value.map((entry, place) => new Fields(entry, `${this.#name}.${member}[${place}]`));
  }

  #unsound(member: string): SottoError {
    return new SottoError('malformed', `${this.#name}.${member} is missing or of another type.`);
  }
}
