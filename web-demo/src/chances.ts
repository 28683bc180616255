// How likely each item of a list is to be chosen next.

interface Scored {
  readonly score: number;
}

/** From the scores of all items, best first. */
export function chancesOf(ranking: readonly Scored[], temperature: number): number[] {
  const highest = ranking[0]?.score ?? 0;
  const odds = ranking.map(({ score }) => Math.exp(temperature * (score - highest)));
  const sum = odds.reduce((total, each) => total + each, 0);
  return odds.map((each) => each / sum);
}
