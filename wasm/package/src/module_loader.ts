// From a WebAssembly module to callable functions. One import, no generated glue.
import { type SottoExports, abiVersion } from './abi.js';
import { type ByteSource, type WholeFile, isAddress, openFile, readFile } from './byte_source.js';
import { isModule, isResponse } from './bytes.js';
import { type WasmTier, bestWasmTier, mayCompile } from './features.js';
import { rareCases } from './on_demand.js';

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
    const { notBeside } = await rareCases().catch(() => {
      throw error; // The connection is gone.
    });
    throw notBeside(name, alternative, error);
  }
}

function compileCarried({ bytes }: CarriedModule): Promise<WebAssembly.Module> {
  return once('carried', async () => compileBytes({ bytes: await bytes(), origin: 'the bytes of sotto/inline' }));
}

/** Any module, likewise. A module with an address is asked for before this returns. */
export async function compileFrom(source: WasmSource): Promise<WebAssembly.Module> {
  const given: unknown = isAddress(source) ? source : await source;
  if (isAddress(given)) return once(String(given), () => compile(given));
  return isModule(given) ? given : compile(given);
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
    if (file.response.bodyUsed) file = await open();
  }
  return compileBytes(await readFile(file));
}

async function compileBytes(file: WholeFile): Promise<WebAssembly.Module> {
  return (await rareCases()).compileBytes(file, mayCompile);
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
    throw (await rareCases()).notInstantiated(error, abiVersion, mayCompile());
  }
  if (typeof exports.sotto_abi_version !== 'function')
    throw (await rareCases()).otherModule('no ABI version', abiVersion);
  exports._initialize();
  const version = exports.sotto_abi_version();
  if (version !== abiVersion) throw (await rareCases()).otherModule(`ABI version ${version}`, abiVersion);
  return exports;
}
