import type { Reasons } from 'sotto';
import { titleCase } from './title_case';

/** Below this a look has hardly moved the score: a factor of 1.1 in the odds. */
const worthNaming = 0.1;

/** Why a product is recommended, in words. Several looks at one product count together, and so does what many want now. */
export function because(reasons: Reasons): string {
  const byTitle = new Map<string, number>();
  for (const { title, contribution } of reasons) byTitle.set(title, (byTitle.get(title) ?? 0) + contribution);
  const [strongest] = [...byTitle].sort(([, a], [, b]) => b - a);
  const { trend } = reasons;
  if (trend !== undefined && trend.contribution > Math.max(worthNaming, strongest?.[1] ?? 0)) {
    return `because it is ${trend.text}`;
  }
  if (strongest === undefined || strongest[1] < worthNaming) return 'because many visitors like it';
  return `because you looked at ${titleCase(strongest[0])}`;
}
