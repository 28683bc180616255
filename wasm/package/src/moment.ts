import { refused, tagOf } from './arguments.js';
import { report } from './report_error.js';

/** A point in time: a Date, milliseconds since 1970, or a date and time as ISO 8601 writes it. */
export type Moment = Date | number | string;

const takes = 'a Date, milliseconds since 1970, or an ISO 8601 date';

/** Seconds since 1970, as the core counts. Throws `invalid_argument` for what is no time. */
export function secondsOf(moment: Moment, argument = 'at'): number {
  return Math.floor(millisecondsOf(moment, argument) / 1000);
}

/**
 * What the page's clock shows, in milliseconds since 1970. What is stored is dated by the device's own clock where that of
 * the page fails, which is reported: it must not be lost for a date.
 */
export function timeOf(clock: () => Moment): number {
  try {
    return millisecondsOf(clock(), theClock);
  } catch (error) {
    report(error);
    return Date.now();
  }
}

/** What errors call the option. */
export const theClock = 'The option clock';

function millisecondsOf(moment: Moment, argument: string): number {
  const given: unknown = moment;
  const isDate = tagOf(given) === 'Date';
  const isIso = typeof given === 'string' && /^\d{4}-\d\d/.test(given);
  const milliseconds = isDate ? Number(given) : isIso ? Date.parse(given) : given;
  if (typeof milliseconds !== 'number' || !Number.isFinite(milliseconds)) throw refused(argument, takes, given);
  // As milliseconds, today's seconds are in January 1970, and today's microseconds after the year 9999.
  if (typeof given === 'number' && given >= 1e9 && given < 5e9)
    throw refused(argument, `${takes} (1,000 × seconds)`, given);
  if (milliseconds > 2.6e14) throw refused(argument, `${takes} before the year 10000`, given);
  return milliseconds;
}

/** The latest moment that a Date can be, in milliseconds since 1970; the earliest is as far before. */
const lastMoment = 8.64e15;

/** The core's seconds as a Date. A time that no Date can be becomes the nearest that one can. */
export function dateOf(seconds: number): Date {
  return new Date(Math.max(-lastMoment, Math.min(lastMoment, 1000 * seconds)));
}
