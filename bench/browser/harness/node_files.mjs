// Where a Node process finds the contenders' files.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { headTrainingFile, here, modelFolder, moduleFolder, packageFolder } from '../places.mjs';

export const nodeFiles = {
  model: (name) => join(modelFolder, name),
  bytes: async (name) => new Uint8Array(await readFile(join(modelFolder, name))),
  asset: (path) => here(`node_modules/${path}`),
  // Not every runtime's loader reads files in Node.
  assetBytes: (path) => readFile(here(`node_modules/${path}`)),
  sottoWasm: (file) => pathToFileURL(join(packageFolder, file)),
  headTrainingWasm: pathToFileURL(join(moduleFolder, headTrainingFile)),
};
