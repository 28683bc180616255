import { SottoError } from '../errors.js';

/** Reads numbers and byte strings of a file or message from outside, one after the other. Throws `truncated`. */
export class Reader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #at = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  take(size: number): Uint8Array<ArrayBuffer> {
    if (this.#at + size > this.#bytes.length) throw new SottoError('truncated', `${this.#what} ends too early.`);
    return this.#bytes.slice(this.#at, (this.#at += size)) as Uint8Array<ArrayBuffer>;
  }

  /** Big-endian, as DAP writes them. */
  number(bytes: number): number {
    return this.take(bytes).reduce((sum, byte) => 256 * sum + byte, 0);
  }

  /** Little-endian, as in Sotto's own files. */
  littleEndian(bytes: number): number {
    return this.take(bytes).reduceRight((sum, byte) => 256 * sum + byte, 0);
  }

  /** Bytes behind their length. */
  opaque(lengthBytes: number): Uint8Array<ArrayBuffer> {
    return this.take(this.number(lengthBytes));
  }

  /** Throws `malformed`. */
  refuse(reason: string): never {
    throw new SottoError('malformed', `${this.#what} ${reason}.`);
  }
}
