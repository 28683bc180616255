// The demo without a network: after the first visit, after an update, and with a network that has something else to say.
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';
import { writeWorker } from '../../web-demo/build/offline.mjs';
import { inEachBrowser } from './browsers.mjs';
import { forYou, product, trail } from './demo_page.mjs';

const dist = fileURLToPath(new URL('../../web-demo/dist/', import.meta.url));

/** A page that waits for what never comes. */
const limit = { timeout: 180_000 };

inEachBrowser(({ launch }) => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** A copy of the built page that a test may change, on an address that it may close and open again. */
  async function copyOfPage() {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-demo-'));
    await cp(dist, join(folder, 'dist'), { recursive: true });
    let server;
    let port = 0;
    return {
      folder: join(folder, 'dist'),
      async open() {
        server = await preview({
          root: folder,
          configFile: false,
          logLevel: 'warn',
          preview: { host: '127.0.0.1', port, strictPort: port !== 0 },
        });
        port = server.httpServer.address().port;
        return `http://127.0.0.1:${port}/`;
      },
      async close() {
        server.httpServer.closeAllConnections();
        await server.close();
      },
      remove: () => rm(folder, { recursive: true }),
    };
  }

  async function ready(page) {
    await page.waitForSelector('html[data-ready]');
  }

  const keptVersion = (page) =>
    page.evaluate(async () =>
      (await caches.keys()).filter((name) => name.startsWith('sotto-demo ')).map((name) => name.split(' ').at(-1)),
    );

  /** Asks the page again and again; the test's own time limit ends it. */
  async function until(page, condition, argument) {
    while (!(await page.evaluate(condition, argument))) await page.waitForTimeout(50);
  }

  async function inContext(use) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    try {
      await use(context);
    } finally {
      await context.close();
    }
  }

  test('after the first visit the page opens offline, both catalogues and the documents too', limit, async () => {
    const copy = await copyOfPage();
    const address = await copy.open();
    await inContext(async (context) => {
      const page = await context.newPage();
      await page.goto(address);
      await ready(page);
      await product(page, 0).click();
      await page.getByTestId('offline').getByText('works').waitFor();
      const before = [await trail(page), await forYou(page)];
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
      await copy.close();

      await page.reload();
      await ready(page);
      assert.deepEqual([await trail(page), await forYou(page)], before);
      await product(page, 3).click();
      assert.equal((await trail(page)).length, 2);
      await page.getByRole('button', { name: 'Show how' }).click();
      await page.getByRole('button', { name: 'Collect week 1' }).waitFor();

      await page.goto(`${address}?catalogue=films`);
      await ready(page);
      await page.getByRole('heading', { name: 'The films' }).waitFor();
      await product(page, 0).click();
      assert.equal((await forYou(page)).length, 8);

      await page.getByRole('link', { name: 'This page’s code' }).click();
      await page.getByRole('heading', { name: 'This page’s code' }).waitFor();
    });
    await copy.remove();
  });

  test('an update takes over: the newest page online, and then offline; open pages go on', limit, async () => {
    const copy = await copyOfPage();
    const address = await copy.open();
    await inContext(async (context) => {
      const old = await context.newPage();
      await old.goto(address);
      await ready(old);
      await old.getByTestId('offline').getByText('works').waitFor();
      // In its second visit the page is served by the worker.
      await old.reload();
      await ready(old);
      const [version] = await keptVersion(old);

      // A new version: another page, and what pages of the old version load later has another name.
      const index = join(copy.folder, 'index.html');
      const text = await readFile(index, 'utf8');
      await writeFile(index, text.replace('<body>', '<body data-version="new">'));
      await rm(join(copy.folder, (await panelOf(old)).pathname));
      await writeWorker(copy.folder);

      const newer = await context.newPage();
      await newer.goto(address);
      await ready(newer);
      assert.equal(await newer.locator('body').getAttribute('data-version'), 'new', 'the network’s page comes first');
      await until(
        newer,
        async (old) => {
          const { installing, waiting, active } = await navigator.serviceWorker.getRegistration();
          const isNew = (await caches.keys()).some((name) => name.startsWith('sotto-demo ') && !name.endsWith(old));
          return isNew && installing === null && waiting === null && active?.state === 'activated';
        },
        version,
      );

      // The old page is still open, and loads a part of it that is gone from the network.
      await old.getByRole('button', { name: 'Show how' }).click();
      await old.getByRole('button', { name: 'Collect week 1' }).waitFor();
      await product(old, 0).click();
      assert.equal((await trail(old)).length, 1, 'nothing has been reloaded under the visitor');

      await copy.close();
      await newer.reload();
      await ready(newer);
      assert.equal(await newer.locator('body').getAttribute('data-version'), 'new');
      assert.equal((await trail(newer)).length, 1, 'what the device knows has stayed');
    });
    await copy.remove();
  });

  /** The part of the page that is downloaded when a visitor opens the panel. */
  async function panelOf(page) {
    const name = await page.evaluate(async () => {
      const kept = await caches.open((await caches.keys()).find((key) => key.startsWith('sotto-demo ')));
      return (await kept.keys()).map(({ url }) => url).find((url) => /assets\/page_panel-[^/]*\.js$/.test(url));
    });
    return new URL(name);
  }

  test('a page of something else at the same address is shown while there is a network', limit, async () => {
    const copy = await copyOfPage();
    const address = await copy.open();
    await inContext(async (context) => {
      const page = await context.newPage();
      await page.goto(address);
      await ready(page);
      await page.getByTestId('offline').getByText('works').waitFor();
      await writeFile(
        join(copy.folder, 'index.html'),
        '<!doctype html><title>Something else</title><h1>Something else</h1>',
      );
      await page.reload();
      await page.getByRole('heading', { name: 'Something else' }).waitFor();
    });
    await copy.close();
    await copy.remove();
  });
});
