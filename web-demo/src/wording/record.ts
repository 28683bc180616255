import type { LearningRecord } from 'sotto';
import { count } from './numbers';

/** A smaller difference between the chances is none. */
const minFactor = 1.05;

/** What the gate has seen, and what follows from it; `on`: whether learning is. */
export function recordInWords({ events, trust, base, personal }: LearningRecord, on: boolean): string {
  const share = `yours ${on ? 'counts' : 'would count'} for ${percent(trust)}`;
  if (events === 0) return `Nothing to judge by yet: ${share}.`;
  const factor = personal / base;
  const looks = `Over ${count(events, 'look')}`;
  // The gate forgets what is long past, so that this need not follow from the sum.
  const counts = `By the latest, ${share}.`;
  if (factor < minFactor && factor > 1 / minFactor) {
    return `${looks}, both lists gave what you chose next about the same chance. ${counts}`;
  }
  return `${looks}, your list gave what you chose next ${times(factor)} the chance that everybody’s gave it. ${counts}`;
}

export function percent(share: number): string {
  return `${Math.round(100 * share)}\u00a0%`;
}

function times(factor: number): string {
  return `${factor < 0.95 ? factor.toFixed(2) : factor.toFixed(1)}\u00a0×`;
}
