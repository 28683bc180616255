import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import type { ByteSource } from '../byte_source.js';
import type { OpenOptions } from '../open_options.js';
import { type RecommenderState, hold, nameOf, opening, stateOf } from './shared_recommender.js';

export type { RecommenderState } from './shared_recommender.js';

/** The options of `Recommender.open`. Opening stops when the component goes, so that there is no `signal`. */
export type UseRecommenderOptions = Omit<OpenOptions, 'signal'>;

/**
 * Opens a model for the component, and closes it when the last component that uses it goes. Components that name the same
 * source and user share one recommender; the other options are those of the first of them. Another source or user opens
 * another. On a server, and while it opens, `recommender` is undefined.
 *
 * ```tsx
 * const { recommender, error } = useRecommender('/model.safetensors');
 * const items = useRecommendations(recommender, 5);
 * ```
 */
export function useRecommender(source: ByteSource, options: UseRecommenderOptions = {}): RecommenderState {
  const name = nameOf(source, options.user);
  const latest = useRef({ source, options });
  useEffect(() => {
    latest.current = { source, options };
  });
  const subscribe = useCallback(
    (listener: () => void) => {
      const { source, options } = latest.current;
      return hold(name, source, { ...options, ...latestCallbacks(options, () => latest.current.options) }, listener);
    },
    [name],
  );
  return useSyncExternalStore(
    subscribe,
    () => stateOf(name),
    () => opening,
  );
}

/** The callbacks among the options, as they are when they are called: each rendering makes new ones. */
function latestCallbacks(given: UseRecommenderOptions, latest: () => UseRecommenderOptions): UseRecommenderOptions {
  return {
    ...(given.onWarning && { onWarning: (warning) => latest().onWarning?.(warning) }),
    ...(given.onProgress && { onProgress: (progress) => latest().onProgress?.(progress) }),
    ...(given.onCaughtUp && { onCaughtUp: () => latest().onCaughtUp?.() }),
    ...(given.onForgotten && { onForgotten: () => latest().onForgotten?.() }),
  };
}
