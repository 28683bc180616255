// Random histories in real browsers: tabs are closed and their processes killed, and the browser erases the site's data. A
// few by default; SOTTO_HISTORIES asks for so many of each store in each browser, SOTTO_FIRST_HISTORY for others.
import { after, before, test } from 'node:test';
import { playHistory } from '../../wasm/package/tests/random_histories.mjs';
import { inEachBrowser } from './browsers.mjs';
import { clearSite, servePackage } from './package_page.mjs';

const first = Number(process.env.SOTTO_FIRST_HISTORY ?? 1);
const count = Number(process.env.SOTTO_HISTORIES ?? 2);

inEachBrowser(({ launch, tabKiller }) => {
  let server;
  let browser;
  before(async () => {
    [server, browser] = await Promise.all([servePackage({ '/frame.html': frame }), launch()]);
  });
  after(() => Promise.all([browser?.close(), server?.close()]));

  for (const store of ['indexedDbStore', 'encryptedStore']) {
    test(`${store}: ${count} random histories lose nothing, and nothing comes back`, {
      timeout: 14_400_000,
    }, async () => {
      const context = await browser.newContext();
      const newPage = async () => {
        const page = await context.newPage();
        await page.goto(server.address);
        return page;
      };
      const driver = driverOf(newPage, await newPage(), store);
      for (let seed = first; seed < first + count; ++seed) {
        await driver.clear();
        await playHistory(seed, driver);
      }
      await context.close();
    });
  }

  /** Of pages that stay, as tabs do: the documents in them come and go as frames. `ground` is not one of the tabs. */
  function driverOf(newPage, ground, store) {
    const tabs = new Map();
    const inTab = (tab, work, argument) => tabs.get(tab).page.evaluate(work, argument);
    const newTab = async () => {
      const page = await newPage();
      return { page, killProcess: await tabKiller(page) };
    };
    const kill = async (tab) => {
      await tabs.get(tab).killProcess();
      tabs.delete(tab);
    };
    return {
      open: async (tab, model) => {
        if (!tabs.has(tab)) tabs.set(tab, await newTab());
        return inTab(tab, open, [model, store]);
      },
      seen: (tab) => inTab(tab, () => seen()),
      warnings: (tab) => inTab(tab, () => warnings),
      observe: (tab, place) =>
        inTab(
          tab,
          (place) => {
            recommender.observe(recommender.catalogue[place].id);
            return recommender.saved();
          },
          place,
        ),
      observeAndKill: async (tab, place) => {
        const observe = ([place, isLeft]) => {
          recommender.observe(recommender.catalogue[place].id);
          if (isLeft) frame.remove();
        };
        // Two ways to go without a word: the user leaves the page, or the system ends its process.
        const isLeft = place % 2 === 0;
        await inTab(tab, observe, [place, isLeft]);
        if (!isLeft) await kill(tab);
      },
      kill,
      forget: (tab) => inTab(tab, () => recommender.forget()),
      close: (tab) =>
        inTab(tab, async () => {
          await recommender.close();
          frame.remove();
        }),
      clear: () => ground.evaluate(clearSite),
    };
  }
});

/** What a frame is: the package, in a document of its own. */
const frame = `<!doctype html><script type="module">
  import * as sotto from '/package/sotto.min.js';
  globalThis.sotto = sotto;
</script>`;

/** In a tab: opens a recommender in a new frame, and gives the places of the events' items in its catalogue. */
async function open([model, store]) {
  globalThis.loaded ??= { module: await WebAssembly.compileStreaming(fetch('/package/sotto-simd128.wasm')) };
  loaded[model] ??= new Uint8Array(await (await fetch(`/${model}.safetensors`)).arrayBuffer());
  globalThis.frame = document.createElement('iframe');
  frame.src = '/frame.html';
  const isThere = new Promise((resolve) => (frame.onload = resolve));
  document.body.append(frame);
  await isThere;
  const { sotto } = frame.contentWindow;
  globalThis.warnings = [];
  globalThis.recommender = await sotto.Recommender.open(loaded[model], {
    wasm: loaded.module,
    store: sotto[store](),
    onWarning: ({ message }) => warnings.push(message),
  });
  globalThis.places = new Map(recommender.catalogue.map(({ id }, place) => [id, place]));
  globalThis.seen = () => recommender.history.map(({ id }) => places.get(id));
  return seen();
}
