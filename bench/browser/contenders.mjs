// Who is measured. A contender's module is contenders/MODULE.mjs, called with its settings. One that stands apart has
// another model, so that it is neither checked nor a peer in the goals.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { here, packageFolder } from './places.mjs';

/**
 * The modules in the package's dist/, fastest first: the first that runs stands for Sotto in the goals. `nodeFlags` are
 * what Node needs to take such a module.
 */
const tiers = [
  { name: 'relaxed-simd', file: 'sotto-relaxed-simd.wasm', nodeFlags: ['--experimental-wasm-relaxed-simd'] },
  { name: 'simd128', file: 'sotto-simd128.wasm', nodeFlags: [] },
  { name: 'scalar', file: 'sotto-scalar.wasm', nodeFlags: [] },
];

const common = { settings: {}, nodeFlags: [], isSotto: false, isFloat: false, isApart: false };

const sotto = tiers.map(({ name, file, nodeFlags }) => ({
  ...common,
  name: `sotto-${name}`,
  title: `Sotto ${name}, C ABI`,
  module: 'sotto_abi',
  settings: { wasm: file },
  nodeFlags,
  needs: join(packageFolder, file),
  isSotto: true,
}));

const packageCalls = {
  ...common,
  name: 'sotto-package',
  title: 'Sotto, package',
  module: 'sotto_package',
  needs: join(packageFolder, 'index.js'),
  isSotto: true,
};

const peer = (name, title, module, npmPackage, more) => ({
  ...common,
  name,
  title,
  module,
  needs: npmPackage && here(`node_modules/${npmPackage}/package.json`),
  ...more,
});
const f32 = { settings: { precision: 'f32' }, isFloat: true };
const int8 = { settings: { precision: 'int8' } };

export const contenders = [
  ...sotto,
  packageCalls,
  peer('ort-f32', 'onnxruntime-web f32', 'onnxruntime', 'onnxruntime-web', f32),
  peer('ort-int8', 'onnxruntime-web int8', 'onnxruntime', 'onnxruntime-web', int8),
  peer('litert-f32', 'LiteRT.js f32', 'litert', '@litertjs/core', f32),
  peer('litert-int8', 'LiteRT.js int8', 'litert', '@litertjs/core', int8),
  peer('tfjs', 'TensorFlow.js wasm', 'tensorflowjs', '@tensorflow/tfjs-backend-wasm', { isFloat: true }),
  peer('plain-js', 'plain JavaScript', 'plain_js', undefined, { isFloat: true }),
  peer('vw', 'Vowpal Wabbit', 'vowpal_wabbit', '@vowpalwabbit/vowpalwabbit', { isApart: true }),
];

/** Why a contender cannot even be tried, or undefined. */
export function missingPart({ needs, isSotto }) {
  if (needs === undefined || existsSync(needs)) return undefined;
  return isSotto ? `${basename(needs)} is not built` : 'its npm package is not installed';
}
