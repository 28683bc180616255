// The module sotto-aggregate.wasm, as one worker uses it. Its calls take bytes, and give bytes.

interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  aggregate_input(bytes: number): number;
  aggregate_output(): number;
  aggregate_output_bytes(): number;
}

/** What the module does, without the prefix "aggregate_". */
type Call =
  | 'report'
  | 'false_report'
  | 'open_batch'
  | 'take_leader_share'
  | 'take_helper_share'
  | 'start_job'
  | 'answer_job'
  | 'finish_job'
  | 'view'
  | 'release'
  | 'expect'
  | 'publish';

/** The most that crypto.getRandomValues fills at once. */
const maxRandomBytes = 65_536;

export class AggregateModule {
  readonly #exports: Exports;

  private constructor(exports: Exports) {
    this.#exports = exports;
  }

  static async open(module: WebAssembly.Module): Promise<AggregateModule> {
    let memory: WebAssembly.Memory | undefined;
    const { exports } = await WebAssembly.instantiate(module, {
      env: { emscripten_notify_memory_growth: () => undefined },
      page: {
        fill_random: (at: number, bytes: number) => {
          if (memory !== undefined) fillRandom(new Uint8Array(memory.buffer, at, bytes));
        },
      },
    });
    const wasm = exports as unknown as Exports;
    memory = wasm.memory;
    wasm._initialize();
    return new AggregateModule(wasm);
  }

  /** Hands over the parts of the input, one after the other, and returns a copy of the output. */
  call(name: Call, parts: readonly Uint8Array[], ...numbers: readonly number[]): Uint8Array<ArrayBuffer> {
    const wasm = this.#exports;
    let at = wasm.aggregate_input(parts.reduce((sum, { length }) => sum + length, 0));
    for (const part of parts) {
      new Uint8Array(wasm.memory.buffer, at, part.length).set(part);
      at += part.length;
    }
    const run = (wasm as unknown as Record<string, (...numbers: number[]) => number>)[`aggregate_${name}`];
    const error = run?.(...numbers);
    const output = new Uint8Array(wasm.memory.buffer, wasm.aggregate_output(), wasm.aggregate_output_bytes()).slice();
    if (error !== 0) throw new Error(new TextDecoder().decode(output));
    return output;
  }
}

/** Fresh bytes of the browser's cryptographic generator. */
export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  fillRandom(bytes);
  return bytes;
}

function fillRandom(bytes: Uint8Array<ArrayBuffer>): void {
  for (let at = 0; at < bytes.length; at += maxRandomBytes) {
    crypto.getRandomValues(bytes.subarray(at, at + maxRandomBytes));
  }
}
