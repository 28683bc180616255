// sotto/react with React 18 and 19 in Chromium, and with 19 in Firefox: whatever React does to components, no model is opened twice, no
// recommender is left open, and no list is out of date.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { inEachBrowser } from './browsers.mjs';
import { hanging, servePackage } from './package_page.mjs';

const model = '/model.safetensors';

/** The page's script with the React that this folder depends on. */
async function bundleWith(folder) {
  const requireThere = createRequire(new URL(`${folder}/package.json`, import.meta.url));
  const alias = {
    react: requireThere.resolve('react'),
    'react-dom/client': requireThere.resolve('react-dom/client'),
    'react-dom/server': requireThere.resolve('react-dom/server.browser'),
  };
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('react/page.js', import.meta.url))],
    alias,
    bundle: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"development"' },
    write: false,
    logLevel: 'error',
  });
  return { version: requireThere('react/package.json').version, script: outputFiles[0].text };
}

const bundles = await Promise.all(['../react-18', '.'].map(bundleWith));
const script = (version) => `/package/with-react-${version}.js`; // beside the modules
let site;
before(async () => {
  const scripts = bundles.map((bundle) => [script(bundle.version), bundle.script]);
  site = await servePackage({ '/never': hanging, ...Object.fromEntries(scripts) });
});
after(() => site.close());

test('the React versions are 18 and 19', () => {
  assert.deepEqual(
    bundles.map(({ version }) => version.split('.')[0]),
    ['18', '19'],
  );
});

inEachBrowser(({ name, launch }) => {
  const tested = name === 'Chromium' ? bundles : bundles.slice(-1);
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  for (const { version } of tested) {
    /** The test gets an empty page of its own that has the script. */
    const testPage = (what, act) =>
      test(`React ${version}: ${what}`, async () => {
        const context = await browser.newContext();
        try {
          const page = await context.newPage();
          await page.goto(site.address);
          await page.evaluate(async (address) => {
            document.body.innerHTML = '<div id="root"></div>';
            await import(address);
          }, script(version));
          await act(page);
          assert.deepEqual(await page.evaluate(() => counted.complaints), []);
        } finally {
          await context.close();
        }
      });
    const render = (page, ...shelves) => page.evaluate((all) => render(...all), shelves);
    const isOpen = (page) => page.waitForFunction(() => shown().length > 0);
    const counts = (page) => page.evaluate(() => [counted.opened, counted.closed]);
    /** After what React and sotto/react do in later tasks. */
    const settled = (page) => page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 50)));

    testPage('StrictMode opens one model for two components, and closes it after both', async (page) => {
      await render(page, { key: 1, source: model }, { key: 2, kind: 'other', source: model });
      await isOpen(page);
      assert.equal(await page.evaluate(() => document.querySelector('.count').textContent), '3');
      assert.deepEqual(await counts(page), [1, 0]);
      await render(page, { key: 2, kind: 'other', source: model });
      await settled(page);
      assert.deepEqual(await counts(page), [1, 0]);
      await page.evaluate(() => unmount());
      await page.waitForFunction(() => counted.closed === 1);
      assert.deepEqual(await counts(page), [1, 1]);
    });

    testPage('lists follow what is observed, and stay the same objects until then', async (page) => {
      await render(page, { key: 1, source: model });
      await isOpen(page);
      const before = await page.evaluate(() => shown());
      const same = await page.evaluate(async () => {
        const list = counted.lists.at(-1);
        const renderings = counted.lists.length;
        renderAgain();
        while (counted.lists.length === renderings) await new Promise((resolve) => setTimeout(resolve));
        return counted.lists.at(-1) === list;
      });
      assert.ok(same);
      await page.evaluate(() => recommender.observe(shown()[0]));
      await page.waitForFunction((first) => !shown().includes(first), before[0]);
      assert.equal(await page.evaluate(() => shown().length), 5);
      await render(page, { key: 1, source: model, k: 7 });
      await page.waitForFunction(() => shown().length === 7);
      await page.evaluate(() => recommender.forget());
      await page.waitForFunction((first) => shown()[0] === first, before[0]);
    });

    testPage('a recommender that the page has closed has empty lists', async (page) => {
      await render(page, { key: 1, source: model }, { key: 2, kind: 'other', source: model });
      await isOpen(page);
      await render(page, { key: 2, kind: 'other', source: model });
      await page.evaluate(() => recommender.close());
      await page.waitForFunction(() => document.querySelector('.count').textContent === '0');
      await page.evaluate(() => unmount());
      await settled(page);
    });

    testPage("a worker's recommender: the list is the latest that has come", async (page) => {
      await render(page, { key: 1, kind: 'worker' });
      assert.deepEqual(await page.evaluate(() => shown()), []); // There is none yet.
      await page.evaluate((source) => openInWorker(source), model);
      await render(page, { key: 1, kind: 'worker' });
      await isOpen(page);
      const best = () => page.evaluate(async () => (await inWorker.recommend(5)).map(({ id }) => id));
      const before = await page.evaluate(() => shown());
      assert.deepEqual(before, await best());
      await page.evaluate(() => inWorker.observe(shown()[4]));
      await page.waitForFunction((text) => shown().length === 5 && shown().join() !== text, before.join());
      assert.deepEqual(await page.evaluate(() => shown()), await best());
      // It stays the same object, and is there until another has come.
      const lists = await page.evaluate(() => new Set(counted.lists.filter(({ length }) => length > 0)).size);
      assert.equal(lists, 2);
      await render(page, { key: 1, kind: 'worker', k: 7 });
      await page.waitForFunction(() => shown().length === 7);
      assert.ok(
        await page.evaluate(() =>
          counted.lists.every(({ length }, i, all) => length > 0 || all.slice(0, i).every((list) => list.length === 0)),
        ),
      );
      await page.evaluate(() => inWorker.close());
      await page.waitForFunction(() => shown().length === 0);
    });

    testPage(
      "what a worker's recommender refuses is thrown in the component, until it asks for something else",
      async (page) => {
        await page.evaluate((source) => openInWorker(source), model);
        await render(page, { key: 1, kind: 'worker', k: -1 });
        await page.waitForFunction(() => document.querySelector('.error') !== null);
        assert.equal(await page.evaluate(() => document.querySelector('.error').textContent), 'invalid_argument');
        await page.evaluate(() => (counted.complaints.length = 0)); // React tells of the error.
        await render(page, { key: 2, kind: 'worker' });
        await isOpen(page);
        await page.evaluate(() => inWorker.close());
      },
    );

    testPage('what was observed is there after the component has come again', async (page) => {
      await render(page, { key: 1, source: model });
      await isOpen(page);
      const first = await page.evaluate(() => {
        const [id] = shown();
        recommender.observe(id);
        unmount();
        return id;
      });
      await settled(page);
      await render(page, { key: 1, source: model });
      await isOpen(page);
      assert.deepEqual(await page.evaluate(() => recommender.history.map(({ id }) => id)), [first]);
      assert.deepEqual(await counts(page), [2, 1]);
    });

    testPage('another model or user closes the one, and opens the other', async (page) => {
      await render(page, { key: 1, source: model });
      await isOpen(page);
      await page.evaluate(() => recommender.observe(shown()[0]));
      for (const other of [{ source: `${model}?2` }, { source: `${model}?2`, user: 'guest' }]) {
        await page.evaluate(() => (globalThis.before = recommender));
        await render(page, { key: 1, ...other });
        await page.waitForFunction(() => recommender !== undefined && recommender !== before);
        await page.waitForFunction(() => before.getSnapshot().closed);
      }
      assert.equal(await page.evaluate(() => recommender.events), 0); // a guest has no history
      await settled(page);
      assert.deepEqual(await counts(page), [3, 2]);
    });

    testPage('a component that goes while its model opens stops the opening', async (page) => {
      await render(page, { key: 1, source: '/never' });
      await page.waitForFunction(() => counted.opened === 1);
      await page.evaluate(() => unmount());
      await page.waitForFunction(() => counted.failed.length === 1);
      assert.deepEqual(await page.evaluate(() => counted.failed), ['interrupted']);
    });

    testPage('a model that cannot be opened is an error to show, and is tried again later', async (page) => {
      await render(page, { key: 1, source: '/nothing-here' }); // a page of HTML
      await page.waitForFunction(() => document.querySelector('.error') !== null);
      assert.match(await page.evaluate(() => document.querySelector('.error').textContent), /^[a-z_]+$/);
      await render(page, { key: 1, source: model });
      await isOpen(page);
      await render(page, { key: 2, source: '/nothing-here' });
      await page.waitForFunction(() => document.querySelector('.error') !== null);
      assert.deepEqual(await counts(page), [3, 1]);
    });

    testPage('a component that is made anew in one rendering keeps the recommender', async (page) => {
      await render(page, { key: 1, source: model });
      await isOpen(page);
      await render(page, { key: 2, source: model });
      await settled(page);
      await isOpen(page);
      assert.deepEqual(await counts(page), [1, 0]);
    });

    testPage('hot replacement keeps the recommender', async (page) => {
      await render(page, { key: 1, source: model });
      await isOpen(page);
      const renderings = await page.evaluate(() => counted.lists.length);
      assert.ok(await page.evaluate(() => hotReplace('new')));
      await page.waitForFunction((before) => counted.lists.length > before, renderings);
      await settled(page);
      await isOpen(page);
      assert.deepEqual(await counts(page), [1, 0]);
    });

    testPage('a server renders it as opening, and the page takes that over', async (page) => {
      const html = await page.evaluate((source) => onServer({ key: 1, source }), model);
      assert.equal(html, '<ol class="opening"></ol>');
      assert.deepEqual(await counts(page), [0, 0]);
      await page.evaluate(
        ([text, source]) => {
          document.querySelector('#root').innerHTML = text;
          hydrate({ key: 1, source });
        },
        [html, model],
      );
      await isOpen(page);
      assert.deepEqual(await counts(page), [1, 0]);
    });

    testPage('callbacks are those of the latest rendering', async (page) => {
      await render(page, { key: 1, source: '/package/../model.safetensors', word: 'first' });
      await render(page, { key: 1, source: '/package/../model.safetensors', word: 'second' });
      await isOpen(page);
      assert.equal(await page.evaluate(() => counted.said.at(-1)), 'second');
    });
  }
});
