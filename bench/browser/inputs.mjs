// What the contenders are fed: seeded, so that all see the same.
import { classic } from './classic.mjs';

/** Numbers in [0, 1): mulberry32. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const item = (next) => Math.floor(next() * classic.items);

/** A user's window of events. */
export const historyOfItems = (next) => Int32Array.from({ length: classic.window }, () => item(next));

/** Examples for the head: hidden states, row after row, and the item that followed each. */
export function headExamples(next, count) {
  return {
    count,
    hidden: Float32Array.from({ length: count * classic.hidden }, () => 2 * next() - 1),
    labels: Int32Array.from({ length: count }, () => item(next)),
  };
}

/** By row of the table, what one call takes. */
export const inputOfRow = {
  eventTop10: item,
  event: item,
  replay: historyOfItems,
  headStep1: (next) => headExamples(next, 1),
  headStep16: (next) => headExamples(next, 16),
  learnEvent: item,
  learnEventTop10: item,
  predictLearn: item,
};
