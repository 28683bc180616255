// An item of the catalogue as the shop shows it.
import type { Item } from 'sotto';
import { price } from './wording/numbers';
import { titleCase } from './wording/title_case';

export interface Product {
  readonly id: string;
  /** As in the catalogue; its picture is drawn from it. */
  readonly rawTitle: string;
  readonly title: string;
  readonly price: string;
  /** The title's words in lower case, for search and shelves. */
  readonly words: readonly string[];
}

export function productOf(item: Item, currency: string): Product {
  return {
    id: item.id,
    rawTitle: item.title,
    title: titleCase(item.title),
    price: price(item.price, currency),
    words: item.title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [],
  };
}
