// What must be there before anything is measured, with what to do where it is not.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { floatWeightsFile, sottoModelFile } from './model_files.mjs';
import { headTrainingFile, here, modelFolder, moduleFolder, packageFolder } from './places.mjs';

const required = [
  [here('node_modules'), 'The peers are not installed: run npm ci in bench/browser.'],
  [join(packageFolder, 'index.js'), 'The package sotto is not built: run ./sotto build.'],
  [
    join(moduleFolder, headTrainingFile),
    'The module that trains a head is not built: cmake --preset wasm -DSOTTO_BUILD_BENCH=ON, cmake --build --preset wasm.',
  ],
  [join(modelFolder, floatWeightsFile), 'There are no model files: run npm run models in bench/browser.'],
  [join(modelFolder, sottoModelFile), 'There is no Sotto model: npm run models did not end well.'],
];

export const missingPrerequisites = () => required.filter(([path]) => !existsSync(path)).map(([, advice]) => advice);
