import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { tagOf } from '../arguments.js';
import type { Snapshot } from '../observation.js';
import type { Recommender } from '../recommender.js';
import type { RecommendOptions, Recommendation } from '../results.js';
import type { Recommender as RecommenderInWorker } from '../worker/recommender.js';

type AnyRecommender = Recommender | RecommenderInWorker;

const nothing: readonly Recommendation[] = Object.freeze([]);
const subscribeToNothing = () => () => {};
const noSnapshot = () => undefined;

/** Everything that a list follows from, and the list where it is there at once. */
interface Request {
  readonly recommender: AnyRecommender;
  readonly snapshot: Snapshot;
  readonly k: number;
  readonly options: RecommendOptions;
  list?: readonly Recommendation[];
}

/**
 * What `recommender.recommend(k, options)` returns, made again whenever the recommender changes. The list is the same object
 * until then, and while `k` and the options name the same. It is empty while there is no recommender. The recommender of
 * `sotto/worker` answers later: the list is then the latest that has come.
 */
export function useRecommendations(
  recommender: AnyRecommender | undefined,
  k: number,
  options: RecommendOptions = {},
): readonly Recommendation[] {
  const getSnapshot = recommender?.getSnapshot ?? noSnapshot;
  const snapshot = useSyncExternalStore(recommender?.subscribe ?? subscribeToNothing, getSnapshot, getSnapshot);
  // A list follows from its request alone: keeping the last one is invisible, whatever React renders twice.
  const last = useRef<Request>(undefined);
  if (recommender === undefined || snapshot === undefined || snapshot.closed) last.current = undefined;
  else if (!isSameRequest(last.current, { recommender, snapshot, k, options })) {
    last.current = { recommender, snapshot, k, options };
  }
  const request = last.current;
  const listInWorker = useListInWorker(request);
  if (request === undefined) return nothing;
  return isInWorker(request.recommender) ? listInWorker : (request.list ??= request.recommender.recommend(k, options));
}

/** What a worker's recommender has answered last. */
function useListInWorker(request: Request | undefined): readonly Recommendation[] {
  const [answer, setAnswer] = useState<{ to: Request; list: readonly Recommendation[]; error?: unknown }>();
  useEffect(() => {
    if (request === undefined || !isInWorker(request.recommender)) return undefined;
    let isCurrent = true;
    const take = (list: readonly Recommendation[], error?: unknown) => {
      if (isCurrent) setAnswer({ to: request, list, error });
    };
    request.recommender.recommend(request.k, request.options).then(
      (list) => take(list),
      (error: unknown) => {
        const isClosed = (error as { code?: unknown } | null)?.code === 'closed';
        take(nothing, isClosed ? undefined : error);
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [request]);
  // As `recommend` of a recommender in the page throws while the component is rendered.
  if (answer?.error !== undefined && answer.to === request) throw answer.error;
  return answer !== undefined && answer.to.recommender === request?.recommender ? answer.list : nothing;
}

function isInWorker(recommender: AnyRecommender): recommender is RecommenderInWorker {
  return 'setLearning' in recommender;
}

/** Whether two renderings ask for the same. */
function isSameRequest(before: Request | undefined, now: Request): boolean {
  return (
    before?.recommender === now.recommender &&
    before.snapshot === now.snapshot &&
    before.k === now.k &&
    areSameOptions(before.options, now.options)
  );
}

function areSameOptions(before: RecommendOptions, now: RecommendOptions): boolean {
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
  return Array.isArray(list) ? list : tagOf(list) === 'Set' ? [...(list as Set<unknown>)] : undefined;
}

function idOf(element: unknown): unknown {
  return typeof element === 'object' && element !== null ? (element as { id?: unknown }).id : element;
}
