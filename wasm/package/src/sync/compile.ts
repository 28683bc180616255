import { type WasmSource, compileFrom, compileShipped } from '../module_loader.js';

/** The package's module, or another copy of it. */
export function compileSync(source?: WasmSource): Promise<WebAssembly.Module> {
  if (source !== undefined) return compileFrom(source);
  return compileShipped(() => new URL('../sotto-sync.wasm', import.meta.url), 'sotto-sync.wasm');
}
