// What the page and the worker say to each other. Everything in it can be cloned.
import { SottoError, type SottoErrorCode, reasonOf } from '../errors.js';
import type { LoadProgress } from '../model_download.js';
import type { ModelInfo } from '../model_file.js';
import type { Snapshot } from '../observation.js';
import type { OpenOptions } from '../open_options.js';
import type { Recommender } from '../recommender.js';

/** Where the worker keeps the state: an object with functions cannot be sent to it. */
export type WorkerStore = (typeof workerStores)[number];
export const workerStores = ['indexedDb', 'encrypted', 'memory'] as const;

/** What the worker opens. */
export interface Opening {
  readonly source: string | Uint8Array;
  readonly options: Pick<OpenOptions, 'request' | 'sha256' | 'sketch' | 'user' | 'weights' | 'wasm'>;
  readonly store: WorkerStore | undefined;
  /** Whether the page wants to know how far the model has come. */
  readonly tellsProgress: boolean;
}

/** What the opened recommender is. */
export interface Opened {
  readonly modelInfo: ModelInfo;
  readonly items: number;
  readonly temperature: number;
  readonly snapshot: Snapshot;
}

/** Members of the recommender that are asked for, or called. */
export type Member = Exclude<
  keyof Recommender,
  symbol | 'subscribe' | 'getSnapshot' | 'modelInfo' | 'items' | 'temperature' | 'persist'
>;

/** From the page. A member with `args` is called, another one read; `learning` with an argument is set. */
export type Order =
  | { readonly id: number; readonly open: Opening; readonly now?: number }
  | {
      readonly id: number;
      readonly member: Member;
      readonly args?: readonly unknown[];
      readonly stops?: boolean;
      /** What the page's clock shows, where it has one of its own. */
      readonly now?: number;
    }
  /** Aborts what the order of this number does. */
  | { readonly stop: number };

/** An error on its way. */
export type Failure = { readonly code?: SottoErrorCode; readonly message: string };

/** From the worker. */
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: Failure }
  | { readonly snapshot: Snapshot }
  | { readonly warning: Failure }
  | { readonly progress: LoadProgress }
  | { readonly event: 'caughtUp' | 'forgotten' };

export function failureOf(error: unknown): Failure {
  if (error instanceof SottoError) return { code: error.code, message: error.message };
  return { message: reasonOf(error) };
}

/** The error that the worker had, with its code. */
export function errorOf({ code, message }: Failure): Error {
  return code === undefined ? new Error(message) : new SottoError(code, message);
}
