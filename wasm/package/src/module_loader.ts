// From a WebAssembly module to callable functions. One import, no generated glue.
import { type SottoExports, abiVersion } from './abi.js';
import { type ByteSource, openFile, readResponse } from './byte_source.js';
import { SottoError } from './errors.js';
import { type WasmTier, bestWasmTier } from './features.js';

/** Where the WebAssembly module comes from: its address, its bytes, or an already compiled module. */
export type WasmSource = ByteSource | WebAssembly.Module;

const compiledModules = new Map<string, Promise<WebAssembly.Module>>();

// Bundlers follow each of these and copy all three files; a page downloads one.
function shippedModule(tier: WasmTier): URL {
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
export function compileModule(source?: WasmSource): Promise<WebAssembly.Module> {
  return compileFrom(source ?? shippedModule(bestWasmTier()));
}

/** Any module, likewise. */
export function compileFrom(wasm: WasmSource): Promise<WebAssembly.Module> {
  if (wasm instanceof WebAssembly.Module) return Promise.resolve(wasm);
  if (typeof wasm !== 'string' && !(wasm instanceof URL)) return compile(wasm);

  const address = String(wasm);
  let compiled = compiledModules.get(address);
  if (compiled === undefined) {
    compiled = compile(wasm);
    compiledModules.set(address, compiled);
    // A later attempt may succeed: the connection may be back.
    compiled.catch(() => compiledModules.delete(address));
  }
  return compiled;
}

// Without the caller's AbortSignal: another recommender may be waiting for the same module.
async function compile(source: ByteSource): Promise<WebAssembly.Module> {
  const file = await openFile(source);
  try {
    if ('bytes' in file) return await compileBytes(file.bytes, 'the bytes given');
    const { response } = file;
    const type = response.headers.get('content-type')?.split(';')[0]?.trim() ?? 'no type';
    if (type === 'application/wasm' && typeof WebAssembly.compileStreaming === 'function') {
      return await WebAssembly.compileStreaming(response);
    }
    return await compileBytes(await readResponse(response), `${response.url} (${type})`);
  } catch (error) {
    throw compileError(error);
  }
}

function compileBytes(bytes: Uint8Array, origin: string): Promise<WebAssembly.Module> {
  const isWasm = bytes[0] === 0x00 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
  if (!isWasm) {
    throw new SottoError(
      'wrong_module',
      `What came from ${origin} is not a WebAssembly module: pass the address of one of the package's modules in the option "wasm" ` +
        `(with Vite's development server, add 'sotto' to optimizeDeps.exclude instead).`,
    );
  }
  return WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
}

function compileError(error: unknown): SottoError {
  if (error instanceof SottoError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (/content security policy|wasm-unsafe-eval|unsafe-eval/i.test(reason)) {
    return new SottoError(
      'no_webassembly',
      `This page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src.`,
      error,
    );
  }
  if (error instanceof WebAssembly.CompileError) {
    return new SottoError('wrong_module', `The WebAssembly module is damaged (${reason}): load it again.`, error);
  }
  return new SottoError('network', `Loading the WebAssembly module broke off (${reason}): try again.`, error);
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
