// The start of two builds of the package, A against B, turn by turn in one Chromium: from the page's first script to its
// first ten recommendations, for a new visitor with nothing cached and for the same visitor's next visits. What comes before
// is the browser's: it makes a process for a new visitor, which takes 40 to 60 ms and differs from turn to turn.
//
//   node start.mjs DIST_A DIST_B [--turns 15] [--visits 2] [--latency 40] [--kilobits 10000] [--await]
//
// Each DIST is the folder dist of a built package. Every page is built by Vite, and its code is sent with brotli. With
// --await it waits at its top level for the recommender, and without in a function, as in a page of React or Vue. The second
// table is of a connection with the latency in ms and the rate in kbit/s. Prints the lower quartiles and the medians. What
// else the machine does only adds to a start, so that the quartiles tell 2 ms where the medians tell 5 to 10 (40 turns).
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import { launchChromium } from './harness/chromium.mjs';
import { here } from './places.mjs';
import { median, quantile } from './statistics.mjs';

const { values, positionals: dists } = parseArgs({
  allowPositionals: true,
  options: {
    turns: { type: 'string', default: '15' },
    visits: { type: 'string', default: '2' },
    latency: { type: 'string', default: '40' },
    kilobits: { type: 'string', default: '10000' },
    await: { type: 'boolean', default: false },
    model: { type: 'string', default: here('../../models/online-retail/model.safetensors') },
  },
});
if (dists.length !== 2) {
  console.error('Name two folders of built packages: node start.mjs DIST_A DIST_B');
  process.exit(2);
}

const visit = `const recommender = await Recommender.open('/model');
const [{ id }] = recommender.recommend(10);
const start = performance.now() - begin;
recommender.observe(id);
await recommender.saved();
await fetch('/started', { method: 'POST', body: start });`;
// Vite splits the code of a page that awaits at its top level: a part that is loaded later cannot wait for the page's file.
const script = `import { Recommender } from './index.js';
${values.await ? visit : `void (async () => {\n${visit}\n})();`}`;

// Every page has garbage of its own, so that the browser collects it at another moment of the start in every turn. Without,
// a collection of 3 ms fell into all starts of one build and beside those of the other.
const garbage = 'Array.from({ length: 60_000 * Math.random() }, () => ({}))';
const html = `<!doctype html><script>${garbage}; const begin = performance.now()</script>
<link rel="icon" href="data:,"><script type="module" src="/page.js"></script>`;

const types = { '.html': 'text/html', '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** The files of a page by their paths, as Vite builds them: their types and their bytes. */
async function filesOf(dist) {
  const root = mkdtempSync(join(tmpdir(), 'sotto-start-'));
  try {
    writeFileSync(join(root, 'index.html'), html);
    writeFileSync(join(root, 'page.js'), script.replace('./index.js', join(realpathSync(dist), 'index.js')));
    await build({ root, base: './', logLevel: 'error', build: { target: 'es2022', assetsInlineLimit: 0 } });
    const built = join(root, 'dist');
    const paths = readdirSync(built, { recursive: true }).filter((path) => extname(path) !== '');
    return new Map(
      paths.map((path) => {
        const bytes = brotliCompressSync(readFileSync(join(built, path)));
        return [path === 'index.html' ? '' : path, { type: types[extname(path)], bytes }];
      }),
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const builds = await Promise.all(dists.map(filesOf));
const model = readFileSync(values.model);

/** Takes the milliseconds that a page sends once its visit is stored. A browser that is asked for them has work to do. */
let onStarted;

/** /0/ and /1/ are the pages of the two builds. */
const server = createServer((request, response) => {
  const [, which, ...names] = request.url.split('/');
  if (which === 'started') {
    request.setEncoding('utf8').once('data', (start) => onStarted(Number(start)));
    return response.writeHead(204).end();
  }
  const name = names.join('/');
  const caching = { 'cache-control': 'max-age=3600' };
  if (which === 'model') return response.writeHead(200, { ...caching, 'content-length': model.length }).end(model);
  const file = builds[Number(which)]?.get(name);
  if (file === undefined) return response.writeHead(404).end();
  return response
    .writeHead(200, { ...(name !== '' && caching), 'content-type': file.type, 'content-encoding': 'br' })
    .end(file.bytes);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = `http://127.0.0.1:${server.address().port}`;
const browser = await launchChromium();

/** Milliseconds until the browser has done what the visit before has left to it. */
const rest = 500;

const visits = Number(values.visits);

/** Milliseconds of a new visitor's start, and of the next ones. */
async function starts(which, conditions) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    if (conditions) {
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.emulateNetworkConditions', conditions);
    }
    const visit = async () => {
      await setTimeout(rest);
      const started = new Promise((resolve) => (onStarted = resolve));
      await page.goto(`${address}/${which}/`);
      return started;
    };
    const times = [];
    while (times.length < visits) times.push(await visit());
    return times;
  } finally {
    await context.close();
  }
}

try {
  const rate = (Number(values.kilobits) * 1000) / 8;
  const slow = { offline: false, latency: Number(values.latency), downloadThroughput: rate, uploadThroughput: rate };
  for (const [network, conditions] of [
    ['no latency', undefined],
    [`${values.latency} ms, ${values.kilobits} kbit/s`, slow],
  ]) {
    const times = [0, 1].map(() => Array.from({ length: visits }, () => []));
    await starts(0, conditions); // the browser itself gets warm
    for (let turn = 0; turn < Number(values.turns); ++turn) {
      for (const which of turn % 2 === 0 ? [0, 1] : [1, 0]) {
        for (const [visit, time] of (await starts(which, conditions)).entries()) times[which][visit].push(time);
      }
    }
    for (let visit = 0; visit < visits; ++visit) {
      const both = times.map((one) => one[visit]);
      const shown = [(one) => quantile(one, 0.25), median].map((statistic) => {
        const [a, b] = both.map(statistic);
        return `A ${a.toFixed(1)}, B ${b.toFixed(1)}, B - A ${(b - a).toFixed(1)}`;
      });
      console.log(
        `${network}, visit ${visit + 1}, ms: lower quartile ${shown[0]}; median ${shown[1]} (${values.turns} turns)`,
      );
    }
  }
} finally {
  await browser.close();
  server.closeAllConnections();
  server.close();
}
