import { SottoError } from './errors.js';

/** A point in time: a Date, or milliseconds since 1970. */
export type Moment = Date | number;

/** Seconds since 1970, as the core counts. Throws `invalid_argument` for what is no time. */
export function secondsOf(moment: Moment): number {
  const seconds = Math.floor(Number(moment) / 1000);
  if (!Number.isFinite(seconds)) {
    throw new SottoError(
      'invalid_argument',
      `A time is a Date or a number of milliseconds since 1970, not ${String(moment)}.`,
    );
  }
  return seconds;
}

/** The latest moment that a Date can be, in milliseconds since 1970; the earliest is as far before. */
const lastMoment = 8.64e15;

/** The core's seconds as a Date. A time that no Date can be becomes the nearest that one can. */
export function dateOf(seconds: number): Date {
  return new Date(Math.max(-lastMoment, Math.min(lastMoment, 1000 * seconds)));
}
