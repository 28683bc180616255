// Made-up visitors: events that depend on a seed alone, and what the npm package makes of them.
import { Recommender, memoryStore } from 'sotto';
import { modelBytes } from './server.mjs';

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const kinds = ['click', 'click', 'click', 'cart', 'purchase', 'favourite', 'dwell', 'rating', 'dismiss', 'not_this'];

/** Events of one user, oldest first, some of them days apart; none is later than 2023. */
export function eventsOf(seed, count, catalogue) {
  const random = randomNumbers(seed);
  let at = 1_600_000_000 + Math.floor(random() * 1e6);
  return Array.from({ length: count }, () => {
    at += Math.floor(random() < 0.1 ? random() * 500_000 : random() * 300);
    const kind = kinds[Math.floor(random() * kinds.length)];
    const amount =
      kind === 'dwell' ? Math.floor(random() * 90) : kind === 'rating' ? Math.round(random() * 8 - 4) / 4 : 0;
    // Few items, so that some come again.
    return { id: catalogue[Math.floor(random() ** 2 * 300)].id, kind, amount, at };
  });
}

/** A recommender of the npm package that has had these events. */
export async function pageWith(events, options = {}) {
  const page = await Recommender.open(modelBytes, { store: memoryStore(), ...options });
  for (const { id, kind, amount, at } of events) {
    page.feedback(
      id,
      { kind, ...(kind === 'dwell' && { seconds: amount }), ...(kind === 'rating' && { value: amount }) },
      at * 1000,
    );
  }
  return page;
}

/** The state that the events lead to. */
export async function stateOf(events) {
  const page = await pageWith(events);
  const state = page.exportState();
  await page.close();
  return state;
}
