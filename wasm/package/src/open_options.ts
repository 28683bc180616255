import { refused, requireBoolean, requireFunction, requireOptions } from './arguments.js';
import type { FileRequest } from './byte_source.js';
import type { SottoError } from './errors.js';
import type { FeedbackWeights } from './feedback.js';
import type { LoadProgress } from './model_download.js';
import type { WasmSource } from './module_loader.js';
import type { StateStore } from './state_store.js';

/** How `Recommender.open` opens a model. Every option may be left out. */
export interface OpenOptions {
  /** One of the package's three WebAssembly modules; by default the fastest that this browser runs, beside this file. */
  readonly wasm?: WasmSource;
  /** Where the user's state is kept; by default IndexedDB, or memory where there is none. */
  readonly store?: StateStore;
  /** The key of the state: tells users, or models for different purposes, apart. By default "default". */
  readonly user?: string | number;
  /**
   * For catalogues of a million items: makes a sketch of the model's head when the model is opened, so that `recommend` does
   * not have to score every item. The results are the same. The sketch takes some seconds, and half a byte for each weight
   * of the head. By default false.
   */
  readonly sketch?: boolean;
  /** What each kind of feedback teaches; a click is 1. */
  readonly weights?: FeedbackWeights;
  /** Milliseconds since 1970, for calls that are given no time; by default `Date.now`. */
  readonly clock?: () => number;
  /** How the server is asked for the model: headers, cookies and the browser's cache. */
  readonly request?: FileRequest;
  /**
   * The SHA-256 of the model file, 64 hexadecimal digits: `open` rejects any other file with the code `wrong_model`. It needs
   * a secure context.
   */
  readonly sha256?: string;
  /** Told how much of the model file has come, while it comes. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Stops opening: `open` then rejects with the code `interrupted`. */
  readonly signal?: AbortSignal;
  /** Called about problems that do not stop anything; by default `console.warn`. */
  readonly onWarning?: (warning: SottoError) => void;
  /** Called after this page has taken up what the user did in another page of this origin. */
  readonly onCaughtUp?: () => void;
  /** Called after another page of this origin has erased the user, and this page has followed. */
  readonly onForgotten?: () => void;
}

/** Throws `invalid_argument` for an option that is not what it has to be. The sources are checked where they are read. */
export function requireOpenOptions(options: OpenOptions): void {
  requireOptions(options, 'open');
  const { store, user, sketch, weights, signal, request, sha256 } = options;
  const option = (name: string) => `The option ${name}`;
  if (user !== undefined && typeof user !== 'string' && typeof user !== 'number') {
    throw refused(option('user'), 'a string', user);
  }
  if (sketch !== undefined) requireBoolean(sketch, option('sketch'));
  if (weights !== undefined) requireOptions(weights, 'weights');
  if (request !== undefined) requireOptions(request, 'request');
  if (sha256 !== undefined && typeof sha256 !== 'string')
    throw refused(option('sha256'), '64 hexadecimal digits', sha256);
  for (const name of ['clock', 'onProgress', 'onWarning', 'onCaughtUp', 'onForgotten'] as const) {
    if (options[name] !== undefined) requireFunction(options[name], option(name));
  }
  if (signal !== undefined && typeof signal?.aborted !== 'boolean') {
    throw refused(option('signal'), 'an AbortSignal, such as controller.signal', signal);
  }
  if (store === undefined) return;
  for (const name of ['load', 'save', 'erase'] as const) {
    if (typeof store?.[name] !== 'function') throw refused(option('store'), 'a store with load, save and erase', store);
  }
}
