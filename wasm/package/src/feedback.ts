// What a user can do with an item, and how much each kind of it teaches.
import { feedbackKinds, limits } from './abi.js';
import { described, requireNumber } from './arguments.js';
import { SottoError } from './errors.js';

/**
 * What a user can do with an item: docs/javascript.md says what each kind does.
 *
 * @useDeclaredType
 */
export type FeedbackKind = (typeof feedbackKinds)[number];

/**
 * What a user did with an item. A `dwell` and a `rating` have an amount, whose name says its unit; the other kinds may be
 * written as their name alone.
 */
export type Feedback =
  | Exclude<FeedbackKind, 'dwell' | 'rating'>
  | { readonly kind: Exclude<FeedbackKind, 'dwell' | 'rating'> }
  /** How long the user stayed with the item, at most a day. From a minute on it teaches at full strength. */
  | { readonly kind: 'dwell'; readonly seconds: number }
  /** From -1, bad, to 1, good. */
  | { readonly kind: 'rating'; readonly value: number };

/** The kinds with an amount: what it is called, and between what it lies. */
const amounts: Partial<Record<string, readonly [name: string, min: number, max: number, whatItIs: string]>> = {
  dwell: ['seconds', 0, 86_400, 'the seconds of a stay, 0 to 86400'],
  rating: ['value', -1, 1, 'a number from -1, bad, to 1, good'],
};

/** The kind's number in the core, and its amount. Throws `invalid_argument`. */
export function readFeedback(feedback: Feedback): { kind: number; amount: number } {
  const { kind, ...given }: { kind: string; [name: string]: unknown } =
    typeof feedback === 'object' && feedback !== null ? feedback : { kind: feedback };
  const number = numberOfKind(kind);
  const [name, min, max, whatItIs] = amounts[kind] ?? [];
  const unknown = Object.keys(given).find((key) => key !== name);
  if (unknown !== undefined) {
    const takes = name === undefined ? `takes nothing else: write '${kind}'` : `takes ${name}, ${whatItIs}`;
    throw new SottoError('invalid_argument', `Feedback of the kind ${kind} ${takes}, not ${unknown}.`);
  }
  if (name === undefined) return { kind: number, amount: 0 };
  const amount = given[name];
  if (typeof amount === 'number' && amount >= (min as number) && amount <= (max as number)) {
    return { kind: number, amount };
  }
  const found = typeof amount === 'number' ? amount : typeof amount;
  throw new SottoError(
    'invalid_argument',
    `Feedback of the kind ${kind} needs ${name}, ${whatItIs}: { kind: '${kind}', ${name}: … }. It was ${found}.`,
  );
}

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

/** The numbers of the kinds that are weighted, and their weights. */
export function checkedWeights(weights: FeedbackWeights): [kind: number, weight: number][] {
  return Object.entries(weights).map(([kind, weight]) => {
    requireNumber(weight, `The weight of ${kind}`, 0, limits.maxFeedbackWeight);
    return [numberOfKind(kind), weight];
  });
}
