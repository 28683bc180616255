// Which items a page may show: from ids and categories to the mask that the module reads.
import type { Catalogue } from './catalogue.js';
import { SottoError } from './errors.js';

/** An item's id, or anything that has one, such as an item or an event of `history`. */
export type WithId = string | { readonly id: string };

/** What a recommendation is limited to. Everything given narrows it further. */
export interface ItemFilter {
  /** Items that must not come. Items that the model does not know are ignored, here and in `among`. */
  readonly exclude?: Iterable<WithId>;
  /** Only items in at least one of these categories. */
  readonly categories?: Iterable<string>;
  /** No items in any of these categories. */
  readonly notCategories?: Iterable<string>;
  /** Only these items: what is in stock, what the search has found. */
  readonly among?: Iterable<WithId>;
}

/** The indices of the items that must not come. */
export function excludedItems({ exclude = [] }: ItemFilter, catalogue: Catalogue): number[] {
  requireLists({ exclude });
  return [...new Set(knownItems(exclude, catalogue))];
}

/** A byte for each item of the catalogue, 1 where the filter's other three let it come; undefined where all may. */
export function allowedItems(filter: ItemFilter, catalogue: Catalogue): Uint8Array | undefined {
  const { categories, notCategories, among } = filter;
  requireLists({ categories, notCategories, among });
  if (categories === undefined && notCategories === undefined && among === undefined) return undefined;
  let allowed = new Uint8Array(catalogue.size).fill(1);
  const keepOnly = (items: Iterable<number>) => {
    const narrowed = new Uint8Array(allowed.length);
    for (const item of items) narrowed[item] = allowed[item] as number;
    allowed = narrowed;
  };
  const inCategories = (names: Iterable<string>) => Array.from(names, (name) => catalogue.inCategory(name)).flat();
  if (categories !== undefined) keepOnly(inCategories(categories));
  if (among !== undefined) keepOnly(knownItems(among, catalogue));
  for (const item of inCategories(notCategories ?? [])) allowed[item] = 0;
  return allowed;
}

/** A string is a list of its letters, which nobody means. */
function requireLists(options: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(options)) {
    if (typeof value === 'string') {
      throw new SottoError(
        'invalid_argument',
        `The option ${name} takes a list, not the one string “${value}”: write [“${value}”].`,
      );
    }
  }
}

function* knownItems(items: Iterable<WithId>, catalogue: Catalogue): Generator<number> {
  for (const item of items) {
    const index = catalogue.indexOf(typeof item === 'string' ? item : item.id);
    if (index !== undefined) yield index;
  }
}
