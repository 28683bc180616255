// A made-up visitor, for people who want to see learning at work without coming back for weeks. The visitor likes lunch
// bags, comes every week for the same three, and looks at a few other things on the way.

const everyWeek = ['20725', '22383', '22384'];

/** The looks of each visit, by the products' ids. */
const visits: readonly (readonly string[])[] = [
  [...everyWeek, '85099B', '47566'],
  [...everyWeek, '84879'],
  [...everyWeek, '20728', '22423'],
  [...everyWeek, '85123A', '22469'],
  [...everyWeek, '22382', '22726'],
  [...everyWeek, '47566', '85099B'],
];

const minute = 60_000;
const week = 7 * 24 * 60 * minute;

export interface MadeUpLook {
  readonly id: string;
  readonly at: number;
}

export type MadeUpVisit = readonly MadeUpLook[];

/** The visits of the weeks before: the next one would be due now. */
export function madeUpVisits(now: number): MadeUpVisit[] {
  return visits.map((ids, place) =>
    ids.map((id, look) => ({ id, at: now - (visits.length - place) * week + look * minute })),
  );
}

export const madeUpLooks: readonly string[] = visits.flat();

/** Whether a history begins with these visits; the first of them is enough to tell. */
export function beganMadeUp(history: readonly { readonly id: string }[]): boolean {
  const first = visits[0] as readonly string[];
  return history.length >= first.length && first.every((id, look) => history[look]?.id === id);
}
