// Which product each slot stands for: slot 0 for none.
import type { Recommendation, Trend, TrendEntry } from 'sotto';
import { chancesOf } from '../chances';
import { slotCount } from './report';

export class SlotTable {
  /** By slot; slot 0 and slots without a product are absent. */
  readonly #ids: readonly (string | undefined)[];
  readonly #slots: ReadonlyMap<string, number>;
  /** The share of choices that the model expects on each slot. */
  readonly expected: Float64Array<ArrayBuffer>;

  /** @param chanceOf the chance that the model gives a product */
  constructor(ids: readonly (string | undefined)[], chanceOf: ReadonlyMap<string, number>) {
    this.#ids = ids;
    this.#slots = new Map(ids.flatMap((id, slot) => (id === undefined ? [] : [[id, slot]])));
    this.expected = Float64Array.from({ length: slotCount }, (_, slot) => chanceOf.get(ids[slot] ?? '') ?? 0);
  }

  /** The products from the most popular on; those beyond the slots share slot 0. `ranking`: all products, best first. */
  static byPopularity(ranking: readonly Recommendation[], temperature: number): SlotTable {
    const ids = ranking.slice(0, slotCount - 1).map(({ id }) => id);
    return new SlotTable([undefined, ...ids], chancesById(ranking, temperature));
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

/** The chance of each product, for somebody of whom nothing is known. */
export function chancesById(ranking: readonly Recommendation[], temperature: number): ReadonlyMap<string, number> {
  const chances = chancesOf(ranking, temperature);
  return new Map(ranking.map(({ id }, place) => [id, chances[place] as number]));
}
