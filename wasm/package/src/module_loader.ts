// From a WebAssembly module to callable functions. One import, no generated glue.
import { type SottoExports, abiVersion } from './abi.js';
import { type ByteSource, openFile, readFile } from './byte_source.js';
import { isModule, isResponse, isUrl } from './bytes.js';
import { SottoError } from './errors.js';
import { type WasmTier, bestWasmTier, forbidden, mayCompile } from './features.js';
import { nameOfFile } from './foreign_file.js';

/** Where the WebAssembly module comes from: its address, its bytes, an answer of `fetch`, or a compiled module. */
export type WasmSource = ByteSource | WebAssembly.Module | PromiseLike<WebAssembly.Module>;

/** A module that the JavaScript carries within itself. */
export interface CarriedModule {
  /** Whether it is used only where the file beside the JavaScript cannot be read. */
  readonly isFallback: boolean;
  bytes(): Promise<Uint8Array>;
}

let carried: CarriedModule | undefined;
const alternative = ', or import from sotto/inline, which carries it';

/** Sets what is compiled by default: for entries of the package that carry the module. */
export function carryModule(module: CarriedModule): void {
  carried = module;
}

const compiledModules = new Map<string, Promise<WebAssembly.Module>>();

// Bundlers follow each of these and copy all three files; a page downloads one.
function besideThisFile(tier: WasmTier): URL {
  switch (tier) {
    case 'relaxed-simd':
      return new URL('./sotto-relaxed-simd.wasm', import.meta.url);
    case 'simd128':
      return new URL('./sotto-simd128.wasm', import.meta.url);
    case 'scalar':
      return new URL('./sotto-scalar.wasm', import.meta.url);
  }
}

/**
 * Compiles the module, by default the fastest that this browser runs, while it streams in where the server names it
 * `application/wasm`. Compiled once for each address.
 */
export async function compileModule(source?: WasmSource): Promise<WebAssembly.Module> {
  if (source !== undefined) return compileFrom(source);
  if (carried?.isFallback === false) return compileCarried(carried);
  return compileShipped(() => besideThisFile(bestWasmTier()), 'sotto-simd128.wasm', alternative, carried);
}

/** A module of the package. Its address is unknown where this file has none, or where a bundler moved it away. */
export async function compileShipped(
  address: () => URL,
  name: string,
  alternative = '',
  fallback?: CarriedModule,
): Promise<WebAssembly.Module> {
  try {
    return await compileFrom(address());
  } catch (error) {
    if (fallback !== undefined) return compileCarried(fallback);
    if (error instanceof SottoError && error.code === 'no_webassembly') throw error;
    const [code, reason] =
      error instanceof SottoError
        ? [error.code, error.message]
        : (['wrong_module', 'This JavaScript has no address of its own here.'] as const);
    const ofVite = reason.includes('/.vite/')
      ? ` Vite's development server before version 8 needs optimizeDeps: { exclude: ['sotto'] }.`
      : '';
    throw new SottoError(
      code,
      `${name} could not be loaded from beside the package's JavaScript. ${reason}${ofVite} Serve a copy of sotto/${name}, and ` +
        `pass its address or its bytes in the option wasm${alternative}.`,
      error,
    );
  }
}

function compileCarried({ bytes }: CarriedModule): Promise<WebAssembly.Module> {
  return once('carried', async () => compileBytes(await bytes(), 'the bytes of sotto/inline'));
}

/** Any module, likewise. */
export async function compileFrom(source: WasmSource): Promise<WebAssembly.Module> {
  const given: unknown = await source;
  if (isModule(given)) return given;
  if (typeof given === 'string' || isUrl(given)) return once(String(given), () => compile(given));
  return compile(given);
}

function once(key: string, compile: () => Promise<WebAssembly.Module>): Promise<WebAssembly.Module> {
  let compiled = compiledModules.get(key);
  if (compiled === undefined) {
    compiled = compile();
    compiledModules.set(key, compiled);
    // A later attempt may succeed: the connection may be back.
    compiled.catch(() => compiledModules.delete(key));
  }
  return compiled;
}

// Without the caller's AbortSignal: another recommender may be waiting for the same module.
async function compile(source: unknown): Promise<WebAssembly.Module> {
  const open = () => openFile(source, 'The option wasm');
  let file = await open();
  if ('response' in file && !isResponse(source)) {
    const streamed = await compileStreamed(file.response);
    if (streamed !== undefined) return streamed;
    // What went wrong is found out from the bytes, the same in every browser.
    if (file.response.bodyUsed) file = await open();
  }
  const { bytes, origin } = await readFile(file);
  return compileBytes(bytes, origin);
}

/** Undefined where the browser refuses: it demands this very type. */
async function compileStreamed(response: Response): Promise<WebAssembly.Module | undefined> {
  if (typeof WebAssembly.compileStreaming !== 'function') return undefined;
  if (response.headers.get('content-type')?.toLowerCase() !== 'application/wasm') return undefined;
  try {
    return await WebAssembly.compileStreaming(response);
  } catch {
    return undefined;
  }
}

async function compileBytes(bytes: Uint8Array, origin: string): Promise<WebAssembly.Module> {
  const isWasm = bytes[0] === 0x00 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
  if (!isWasm) {
    throw new SottoError(
      'wrong_module',
      `What came from ${origin} is ${nameOfFile(bytes) ?? 'something else'}, not a WebAssembly module.`,
    );
  }
  try {
    return await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    if (!mayCompile()) throw forbidden(error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new SottoError('wrong_module', `The WebAssembly module from ${origin} is damaged: ${reason}.`, error);
  }
}

/** A fresh instance with a memory of its own, initialised and of the right ABI. */
export async function instantiate(module: WebAssembly.Module): Promise<SottoExports> {
  let exports: SottoExports;
  try {
    const instance = await WebAssembly.instantiate(module, {
      // Called whenever the memory grows and views on it go stale; nothing here keeps a view.
      env: { emscripten_notify_memory_growth: () => undefined },
    });
    exports = instance.exports as unknown as SottoExports;
  } catch (error) {
    if (error instanceof WebAssembly.LinkError || error instanceof TypeError) throw wrongModule('other imports', error);
    if (!mayCompile()) throw forbidden(error);
    throw new SottoError('out_of_memory', 'There is not enough memory for another recommender: close one.', error);
  }
  if (typeof exports.sotto_abi_version !== 'function') throw wrongModule('no ABI version');
  exports._initialize();
  const version = exports.sotto_abi_version();
  if (version !== abiVersion) throw wrongModule(`ABI version ${version}`);
  return exports;
}

function wrongModule(found: string, cause?: unknown): SottoError {
  return new SottoError(
    'wrong_module',
    `The WebAssembly module has ${found}, not ABI version ${abiVersion}: deploy the module and the JavaScript of the same release.`,
    cause,
  );
}
