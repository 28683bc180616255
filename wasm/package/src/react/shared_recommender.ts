// Recommenders that components share: opened for the first that needs one, closed after the last.
import { isUrl } from '../arguments.js';
import type { ByteSource } from '../byte_source.js';
import type { SottoError } from '../errors.js';
import type { OpenOptions } from '../open_options.js';
import { Recommender } from '../recommender.js';

/** What `useRecommender` returns: the same object until the recommender is open, or cannot be. */
export type RecommenderState =
  | { readonly status: 'opening'; readonly recommender: undefined; readonly error: undefined }
  | { readonly status: 'open'; readonly recommender: Recommender; readonly error: undefined }
  | { readonly status: 'failed'; readonly recommender: undefined; readonly error: SottoError };

export const opening: RecommenderState = { status: 'opening', recommender: undefined, error: undefined };

interface Shared {
  state: RecommenderState;
  readonly listeners: Set<() => void>;
  readonly end: () => void;
}

const shared = new Map<string, Shared>();
/** Recommenders that still store what is left. The next of the same name waits, so that it finds everything. */
const closing = new Map<string, Promise<void>>();
const numbersOfBytes = new WeakMap<object, number>();
let bytesSeen = 0;

/** What tells recommenders apart: the model's address, or which bytes they are, and the user. */
export function nameOf(source: ByteSource, user: string | number = 'default'): string {
  if (typeof source !== 'object' || isUrl(source)) return JSON.stringify([String(source), String(user)]);
  const number = numbersOfBytes.get(source) ?? ++bytesSeen;
  numbersOfBytes.set(source, number);
  return JSON.stringify([number, String(user)]);
}

/** The state of the recommender of this name; `opening` also before anybody needs it. */
export function stateOf(name: string): RecommenderState {
  return shared.get(name)?.state ?? opening;
}

/** Opens the recommender unless it is open, and calls the listener when its state changes; returns how to stop. */
export function hold(name: string, source: ByteSource, options: OpenOptions, listener: () => void): () => void {
  const held = shared.get(name) ?? open(name, source, options);
  const own = () => listener();
  held.listeners.add(own);
  return () => {
    held.listeners.delete(own);
    // StrictMode, Fast Refresh and a change of pages let go and hold again in one task.
    setTimeout(() => {
      if (held.listeners.size === 0 && shared.get(name) === held) held.end();
    });
  };
}

function open(name: string, source: ByteSource, options: OpenOptions): Shared {
  const controller = new AbortController();
  const held: Shared = {
    state: opening,
    listeners: new Set(),
    end: () => {
      shared.delete(name);
      controller.abort();
      const { recommender } = held.state;
      if (recommender !== undefined) close(name, recommender);
    },
  };
  const become = (state: RecommenderState) => {
    held.state = state;
    for (const listener of [...held.listeners]) listener();
  };
  const openNow = () => Recommender.open(source, { ...options, signal: controller.signal });
  (closing.get(name)?.then(openNow) ?? openNow()).then(
    (recommender) => {
      if (controller.signal.aborted) close(name, recommender);
      else become({ status: 'open', recommender, error: undefined });
    },
    (error: SottoError) => {
      if (!controller.signal.aborted) become({ status: 'failed', recommender: undefined, error });
    },
  );
  shared.set(name, held);
  return held;
}

function close(name: string, recommender: Recommender): void {
  const closed = recommender.close().finally(() => {
    if (closing.get(name) === closed) closing.delete(name);
  });
  closing.set(name, closed);
}
