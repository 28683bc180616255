// What learning changed, as lists for people.
import type { Catalogue } from './catalogue.js';
import type { Gate } from './engine.js';
import { logitOf } from './logit.js';
import type { Item } from './model_file.js';

/** How well the user's own events were predicted, with and without what was learned; each before it was learned from. */
export interface LearningRecord {
  /** Events that both predicted. */
  readonly events: number;
  /** How far what was learned is trusted now, 0 to 1: 0 is the model's own list. */
  readonly trust: number;
  /** The geometric mean of the probabilities that the model alone gave to the chosen items; 0 before the first event. */
  readonly base: number;
  /** The same with what was learned. */
  readonly personal: number;
}

/** An item, and the factor by which learning changed its probability: 2 is twice as likely, 0.5 half as likely. */
export interface LearnedItem extends Item {
  readonly factor: number;
}

/** A category, and the geometric mean of its items' factors. */
export interface LearnedCategory {
  readonly category: string;
  readonly factor: number;
}

/** What learning changed. Each list has the strongest change first. */
export interface Learned {
  readonly more: { readonly items: readonly LearnedItem[]; readonly categories: readonly LearnedCategory[] };
  readonly fewer: { readonly items: readonly LearnedItem[]; readonly categories: readonly LearnedCategory[] };
}

export function recordOf({ events, trust, baseLogLikelihood, personalLogLikelihood }: Gate): LearningRecord {
  const mean = (logLikelihood: number) => (events === 0 ? 0 : Math.exp(logLikelihood / events));
  return { events, trust, base: mean(baseLogLikelihood), personal: mean(personalLogLikelihood) };
}

/** The `k` strongest changes either way, from all items' scores without and with what was learned. */
export function compare(catalogue: Catalogue, base: Int32Array, personal: Int32Array, k: number): Learned {
  const changes = logChanges(base, personal);
  const items = [...changes.keys()].sort((a, b) => (changes[b] as number) - (changes[a] as number) || a - b);
  const named = (index: number): LearnedItem => ({
    ...catalogue.at(index),
    factor: Math.exp(changes[index] as number),
  });
  const categories = changesByCategory(catalogue, changes);
  const factors = (some: [string, number][]) =>
    some.map(([category, change]) => ({ category, factor: Math.exp(change) }));
  const rises = (index: number) => (changes[index] as number) > 0;
  const falls = (index: number) => (changes[index] as number) < 0;
  return {
    more: {
      items: items.slice(0, k).filter(rises).map(named),
      categories: factors(categories.filter(([, c]) => c > 0).slice(0, k)),
    },
    fewer: {
      items: items.slice(-k).reverse().filter(falls).map(named),
      categories: factors(
        categories
          .reverse()
          .filter(([, c]) => c < 0)
          .slice(0, k),
      ),
    },
  };
}

/** The logarithm of each item's probability with what was learned, less that without. */
function logChanges(base: Int32Array, personal: Int32Array): Float64Array {
  const logOfSum = (scores: Int32Array) => {
    const highest = scores.reduce((max, score) => Math.max(max, score), -Infinity);
    return logitOf(highest) + Math.log(scores.reduce((sum, score) => sum + Math.exp(logitOf(score - highest)), 0));
  };
  const shift = logOfSum(base) - logOfSum(personal);
  return Float64Array.from(base, (score, index) => logitOf((personal[index] as number) - score) + shift);
}

/** Strongest rise first. */
function changesByCategory(catalogue: Catalogue, changes: Float64Array): [string, number][] {
  const meanOf = (indices: readonly number[]) =>
    indices.reduce((sum, index) => sum + (changes[index] as number), 0) / indices.length;
  return catalogue.categories
    .map((category): [string, number] => [category, meanOf(catalogue.inCategory(category))])
    .sort(([, a], [, b]) => b - a);
}
