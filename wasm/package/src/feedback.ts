// What a user can do with an item, and how much each kind of it teaches.
import { feedbackKinds } from './abi.js';
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
      `“${kind}” is no kind of feedback: it takes one of ${feedbackKinds.join(', ')}.`,
    );
  }
  return number;
}
