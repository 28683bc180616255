// What a device recommends, and whether the trend is a reason for it.
import type { Recommender } from 'sotto';

export interface Offer {
  readonly id: string;
  readonly isWanted: boolean;
}

/** A smaller part of the score is not worth a mark: a factor of 1.1 in the odds. */
const worthNaming = 0.1;

export function offersOf(recommender: Recommender, length: number): Offer[] {
  return recommender.recommend(length, { exclude: recommender.history }).map(({ id }) => ({
    id,
    isWanted: (recommender.why(id).trend?.contribution ?? 0) >= worthNaming,
  }));
}
