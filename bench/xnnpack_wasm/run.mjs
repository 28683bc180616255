// A head's products in WebAssembly, in Chromium: XNNPACK's fully connected operators and Sotto's own kernels, in
// float32 and in int8, one input or a batch of them. The native half is bench/head_products.cpp.
//
//   XNNPACK=FOLDER PTHREADPOOL=FOLDER bench/xnnpack_wasm/build.sh     # see its --help
//   (cd bench/browser && npm ci)                                      # playwright-core
//   node bench/xnnpack_wasm/run.mjs [--rounds N] [--modules FOLDER] [--cores N]
//
//   --rounds N        turns of each contender (default 100)
//   --modules FOLDER  where build.sh wrote to (default build/xnnpack_wasm)
//   --cores N         what XNNPACK is told of the machine instead of the truth: with simd128 it takes other f32 kernels
//                     for x86 with more than 4 cores
//
// SOTTO_CHROMIUM names a Chromium other than /usr/bin/chromium. One thread. In each round every contender has its turn;
// a figure is the median of the rounds in µs, with the median of the rounds' ratios to Sotto's own in brackets. Before
// that each contender's results are compared with sums in double or in integers.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launchChromium } from '../browser/harness/chromium.mjs';
import { markdownTable } from '../browser/report/markdown.mjs';
import { median } from '../browser/statistics.mjs';
import { measureCase, openModule } from './page.mjs';

const modules = ['relaxed-simd', 'simd128'];
const shapes = [
  { items: 10_000, dim: 128 },
  { items: 3_000, dim: 64 },
];
const batches = [1, 16, 256];
const turn = 2; // ms, of one contender: short, so that few turns are interrupted on a busy machine

function options() {
  const { values } = parseArgs({
    options: { rounds: { type: 'string' }, modules: { type: 'string' }, cores: { type: 'string' } },
  });
  const number = (name, otherwise) => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (value !== undefined && !(Number.isInteger(value) && value > 0)) throw new Error(`--${name} takes a number`);
    return value;
  };
  const folder = values.modules ?? fileURLToPath(new URL('../../build/xnnpack_wasm', import.meta.url));
  return { folder, rounds: number('rounds', 100), cores: number('cores') };
}

const microseconds = (value) => value.toLocaleString('en', { maximumSignificantDigits: value < 1000 ? 3 : 4 });

function tableLine({ items, dim, batch }, contenders) {
  const own = contenders[0].microseconds;
  const cells = contenders.map(({ microseconds: times }, k) => {
    const time = microseconds(median(times));
    return k === 0 ? time : `${time} (${median(times.map((t, round) => t / own[round])).toFixed(2)})`;
  });
  return [`${items.toLocaleString('en')} × ${dim}`, String(batch), ...cells];
}

// An empty page, isolated from other origins, where the clock ticks every 5 µs.
async function isolatedPage(browser) {
  const page = await browser.newPage();
  const headers = {
    'content-type': 'text/html',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  };
  const address = 'https://localhost/';
  await page.route(address, (route) => route.fulfill({ headers, body: '<!doctype html>' }));
  await page.goto(address);
  if (!(await page.evaluate(() => crossOriginIsolated))) throw new Error('the page is not cross-origin isolated');
  return page;
}

async function measureModule(browser, name, { folder, rounds, cores }) {
  const file = join(folder, `${name}.wasm`);
  if (!existsSync(file)) throw new Error(`there is no ${file}; run build.sh, or name its folder with --modules`);
  const base64 = readFileSync(file).toString('base64');
  const page = await isolatedPage(browser);
  const title = await page.evaluate(openModule, { base64, cores });
  // Thrown away: until then the browser may run what its fast compiler made of the module.
  for (const isFloat of [false, true]) {
    await page.evaluate(measureCase, { isFloat, ...shapes[0], batch: 16, rounds: 20, turn });
    await page.evaluate(measureCase, { isFloat, ...shapes[0], batch: 1, rounds: 50, turn });
  }
  for (const isFloat of [false, true]) {
    let head;
    const lines = [];
    for (const shape of shapes) {
      for (const batch of batches) {
        const contenders = await page.evaluate(measureCase, { isFloat, ...shape, batch, rounds, turn });
        head = [isFloat ? 'float32' : 'int8', 'batch', ...contenders.map((contender) => contender.name)];
        lines.push(tableLine({ ...shape, batch }, contenders));
      }
    }
    console.log(`${markdownTable({ title, head, lines })}\n`);
  }
  await page.close();
}

try {
  const given = options();
  const browser = await launchChromium();
  console.log(`Chromium ${browser.version()}, ${given.rounds} rounds\n`);
  try {
    for (const name of modules) await measureModule(browser, name, given);
  } finally {
    await browser.close();
  }
} catch (error) {
  console.error(`run.mjs: ${error.message}`);
  process.exitCode = 1;
}
