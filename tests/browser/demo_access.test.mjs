// The demo for everybody: axe finds nothing, fingers hit what they aim at, and colors that the system chooses hide nothing.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { inEachBrowser } from './browsers.mjs';
import {
  backToTop,
  enterShop,
  letMadeUpShop,
  looksOfExploring,
  looksOfReturning,
  product,
  serveDemo,
} from './demo_page.mjs';

inEachBrowser(({ launch }) => {
  let server;
  let browser;
  let axe;
  before(async () => {
    const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    [server, browser, axe] = await Promise.all([serveDemo(), launch(), readFile(source, 'utf8')]);
  });
  after(() => Promise.all([server?.close(), browser?.close()]));

  const wide = { viewport: { width: 1280, height: 900 } };
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

  async function inShop(options, search, use) {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    try {
      const { page } = await enterShop(context, server.address, search);
      await use(page);
    } finally {
      await context.close();
    }
  }

  async function violations(page, rules = {}) {
    // Past the page's security policy, which lets in no script of elsewhere.
    await page.evaluate(axe);
    const found = await page.evaluate(
      (rules) => globalThis.axe.run(document, { resultTypes: ['violations'], rules }),
      rules,
    );
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  }

  for (const [search, interest, looks] of [
    ['', 'lunch bags', looksOfReturning],
    ['?catalogue=films', 'animation', looksOfExploring],
  ]) {
    for (const [name, options] of Object.entries({
      'wide, light': { ...wide, colorScheme: 'light' },
      'phone, dark': { ...phone, colorScheme: 'dark' },
    })) {
      test(`axe finds nothing: ${search === '' ? 'gifts' : 'films'}, ${name}`, async () => {
        await inShop(options, search, async (page) => {
          assert.deepEqual(await violations(page), [], 'the first visit');
          await letMadeUpShop(page, interest, looks);
          await backToTop(page);
          await page.locator('#for-you .why').first().click();
          await page.locator('#query').fill('the');
          assert.deepEqual(await violations(page), [], 'with both lists, a reason and a search');
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: 'Forget me…' }).click();
          assert.deepEqual(await violations(page), [], 'the question whether to forget');
        });
      });
    }
  }

  test('axe finds nothing on the page that cannot open, and on the documents', async () => {
    const context = await browser.newContext(wide);
    const page = await context.newPage();
    await page.route(/safetensors/, (route) => route.abort());
    await page.goto(server.address);
    await page.getByRole('alert').waitFor();
    assert.deepEqual(await violations(page), []);
    for (const name of ['code', 'javascript']) {
      await page.goto(`${server.address}read/${name}.html`);
      assert.deepEqual(await violations(page), []);
    }
    await context.close();
  });

  /** What can be pressed and is smaller than `size` in either direction. */
  function tooSmall(page, size) {
    return page.$$eval(
      'button, a[href], input, [role=option]',
      (all, size) =>
        all
          // What is seen and pressed of a shelf's hidden radio button is its label.
          .map((element) => element.closest('label.shelf') ?? element)
          .filter(
            (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('.skip-link, p'),
          )
          .map((element) => ({ element, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width < size - 0.01 || box.height < size - 0.01)
          .map(
            ({ element, box }) =>
              `${element.className || element.outerHTML.slice(0, 80)}: ${box.width} × ${box.height}`,
          ),
      size,
    );
  }

  for (const [name, options, size] of [
    ['fingers: 44 pixels', phone, 44],
    ['mice: 24 pixels', wide, 24],
  ]) {
    test(`what can be pressed is large enough for ${name}`, async () => {
      await inShop(options, '', async (page) => {
        assert.deepEqual(await tooSmall(page, size), []);
        await product(page, 0).click();
        await backToTop(page);
        await page.locator('#for-you .not-this').first().click();
        await page.getByRole('button', { name: 'Compare lists' }).click();
        await page.locator('#query').fill('heart');
        assert.deepEqual(await tooSmall(page, size), []);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Forget me…' }).click();
        assert.deepEqual(await tooSmall(page, size), []);
        await page.getByRole('button', { name: 'Forget me', exact: true }).click();
        await letMadeUpShop(page);
        assert.deepEqual(await tooSmall(page, size), []);
      });
    });
  }

  test('colors that the system chooses show the switch, the chosen shelf and the catalogue', async () => {
    await inShop({ ...wide, forcedColors: 'active' }, '', async (page) => {
      await letMadeUpShop(page);
      const style = (selector, pseudo) =>
        page.$eval(
          selector,
          (element, pseudo) => {
            const { backgroundColor, borderTopColor, borderTopWidth } = getComputedStyle(element, pseudo);
            return { backgroundColor, borderTopColor, borderTopWidth };
          },
          pseudo,
        );
      const on = await style('.switch-track');
      const knobOn = await style('.switch-track', '::after');
      assert.notEqual(on.backgroundColor, knobOn.backgroundColor);
      await page.getByRole('switch').click();
      const off = await style('.switch-track');
      const knobOff = await style('.switch-track', '::after');
      assert.notEqual(off.backgroundColor, on.backgroundColor);
      assert.notEqual(off.backgroundColor, knobOff.backgroundColor);
      assert.notEqual(off.borderTopColor, off.backgroundColor);
      assert.ok(Number.parseFloat(off.borderTopWidth) >= 1);
      const chosen = await style('.shelf:has(:checked)');
      const other = await style('.shelf:not(:has(:checked))');
      assert.notEqual(chosen.backgroundColor, other.backgroundColor);
      assert.notEqual(
        (await style('.catalogues [aria-current=page]')).backgroundColor,
        (await style('.catalogues [aria-current=false]')).backgroundColor,
      );
      assert.ok(Number.parseFloat((await style('#shop .product')).borderTopWidth) >= 1, 'a product has an edge');
      // The system's own text on its own ground need not have the contrast that axe asks for.
      assert.deepEqual(await violations(page, { 'color-contrast': { enabled: false } }), []);
    });
  });
});
