import type { Product } from './product';

/** The first products that have a word beginning with each word asked for. */
export function findProducts(query: string, products: readonly Product[], limit: number): Product[] {
  const asked = query.toLowerCase().match(/[\p{L}\p{N}]+/gu);
  if (asked === null) return [];
  const found: Product[] = [];
  for (const product of products) {
    if (asked.every((start) => product.words.some((word) => word.startsWith(start)))) found.push(product);
    if (found.length === limit) break;
  }
  return found;
}
