// What a user can do with an item, and how much each kind of it teaches.
import { feedbackKinds, limits } from './abi.js';
import { described, refused, requireNumber } from './arguments.js';
import { SottoError } from './errors.js';

/**
 * What a user can do with an item: docs/javascript.md says what each kind does.
 *
 * @useDeclaredType
 */
export type FeedbackKind = (typeof feedbackKinds)[number];

/**
 * How much each kind teaches, 0 to 10; a click is 1. By default 0 for an impression, 0.5 for a dismissal and for a stay
 * of a minute or more, 1 for everything else.
 */
export type FeedbackWeights = Partial<Readonly<Record<FeedbackKind, number>>>;

/** The kind's number in the core. Throws `invalid_argument` where there is no such kind. */
export function numberOfKind(kind: string): number {
  const number = feedbackKinds.indexOf(kind as FeedbackKind);
  if (number < 0) {
    throw new SottoError(
      'invalid_argument',
      `${described(kind)} is no kind of feedback: it takes one of ${feedbackKinds.join(', ')}.`,
    );
  }
  return number;
}

/** Seconds in a day; nobody stays longer with an item. */
const longestDwell = 86_400;

/** Throws `invalid_argument` for an amount that the kind does not take. */
export function requireAmount(kind: FeedbackKind, amount: number): void {
  if (kind === 'rating') {
    requireNumber(amount, 'A rating (of five stars: (stars - 3) / 2)', -1, 1);
  } else if (kind === 'dwell') {
    requireNumber(amount, 'A dwell (in seconds, not milliseconds)', 0, longestDwell);
  } else if (typeof amount !== 'number' || Number.isNaN(amount)) {
    throw refused('feedback(itemId, kind, amount, at)', 'a number as its amount', amount);
  }
}

/** The numbers of the kinds that are weighted, and their weights. */
export function checkedWeights(weights: FeedbackWeights): [kind: number, weight: number][] {
  return Object.entries(weights).map(([kind, weight]) => {
    requireNumber(weight, `The weight of ${kind}`, 0, limits.maxFeedbackWeight);
    return [numberOfKind(kind), weight];
  });
}
