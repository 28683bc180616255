// How far the trend is believed, and why, in words.
import { percent } from '../wording/record';

export interface Judgement {
  /** Weeks that were published. */
  readonly weeks: number;
  readonly prior: number;
  /** Nats for each report, over the weeks that tested a trend. */
  readonly gain: number;
}

export function judgementInWords({ weeks, prior, gain }: Judgement): string {
  if (weeks < 2 && prior === 0) {
    return 'Not believed yet: a trend counts once it has predicted a week that came after it. Collect another week.';
  }
  const factor = Math.exp(gain).toFixed(1);
  if (prior === 0) {
    return `The trend gave the next week’s choices ${factor}\u00a0× the chance that the model alone gave them. That is no sure gain, so the trend is switched off.`;
  }
  return `The trend gave the next week’s choices ${factor}\u00a0× the chance that the model alone gave them. So it is believed to ${percent(prior)} at first, and each device then finds out how far it holds for its user.`;
}
