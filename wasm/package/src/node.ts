// The entry for Node. The module is read from the file beside this one. A bundler for servers moves that away, and then
// the module that is bundled with this code is used.
import { decodeModule } from './decode_module.js';
import { carryModule } from './module_loader.js';

carryModule({ isFallback: true, bytes: async () => decodeModule((await import('./module_bytes.js')).default) });

export * from './index.js';
