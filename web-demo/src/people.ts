// People made up, for visitors who want to see learning at work without coming back for weeks. Each comes every week for
// what they love, and looks at a few other things on the way.
import type { Product } from './product';

export interface Person {
  /** What they love, in a sentence: "who loves lunch bags". Unique within a catalogue. */
  readonly interest: string;
  loves(product: Product): boolean;
  /** What else they look at; what everybody likes where it is not said. */
  looksAtToo?(product: Product): boolean;
  /** Whether they come back to the same things, or choose something new each time. */
  readonly returns: boolean;
}

export interface MadeUpLook {
  readonly id: string;
  readonly at: number;
}

export type MadeUpVisit = readonly MadeUpLook[];

const visits = 6;
/** Looks of each visit: at what they come back for, at something else that they love, and at something else. */
const returning = { favourites: 3, loved: 1, others: 2 };
const exploring = { favourites: 0, loved: 5, others: 0 };

const minute = 60_000;
const week = 7 * 24 * 60 * minute;

/** The looks of each visit, by the products' ids, from the most popular on. products: most popular first. */
function looksOf(person: Person, products: readonly Product[]): string[][] {
  const { favourites, loved, others } = person.returns ? returning : exploring;
  const isOther = (product: Product) => person.looksAtToo?.(product) ?? !person.loves(product);
  const lovedIds = products.filter((product) => person.loves(product)).map(({ id }) => id);
  const otherIds = products.filter(isOther).map(({ id }) => id);
  const part = (ids: readonly string[], visit: number, size: number) => ids.slice(visit * size, (visit + 1) * size);
  return Array.from({ length: visits }, (_, visit) => [
    ...lovedIds.slice(0, favourites),
    ...part(lovedIds.slice(favourites), visit, loved),
    ...part(otherIds, visit, others),
  ]);
}

/** Somebody made up, with their looks in this catalogue. */
export interface Regular extends Person {
  readonly looks: readonly (readonly string[])[];
}

/** Those for whom the catalogue has enough. */
export function regularsOf(people: readonly Person[], products: readonly Product[]): Regular[] {
  return people
    .map((person) => ({ ...person, looks: looksOf(person, products) }))
    .filter(({ looks }) => looks.every(({ length }) => length === looks[0]?.length && length > 1));
}

/** The visits of the weeks before: the next one would be due now. */
export function madeUpVisits({ looks }: Regular, now: number): MadeUpVisit[] {
  return looks.map((ids, visit) => ids.map((id, look) => ({ id, at: now - (visits - visit) * week + look * minute })));
}

/** Whose first visit a history begins with. */
export function beganWith(
  regulars: readonly Regular[],
  history: readonly { readonly id: string }[],
): Regular | undefined {
  return regulars.find(({ looks }) => {
    const first = looks[0] ?? [];
    return first.length > 0 && first.every((id, look) => history[look]?.id === id);
  });
}
