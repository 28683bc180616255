import type { Product } from './product';

/** The kind of each product that has one, by its id. */
export function kindsOf(products: readonly Product[]): ReadonlyMap<string, string> {
  return new Map(products.flatMap(({ id, kind }) => (kind === undefined ? [] : [[id, kind]])));
}
