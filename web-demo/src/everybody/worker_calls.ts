// Calls from the page to its workers, which answer in order.

interface Question {
  readonly number: number;
  readonly name: string;
  readonly argument: unknown;
}

type Answer = { readonly number: number } & ({ readonly result: unknown } | { readonly error: string });

// biome-ignore lint/suspicious/noExplicitAny: the argument of each call has a type of its own
type Calls = Record<string, (argument: any) => unknown>;

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** The page's end of a worker. */
export class WorkerCalls<Served extends Calls> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(worker: Worker) {
    this.#worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.number);
      this.#waiting.delete(data.number);
      if ('error' in data) waiting?.reject(new Error(data.error));
      else waiting?.resolve(data.result);
    });
    worker.addEventListener('error', ({ message }) => this.#rejectAll(new Error(message || 'A worker did not start.')));
  }

  call<Name extends keyof Served & string>(
    name: Name,
    argument: Parameters<Served[Name]>[0],
    transfer: Transferable[] = [],
  ): Promise<Awaited<ReturnType<Served[Name]>>> {
    const number = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve: resolve as (result: unknown) => void, reject });
      this.#worker.postMessage({ number, name, argument } satisfies Question, transfer);
    });
  }

  /** Ends the worker at once; calls that wait are rejected. */
  end(): void {
    this.#worker.terminate();
    this.#rejectAll(new DOMException('The worker was ended.', 'AbortError'));
  }

  #rejectAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** The worker's end. */
export function serveCalls(calls: Calls): void {
  let previous: Promise<void> = Promise.resolve();
  addEventListener('message', ({ data }: MessageEvent<Question>) => {
    previous = previous.then(() => answer(calls, data));
  });
}

async function answer(calls: Calls, { number, name, argument }: Question): Promise<void> {
  let reply: Answer;
  try {
    reply = { number, result: await calls[name]?.(argument) };
  } catch (error) {
    reply = { number, error: error instanceof Error ? error.message : String(error) };
  }
  postMessage(reply);
}
