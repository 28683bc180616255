import { isObjectOfOptions, refused, requireOptions } from './arguments.js';
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

type Check = readonly [isRight: (value: never) => boolean, takes: string];

const isOptions: Check = [isObjectOfOptions, 'an object of options'];
const isFunction: Check = [(value: unknown) => typeof value === 'function', 'a function'];

/** The sources and the store are checked where they are used, the weights as well. */
const checks: { readonly [Option in Exclude<keyof OpenOptions, 'store' | 'wasm'>]: Check } = {
  user: [(value: unknown) => typeof value === 'string' || typeof value === 'number', 'a string'],
  sketch: [(value: unknown) => typeof value === 'boolean', 'true or false'],
  weights: isOptions,
  clock: isFunction,
  request: isOptions,
  sha256: [(value: unknown) => typeof value === 'string', '64 hexadecimal digits'],
  onProgress: isFunction,
  signal: [
    (value: AbortSignal | null) => typeof value?.aborted === 'boolean',
    'an AbortSignal, such as controller.signal',
  ],
  onWarning: isFunction,
  onCaughtUp: isFunction,
  onForgotten: isFunction,
};

/** Throws `invalid_argument` for an option that is not what it has to be. */
export function requireOpenOptions(options: Omit<OpenOptions, 'store'>): void {
  requireOptions(options, 'open');
  for (const [name, [isRight, takes]] of Object.entries(checks)) {
    const value = options[name as keyof typeof options];
    if (value !== undefined && !isRight(value as never)) throw refused(`The option ${name}`, takes, value);
  }
}
