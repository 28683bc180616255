// Random histories in real browsers: tabs are closed and their processes killed, and the browser erases the site's data. A
// few in Chromium by default; SOTTO_HISTORIES asks for so many in each browser.
import { after, before, describe, test } from 'node:test';
import { playHistory } from '../../wasm/package/tests/random_histories.mjs';
import { browsers } from './browsers.mjs';
import { servePackage } from './package_page.mjs';

const first = Number(process.env.SOTTO_FIRST_HISTORY ?? 1);
const count = Number(process.env.SOTTO_HISTORIES ?? 2);
const isAsked = process.env.SOTTO_HISTORIES !== undefined;

for (const { name, launch, isMissing } of browsers) {
  describe(name, { skip: isMissing || (name === 'Firefox' && !isAsked && 'set SOTTO_HISTORIES') }, () => {
    let server;
    let browser;
    before(async () => {
      [server, browser] = await Promise.all([servePackage(), launch()]);
    });
    after(() => Promise.all([browser?.close(), server?.close()]));

    test(`${count} random histories lose nothing, and nothing comes back`, { timeout: 7_200_000 }, async () => {
      for (let seed = first; seed < first + count; ++seed) {
        const context = await browser.newContext();
        await playHistory(seed, await driverOf(context, server.address));
        await context.close();
      }
    });
  });
}

async function driverOf(context, address) {
  const pages = new Map();
  const browserPage = await context.newPage();
  await browserPage.goto(address);
  const close = (tab) => pages.get(tab).close();
  const seen = (tab) =>
    pages.get(tab).evaluate(() => {
      const places = new Map(recommender.catalogue.map(({ id }, place) => [id, place]));
      return recommender.history.map(({ id }) => places.get(id));
    });
  return {
    open: async (tab, model) => {
      const page = await context.newPage();
      pages.set(tab, page);
      await page.goto(address);
      await page.evaluate(async (model) => {
        const { Recommender } = await import('/package/index.js');
        globalThis.recommender = await Recommender.open(`/${model}.safetensors`, { onWarning: () => {} });
      }, model);
      return seen(tab);
    },
    seen,
    observe: (tab, place) =>
      pages.get(tab).evaluate((place) => {
        recommender.observe(recommender.catalogue[place].id);
        return recommender.saved();
      }, place),
    // The page goes without a chance to do anything more.
    observeAndKill: async (tab, place) => {
      await pages.get(tab).evaluate((place) => recommender.observe(recommender.catalogue[place].id), place);
      await close(tab);
    },
    kill: close,
    forget: (tab) => pages.get(tab).evaluate(() => recommender.forget()),
    close: async (tab) => {
      await pages.get(tab).evaluate(() => recommender.close());
      await close(tab);
    },
    clear: () =>
      browserPage.evaluate(async () => {
        await fetch('/clear').then((response) => response.text());
        // The browser says that it is done before it is.
        const isThere = async () => (await indexedDB.databases()).some(({ name }) => name === 'sotto');
        for (let left = 500; left > 0 && (await isThere()); --left) {
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }),
  };
}
