// What learning has changed, in words: "More lunch bags, fewer jumbo bags."

/** A kind of product, and its share of what is expected next: by everybody's model, and for this visitor. */
export interface Shift {
  readonly kind: string;
  readonly everybodys: number;
  readonly yours: number;
}

const maxNamed = 2;
/** A kind that neither expects in one of fifty cases is not worth naming, however much it changed. */
const minShare = 0.02;
/** A smaller change would be a claim that the lists do not show. */
const minFactor = 1.25;

/** A sentence, or nothing where little was learned. */
export function learnedInWords(shifts: readonly Shift[]): string {
  const byChange = [...shifts].sort((a, b) => b.yours - b.everybodys - (a.yours - a.everybodys));
  const more = byChange.filter(({ everybodys, yours }) => yours >= minShare && yours >= minFactor * everybodys);
  const fewer = byChange
    .reverse()
    .filter(({ everybodys, yours }) => everybodys >= minShare && everybodys >= minFactor * yours);
  const parts = [named('more', more), named('fewer', fewer)].filter((part) => part !== '');
  const sentence = parts.join(', ');
  return sentence === '' ? '' : `${sentence[0]?.toUpperCase()}${sentence.slice(1)}.`;
}

function named(change: string, shifts: readonly Shift[]): string {
  return shifts.length === 0
    ? ''
    : `${change} ${shifts
        .slice(0, maxNamed)
        .map(({ kind }) => kind)
        .join(' and ')}`;
}
