import { type WasmSource, compileFrom } from '../module_loader.js';

/** The package's module, or another copy of it. */
export function compileSync(source?: WasmSource): Promise<WebAssembly.Module> {
  return compileFrom(source ?? new URL('../sotto-sync.wasm', import.meta.url));
}
