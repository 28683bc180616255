// What the page shows: a catalogue with its model, its words and its pictures.
import type { Item } from 'sotto';
import type { Person } from '../people';
import type { Product } from '../product';

export interface Catalogue {
  /** As in the page's address. */
  readonly name: string;
  /** The model's address. */
  readonly model: string;
  /** The key of what is stored: each catalogue keeps a history of its own. */
  readonly user: string;
  readonly title: string;
  readonly wordmark: string;
  /** Of the section with everything. */
  readonly heading: string;
  /** One thing, and many. */
  readonly thing: string;
  readonly things: string;
  /** Those whose events the model was trained on. */
  readonly people: string;
  /** What the colophon says of the catalogue, and of its pictures. */
  readonly source: string;
  readonly pictures: string;
  readonly shelves: readonly Shelf[];
  /** Somebody made up each, to shop first. */
  readonly regulars: readonly Person[];
  /** Whether the panel "What everybody wants" speaks of this catalogue. */
  readonly hasTrend: boolean;
  productOf(item: Item, currency: string): Product;
}

export interface Shelf {
  readonly name: string;
  /** The SVG's markup of the picture that stands for it. */
  readonly emblem: string;
  holds(product: Product): boolean;
}
