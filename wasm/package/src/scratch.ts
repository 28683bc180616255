// Memory in the module for the arguments and results of one call.
import type { SottoExports } from './abi.js';
import { SottoError } from './errors.js';

/**
 * One block in the module's memory that grows to the largest size asked for. Calls therefore allocate nothing, once they
 * have been made at their full size.
 */
export class Scratch {
  readonly #wasm: SottoExports;
  #block = 0;
  #size = 0;

  constructor(wasm: SottoExports) {
    this.#wasm = wasm;
  }

  /**
   * Places for parts of these sizes in bytes, each aligned to 8 bytes. They are valid until the next call, and views on
   * them until the module's memory grows.
   */
  reserve<Sizes extends readonly number[]>(...sizes: Sizes): { [Part in keyof Sizes]: number } {
    const padded = sizes.map((size) => Math.ceil(size / 8) * 8);
    const total = padded.reduce((sum, size) => sum + size, 0);
    if (total > this.#size || this.#block === 0) {
      // Doubled, since a state grows with each of its first events.
      const largerSize = Math.max(total, 2 * this.#size);
      const larger = allocate(this.#wasm, largerSize);
      this.#wasm.sotto_free(this.#block);
      this.#block = larger;
      this.#size = largerSize;
    }
    let place = this.#block;
    return padded.map((size) => (place += size) - size) as { [Part in keyof Sizes]: number };
  }

  /** Places with copies of these arrays, as `reserve` gives them. */
  hold<Arrays extends readonly ArrayBufferView[]>(...arrays: Arrays): { [Part in keyof Arrays]: number } {
    const places = this.reserve(...arrays.map(({ byteLength }) => byteLength));
    const memory = new Uint8Array(this.#wasm.memory.buffer);
    arrays.forEach(({ buffer, byteOffset, byteLength }, part) => {
      memory.set(new Uint8Array(buffer, byteOffset, byteLength), places[part]);
    });
    return places as { [Part in keyof Arrays]: number };
  }

  free(): void {
    this.#wasm.sotto_free(this.#block);
    this.#block = 0;
    this.#size = 0;
  }
}

/** Memory that the caller frees. Throws `out_of_memory`. */
export function allocate(wasm: SottoExports, size: number): number {
  const block = wasm.sotto_alloc(size) >>> 0;
  if (block === 0) {
    throw new SottoError(
      'out_of_memory',
      'There is not enough memory for this model: close another recommender, or use a smaller model.',
    );
  }
  return block;
}
