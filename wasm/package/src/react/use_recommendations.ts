import { useRef, useSyncExternalStore } from 'react';
import type { Snapshot } from '../observation.js';
import type { Recommender } from '../recommender.js';
import type { RecommendOptions, Recommendation } from '../results.js';

const nothing: readonly Recommendation[] = Object.freeze([]);
const subscribeToNothing = () => () => {};
const noSnapshot = () => undefined;

/** A list, and everything that it was made from. */
interface Made {
  readonly recommender: Recommender;
  readonly snapshot: Snapshot;
  readonly k: number;
  readonly options: RecommendOptions;
  readonly list: readonly Recommendation[];
}

/**
 * What `recommender.recommend(k, options)` returns, made again whenever the recommender changes. The list is the same object
 * until then, and while `k` and the options name the same. It is empty while there is no recommender.
 */
export function useRecommendations(
  recommender: Recommender | undefined,
  k: number,
  options: RecommendOptions = {},
): readonly Recommendation[] {
  const getSnapshot = recommender?.getSnapshot ?? noSnapshot;
  const snapshot = useSyncExternalStore(recommender?.subscribe ?? subscribeToNothing, getSnapshot, getSnapshot);
  // A list follows from what it was made from alone: keeping the last one is invisible, whatever React renders twice.
  const last = useRef<Made>(undefined);
  if (recommender === undefined || snapshot === undefined || snapshot.closed) return nothing;
  const made = last.current;
  if (
    made?.recommender === recommender &&
    made.snapshot === snapshot &&
    made.k === k &&
    areSame(made.options, options)
  ) {
    return made.list;
  }
  const list = recommender.recommend(k, options);
  last.current = { recommender, snapshot, k, options, list };
  return list;
}

/** Whether two renderings ask for the same. */
function areSame(before: RecommendOptions, now: RecommendOptions): boolean {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]) as Set<keyof RecommendOptions>;
  return [...names].every((name) => Object.is(before[name], now[name]) || areSameLists(before[name], now[name]));
}

/** Lists are usually made anew, such as `exclude: recommender.history`. */
function areSameLists(before: unknown, now: unknown): boolean {
  const [some, others] = [elementsOf(before), elementsOf(now)];
  return (
    some !== undefined && some.length === others?.length && some.every((one, at) => idOf(one) === idOf(others[at]))
  );
}

function elementsOf(list: unknown): unknown[] | undefined {
  return Array.isArray(list) ? list : list instanceof Set ? [...list] : undefined;
}

function idOf(element: unknown): unknown {
  return typeof element === 'object' && element !== null ? (element as { id?: unknown }).id : element;
}
