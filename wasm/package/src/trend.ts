// What many users choose at present, in the form that the core takes it in.
import { idOf, refused, requireList, requireOptions } from './arguments.js';
import type { Catalogue } from './catalogue.js';
import type { Engine } from './engine.js';
import { SottoError } from './errors.js';
import { logitOf } from './logit.js';
import type { TrendReason } from './results.js';

/** One item of a trend: how often it is chosen at present. */
export type TrendEntry = { readonly id: string } & (
  | {
      /** The natural logarithm of how often it is chosen at present, divided by how often the model expects it. */
      readonly logRatio: number;
    }
  | {
      /** The natural logarithm of the probability that it is chosen next: for an item of which the model knows too little. */
      readonly logProbability: number;
    }
);

/** What many users choose at present, for `setTrend`. */
export interface Trend {
  /** Each item once. Items that are not named are chosen as the model expects. */
  readonly items: Iterable<TrendEntry>;
  /** 0 to 0.9: how far the trend is believed before it has predicted this user; by default 0.5. */
  readonly prior?: number;
}

/** In nats, in both directions. */
const maxLogRatio = 31;

/** Hands the trend to the engine. Throws `unknown_item`, and `invalid_argument` for an item that is named twice. */
export function setTrend(engine: Engine, catalogue: Catalogue, trend: Trend): void {
  requireOptions(trend, 'setTrend');
  const { items, prior = 0.5 } = trend;
  requireList(items, 'The items of a trend');
  if (typeof prior !== 'number') throw refused('The prior of a trend', 'a number from 0 to 0.9', prior);
  const ratios = new Map<number, number>();
  let expected: ((item: number) => number) | undefined;
  for (const entry of items) {
    const id = idOf(entry, 'An entry of a trend');
    const item = catalogue.indexOf(id);
    if (item === undefined) {
      throw new SottoError('unknown_item', `A trend names “${id}”, which the model does not know.`);
    }
    if (ratios.has(item)) throw new SottoError('invalid_argument', `A trend names “${id}” twice.`);
    const logarithm = 'logRatio' in entry ? entry.logRatio : entry.logProbability;
    if (typeof logarithm !== 'number') throw refused(`The trend of “${id}”`, 'a logRatio or a logProbability', entry);
    const ratio = 'logRatio' in entry ? logarithm : logarithm - (expected ??= expectation(engine))(item);
    ratios.set(item, Math.max(-maxLogRatio, Math.min(maxLogRatio, ratio)));
  }
  const named = [...ratios.keys()].sort((a, b) => a - b);
  engine.setTrend(
    named,
    named.map((item) => ratios.get(item) as number),
    prior,
  );
}

/** The logarithm of the probability with which the model alone expects an item from somebody unknown. */
function expectation(engine: Engine): (item: number) => number {
  const { items, scores } = engine.popular(engine.items);
  const logits = new Float64Array(engine.items);
  for (const [place, item] of items.entries()) logits[item] = engine.temperature * logitOf(scores[place] as number);
  const highest = engine.temperature * logitOf(scores[0] as number); // the best item comes first
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0);
  return (item) => (logits[item] as number) - highest - Math.log(total);
}

/** What `why` adds for a part of an item's score, in Q15.16. */
export function trendReason(part: number): { trend?: TrendReason } {
  if (part === 0) return {};
  const text = part > 0 ? 'wanted by many this week' : 'wanted by fewer than usual this week';
  return { trend: { contribution: logitOf(part), text } };
}
