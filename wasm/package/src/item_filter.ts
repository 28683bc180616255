// Which items a page may show: from ids and categories to the mask that the module reads.
import { type WithId, idOf, refused, requireList } from './arguments.js';
import type { Catalogue } from './catalogue.js';

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
export function excludedItems({ exclude }: ItemFilter, catalogue: Catalogue): number[] {
  return exclude === undefined ? [] : [...new Set(knownItems(exclude, 'exclude', catalogue))];
}

/** A byte for each item of the catalogue, 1 where the filter's other three let it come; undefined where all may. */
export function allowedItems(filter: ItemFilter, catalogue: Catalogue): Uint8Array | undefined {
  const { categories, notCategories, among } = filter;
  if (categories === undefined && notCategories === undefined && among === undefined) return undefined;
  let allowed = new Uint8Array(catalogue.size).fill(1);
  const keepOnly = (items: Iterable<number>) => {
    const narrowed = new Uint8Array(allowed.length);
    for (const item of items) narrowed[item] = allowed[item] as number;
    allowed = narrowed;
  };
  if (categories !== undefined) keepOnly(inCategories(categories, 'categories', catalogue));
  if (among !== undefined) keepOnly(knownItems(among, 'among', catalogue));
  for (const item of inCategories(notCategories ?? [], 'notCategories', catalogue)) allowed[item] = 0;
  return allowed;
}

function* inCategories(names: Iterable<string>, option: string, catalogue: Catalogue): Generator<number> {
  requireList(names, `The option ${option}`);
  for (const name of names) {
    if (typeof name !== 'string') throw refused(`The option ${option}`, 'names of categories', name);
    yield* catalogue.inCategory(name);
  }
}

function* knownItems(items: Iterable<WithId>, option: string, catalogue: Catalogue): Generator<number> {
  requireList(items, `The option ${option}`);
  for (const item of items) {
    const index = catalogue.indexOf(idOf(item, `The option ${option}`));
    if (index !== undefined) yield index;
  }
}
