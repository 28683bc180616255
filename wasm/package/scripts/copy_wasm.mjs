// Puts what npm ships beside the compiled TypeScript: the WebAssembly modules that CMake built, one of them in JavaScript
// as well, their types, and the licence.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wasmTiers } from '../dist/features.js';

const fromPackage = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const folder = process.env.SOTTO_WASM_FOLDER ?? fromPackage('../../build/wasm/bin');
for (const tier of [...wasmTiers, 'sync']) {
  const name = `sotto-${tier}.wasm`;
  if (!existsSync(join(folder, name))) {
    console.error(
      `${join(folder, name)} is not there: run "cmake --workflow --preset wasm" in the repository first, ` +
        'or name a folder that has the modules in SOTTO_WASM_FOLDER.',
    );
    process.exit(1);
  }
  copyFileSync(join(folder, name), fromPackage(`dist/${name}`));
}
const base64 = readFileSync(fromPackage('dist/sotto-simd128.wasm')).toString('base64');
writeFileSync(fromPackage('dist/module_bytes.js'), `export default '${base64}';\n`);
copyFileSync(fromPackage('src/wasm_module.d.ts'), fromPackage('dist/wasm_module.d.ts'));
copyFileSync(fromPackage('../../LICENSE'), fromPackage('LICENSE'));
