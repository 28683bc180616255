// The process of one contender: opens it and answers the parent's calls, one at a time.
import './memory_probe.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFolder } from '../places.mjs';
import { nodeFiles } from './node_files.mjs';
import { createStage } from './stage.mjs';

const [name, settings] = process.argv.slice(2);
const firstLine = (error) => String(error?.message ?? error).split('\n')[0];

let stage;
try {
  const { open } = await import(pathToFileURL(join(bundleFolder, `node.${name}.mjs`)));
  stage = await createStage(open, nodeFiles, JSON.parse(settings));
  process.send({});
} catch (error) {
  process.send({ error: firstLine(error) }, () => process.exit(1));
}

process.on('message', async ({ method, args }) => {
  try {
    process.send({ result: await stage[method](...args) });
  } catch (error) {
    process.send({ error: firstLine(error) });
  }
});
