// How long the model takes for a look: the median of the visit, which a busy moment of the device does not move.

export interface Timing {
  /** Milliseconds. */
  readonly median: number;
  /** How many looks it is of. */
  readonly looks: number;
}

export class Timings {
  readonly #milliseconds: number[] = [];

  time(action: () => void): void {
    const start = performance.now();
    action();
    this.#milliseconds.push(performance.now() - start);
  }

  get summary(): Timing | undefined {
    const sorted = [...this.#milliseconds].sort((a, b) => a - b);
    const looks = sorted.length;
    if (looks === 0) return undefined;
    const middle = looks >> 1;
    const upper = sorted[middle] as number;
    return { median: looks % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2, looks };
  }
}
