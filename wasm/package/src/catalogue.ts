// Item ids to indices and back.
import { itemsByCategory } from './categories.js';
import type { CatalogueColumns, Item } from './model_file.js';

/** After so many searches a map of all ids is made, which takes ten times as long as one of them. */
const fewSearches = 8;

export class Catalogue {
  readonly #columns: CatalogueColumns;
  #indices: ReadonlyMap<string, number> | undefined;
  #searches = 0;
  #all: readonly Item[] | undefined;
  #byCategory: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(columns: CatalogueColumns) {
    this.#columns = columns;
  }

  get size(): number {
    return this.#columns.item_id.length;
  }

  indexOf(id: string): number | undefined {
    const ids = this.#columns.item_id;
    if (this.#searches < fewSearches) {
      ++this.#searches;
      const index = ids.lastIndexOf(id);
      return index < 0 ? undefined : index;
    }
    this.#indices ??= new Map(ids.map((item, index) => [item, index]));
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
