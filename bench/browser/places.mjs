// Where things are, from wherever the command is called. Paths are relative to this folder.
import { fileURLToPath } from 'node:url';

/** A path below this folder. */
export const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** What `npm run models` makes. */
export const modelFolder = here('../../build/bench-browser/models');
/** What the run itself makes: one bundle for each contender. */
export const bundleFolder = here('../../build/bench-browser/bundles');
/** The built npm package `sotto`. */
export const packageFolder = here('../../wasm/package/dist');
/** The built modules, among them one that trains a whole head, which is no part of the package. */
export const moduleFolder = here('../../build/wasm/bin');
export const headTrainingFile = 'sotto-head.wasm';
