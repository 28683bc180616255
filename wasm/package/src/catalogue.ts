// Item ids to indices and back.
import { itemsByCategory } from './categories.js';
import type { CatalogueColumns, Item } from './model_file.js';

export class Catalogue {
  readonly #columns: CatalogueColumns;
  #indices: ReadonlyMap<string, number> | undefined;
  #all: readonly Item[] | undefined;
  #byCategory: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(columns: CatalogueColumns) {
    this.#columns = columns;
  }

  get size(): number {
    return this.#columns.item_id.length;
  }

  indexOf(id: string): number | undefined {
    // Made when first asked for: a page that only shows recommendations need not wait for it.
    this.#indices ??= new Map(this.#columns.item_id.map((item, index) => [item, index]));
    return this.#indices.get(id);
  }

  /** Precondition: the index is one of the catalogue's. */
  at(index: number): Item {
    const { item_id, title, category, image, price } = this.#columns;
    const id = item_id[index] as string;
    const known = { category: category?.[index], price: price?.[index] ?? undefined, image: image?.[index] };
    return Object.freeze({
      id,
      title: title?.[index] || id,
      ...(known.category ? { category: known.category } : {}),
      ...(known.price === undefined ? {} : { price: known.price }),
      ...(known.image ? { image: known.image } : {}),
    });
  }

  /** Every category that some item is in. */
  get categories(): readonly string[] {
    return [...this.#categories().keys()];
  }

  /** The indices of a category's items; none for a category that no item is in. */
  inCategory(category: string): readonly number[] {
    return this.#categories().get(category) ?? [];
  }

  /** Every item, in the order of the model's indices; made when first asked for. */
  all(): readonly Item[] {
    return (this.#all ??= Object.freeze(this.#columns.item_id.map((_, index) => this.at(index))));
  }

  #categories(): ReadonlyMap<string, readonly number[]> {
    return (this.#byCategory ??= itemsByCategory(this.#columns.category));
  }
}
