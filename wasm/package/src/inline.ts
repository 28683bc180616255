// The entry sotto/inline: everything in one file, with the WebAssembly module inside.
import { decodeModule } from './decode_module.js';
import moduleBytes from './module_bytes.js';
import { carryModule } from './module_loader.js';

carryModule({ isFallback: false, bytes: async () => decodeModule(moduleBytes) });

export * from './index.js';
