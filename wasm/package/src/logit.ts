import { limits } from './abi.js';

/** A score of the core, a logit in Q15.16, as a number. */
export function logitOf(score: number): number {
  return score / limits.scoreOne;
}
