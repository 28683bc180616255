import { SottoError } from './errors.js';

/** A point in time: a Date, or milliseconds since 1970. */
export type Moment = Date | number;

/** Seconds since 1970, as the core counts. Throws `invalid_argument` for what is no time. */
export function secondsOf(moment: Moment): number {
  const seconds = Math.floor(Number(moment) / 1000);
  if (!Number.isFinite(seconds)) {
    throw new SottoError('invalid_argument', `A time is a Date or a number of milliseconds since 1970, not ${String(moment)}.`);
  }
  return seconds;
}
