// Which product each slot stands for: slot 0 for none, then the products from the most popular on.
import type { Trend, TrendEntry } from 'sotto';
import { slotCount } from './report';

export interface Rated {
  readonly id: string;
  /** The model's score for somebody unknown: a logit. */
  readonly score: number;
}

export class SlotTable {
  /** By slot; slot 0 and slots without a product are absent. */
  readonly #ids: readonly (string | undefined)[];
  readonly #slots: ReadonlyMap<string, number>;
  /** The share of choices that the model expects on each slot. */
  readonly expected: Float64Array<ArrayBuffer>;

  /** byPopularity: best first. Products beyond the slots share slot 0. */
  constructor(byPopularity: readonly Rated[]) {
    const named = byPopularity.slice(0, slotCount - 1);
    this.#ids = [undefined, ...named.map(({ id }) => id)];
    this.#slots = new Map(named.map(({ id }, place) => [id, place + 1]));
    this.expected = new Float64Array(slotCount);
    const highest = byPopularity[0]?.score ?? 0;
    const chances = byPopularity.map(({ score }) => Math.exp(score - highest));
    const sum = chances.reduce((total, chance) => total + chance, 0);
    this.expected.set(
      chances.slice(0, named.length).map((chance) => chance / sum),
      1,
    );
  }

  slotOf(id: string): number {
    return this.#slots.get(id) ?? 0;
  }

  idOf(slot: number): string | undefined {
    return this.#ids[slot];
  }

  /** What a recommender takes in. */
  trendOf(logRatios: Float32Array, prior: number): Trend {
    const items: TrendEntry[] = [];
    logRatios.forEach((logRatio, slot) => {
      const id = this.idOf(slot);
      if (id !== undefined && logRatio !== 0) items.push({ id, logRatio });
    });
    return { items, prior };
  }

  /** The slots with the highest counts, best first. */
  top(histogram: readonly number[], length: number): number[] {
    return [...histogram.keys()]
      .filter((slot) => this.idOf(slot) !== undefined)
      .sort((a, b) => (histogram[b] as number) - (histogram[a] as number))
      .slice(0, length);
  }
}
