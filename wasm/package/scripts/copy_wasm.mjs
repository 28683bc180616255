// Puts what npm ships beside the compiled TypeScript: the WebAssembly module that CMake built, and the licence.
import { copyFileSync, existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const fromPackage = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const module = process.env.SOTTO_WASM ?? fromPackage('../../build/wasm/bin/sotto.wasm');
if (!existsSync(module)) {
  console.error(
    `${module} is not there: run "cmake --workflow --preset wasm" in the repository first, ` +
      'or name an existing module in SOTTO_WASM.',
  );
  process.exit(1);
}
copyFileSync(module, fromPackage('dist/sotto.wasm'));
copyFileSync(fromPackage('../../LICENSE'), fromPackage('LICENSE'));
