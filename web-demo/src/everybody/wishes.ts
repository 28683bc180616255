// What the visitor can let the crowd want.
import { kindsOf } from '../kinds';
import type { Product } from '../product';

export interface Wish {
  readonly name: string;
  /** The most wanted first; empty for "nothing special". */
  readonly products: readonly Product[];
}

const kinds = ['alarm clocks', 'cakestands', 'watering cans', 'Christmas decorations', 'hot water bottles'];
const minProducts = 4;
const maxProducts = 6;

export const nothingSpecial: Wish = { name: 'nothing special', products: [] };

/** products: most popular first. */
export function wishesOf(products: readonly Product[]): readonly Wish[] {
  const kindOf = kindsOf(products);
  const wishes = kinds.map((name) => ({
    name,
    products: products.filter(({ id }) => kindOf.get(id) === name).slice(0, maxProducts),
  }));
  return [...wishes.filter((wish) => wish.products.length >= minProducts), nothingSpecial];
}
