import type { Reasons } from 'sotto';
import type { Product } from '../product';

/** Below this a look has hardly moved the score: a factor of 1.1 in the odds. */
const worthNaming = 0.1;

/** Why a product is recommended, in words. Several looks at one product count together, and so does what many want now. */
export function because(reasons: Reasons, byId: ReadonlyMap<string, Pick<Product, 'title'>>): string {
  const contributions = new Map<string, number>();
  for (const { id, contribution } of reasons) contributions.set(id, (contributions.get(id) ?? 0) + contribution);
  const [strongest] = [...contributions].sort(([, a], [, b]) => b - a);
  const { trend } = reasons;
  if (trend !== undefined && trend.contribution > Math.max(worthNaming, strongest?.[1] ?? 0)) {
    return `because it is ${trend.text}`;
  }
  const title = strongest === undefined ? undefined : byId.get(strongest[0])?.title;
  if (strongest === undefined || title === undefined || strongest[1] < worthNaming)
    return 'because many visitors like it';
  return `because you looked at ${title}`;
}
