// The worker of sotto/worker: one recommender, which does what the page asks in the order of its messages. The package has
// it as one file, beside the modules: Vite makes workers of a kind that cannot load a second one.
import { encryptedStore } from './encrypted_store.js';
import { indexedDbStore } from './indexed_db_store.js';
import { memoryStore } from './memory_store.js';
import { Recommender } from './recommender.js';
import type { StateStore } from './state_store.js';
import { type Answer, type Opened, type Opening, type Order, type WorkerStore, failureOf } from './worker/messages.js';

/** The scope of a dedicated worker, which TypeScript's library for pages does not have. */
interface Scope {
  postMessage(answer: Answer, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<Order>) => void): void;
}
const scope = globalThis as unknown as Scope;

let recommender: Recommender | undefined;
/** What the page's own clock showed at its latest order. */
let now: number | undefined;
const stoppable = new Map<number, AbortController>();

const post = (answer: Answer, transfer: Transferable[] = []) => scope.postMessage(answer, transfer);

const stores: Readonly<Record<WorkerStore, () => StateStore>> = {
  indexedDb: () => indexedDbStore(),
  encrypted: () => encryptedStore(),
  memory: () => memoryStore(),
};

async function open({ source, options, store, tellsProgress }: Opening): Promise<Opened> {
  recommender = await Recommender.open(source, {
    ...options,
    ...(store === undefined ? {} : { store: stores[store]() }),
    clock: () => now ?? Date.now(),
    onWarning: (warning) => post({ warning: failureOf(warning) }),
    onCaughtUp: () => post({ event: 'caughtUp' }),
    onForgotten: () => post({ event: 'forgotten' }),
    ...(tellsProgress ? { onProgress: (progress) => post({ progress }) } : {}),
  });
  const { modelInfo, items, temperature, getSnapshot } = recommender;
  const first = getSnapshot();
  recommender.subscribe((snapshot) => {
    if (snapshot !== first) post({ snapshot });
  });
  return { modelInfo, items, temperature, snapshot: first };
}

async function act({ id, member, args, stops }: Extract<Order, { member: unknown }>): Promise<unknown> {
  const target = recommender as unknown as Record<string, unknown>;
  if (args === undefined) return target[member];
  if (member === 'learning') {
    [target[member]] = args;
    return undefined;
  }
  if (!stops) return (target[member] as (...args: readonly unknown[]) => unknown).apply(target, [...args]);
  const controller = new AbortController();
  stoppable.set(id, controller);
  // Options that carry a signal come last.
  const options = { ...(args.at(-1) as object), signal: controller.signal };
  try {
    return await (target[member] as (...args: readonly unknown[]) => unknown).apply(target, [
      ...args.slice(0, -1),
      options,
    ]);
  } finally {
    stoppable.delete(id);
  }
}

scope.addEventListener('message', ({ data }) => {
  if ('stop' in data) {
    stoppable.get(data.stop)?.abort();
    return;
  }
  now = data.now;
  ('open' in data ? open(data.open) : act(data)).then(
    (value) => post({ id: data.id, value }, value instanceof Uint8Array ? [value.buffer] : []),
    (error: unknown) => post({ id: data.id, failure: failureOf(error) }),
  );
});
