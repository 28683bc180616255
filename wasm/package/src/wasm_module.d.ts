// What importing one of the modules gives depends on the bundler: an address, bytes or a compiled module. All of them are
// what the option `wasm` takes.
import type { WasmSource } from './module_loader.js';

declare const wasm: WasmSource;
export default wasm;
