// One bundle for each contender as a page would ship it, and one more with the instruments.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleFolder, here, packageFolder } from '../places.mjs';

const firstTop10 = ({ module, settings }) => `
  import { open } from './contenders/${module}.mjs';
  import { pageFiles } from './harness/page_files.mjs';
  const contender = await open(pageFiles, ${JSON.stringify(settings)});
  const step = await contender.rows.eventTop10();
  const top10 = await step(0);
  console.info(performance.now(), String(top10));`;

const stage = ({ module, settings }) => `
  import './harness/memory_probe.mjs';
  import { open } from './contenders/${module}.mjs';
  import { createStage } from './harness/stage.mjs';
  import { pageFiles } from './harness/page_files.mjs';
  globalThis.openStage = () => createStage(open, pageFiles, ${JSON.stringify(settings)});
  document.title = 'ready';`;

const blank = 'console.info(performance.now());';

// What no page that runs Sotto can go below: its files fetched, the module compiled, nothing done with them.
const filesAlone = `
  import { bestWasmTier } from '../../wasm/package/dist/features.js';
  import { sottoModelFile } from './model_files.mjs';
  import { pageFiles } from './harness/page_files.mjs';
  await Promise.all([
    pageFiles.bytes(sottoModelFile),
    WebAssembly.compileStreaming(fetch('/sotto/sotto-' + bestWasmTier() + '.wasm')),
  ]);
  console.info(performance.now());`;

const forPages = {
  platform: 'browser',
  // Branches for Node, which a page never takes.
  external: ['node:*', 'fs', 'path', 'crypto', 'worker_threads', 'perf_hooks', 'os', 'util', 'string_decoder'],
};
const forNode = {
  platform: 'node',
  mainFields: ['module', 'main'],
  // Emscripten's glue expects a CommonJS module there.
  banner: {
    js: `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url), __dirname = '.';`,
  },
};

function bundle(name, contents, target) {
  return build({
    stdin: { contents, resolveDir: here('.'), sourcefile: `${name}.mjs` },
    outfile: join(bundleFolder, name),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'silent',
    ...target,
  });
}

export function emptyBundleFolder() {
  rmSync(bundleFolder, { recursive: true, force: true });
  mkdirSync(bundleFolder, { recursive: true });
  // Where bundlers put what the package names by `new URL(…, import.meta.url)`.
  for (const file of readdirSync(packageFolder).filter((name) => name.endsWith('.wasm'))) {
    copyFileSync(join(packageFolder, file), join(bundleFolder, file));
  }
  return Promise.all([bundle('first.blank.js', blank, forPages), bundle('first.files.js', filesAlone, forPages)]);
}

export async function bundleContender(contender) {
  const { name, module, isApart } = contender;
  await bundle(`stage.${name}.js`, stage(contender), forPages);
  if (!isApart) await bundle(`first.${name}.js`, firstTop10(contender), forPages);
  await bundle(`node.${name}.mjs`, `export { open } from './contenders/${module}.mjs';`, forNode);
}
