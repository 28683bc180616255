// What a user can do with an item, and what each of it is worth to what is learned.
import { SottoError } from './errors.js';

/** In the order of their numbers in the core (src/sotto/personal/feedback.hpp). */
export const feedbackKinds = [
  /** It was shown; what was shown and not chosen before the next event counts against it, where `weights` say so. */
  'impression',
  /** Chosen or looked at: an event of the sequence. */
  'click',
  /** Stayed with; the amount is seconds. */
  'dwell',
  /** Put into the cart, and so on: an event, or more of one, when it is the visit's latest. */
  'cart',
  'favourite',
  'purchase',
  /** The amount is -1, bad, to 1, good; from 0 on an event. */
  'rating',
  /** Not now: hides the item for a week. */
  'dismiss',
  /** Never again: hides the item until the user chooses it. */
  'not_this',
] as const;

export type FeedbackKind = (typeof feedbackKinds)[number];

/**
 * How much each kind teaches, 0 to 10; a click is 1. By default 0 for an impression, 0.5 for a dismissal and for a stay
 * of a minute or more, 1 for everything else.
 */
export type FeedbackWeights = Partial<Readonly<Record<FeedbackKind, number>>>;

/** The kind's number. Throws `invalid_argument` when there is no such kind. */
export function numberOfKind(kind: string): number {
  const number = feedbackKinds.indexOf(kind as FeedbackKind);
  if (number < 0) {
    throw new SottoError('invalid_argument', `“${kind}” is no kind of feedback: it takes one of ${feedbackKinds.join(', ')}.`);
  }
  return number;
}
