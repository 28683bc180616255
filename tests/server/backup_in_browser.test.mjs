// backup() and restore() of the package in real browsers, against the real server. The package's own page is of another
// origin, as a shop's is: the browser asks the server before each call, and the server must have allowed the page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inEachBrowser } from '../browser/browsers.mjs';
import { servePackage } from '../browser/package_page.mjs';
import { startServer } from './server.mjs';

inEachBrowser(({ launch }) => {
  let shop;
  let browser;
  let server;
  before(async () => {
    [shop, browser] = await Promise.all([servePackage(), launch()]);
    server = await startServer({ args: ['--origin', new URL(shop.address).origin] });
  });
  after(() => Promise.all([browser?.close(), shop?.close(), server?.stop()]));

  /** A device of its own: a browser context with nothing stored, and `recommender` in its page. */
  async function device() {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(shop.address);
    await page.evaluate(async () => {
      const { Recommender } = await import('/package/index.js');
      globalThis.recommender = await Recommender.open('/model.safetensors');
    });
    return page;
  }
  const look = (page, first, last) =>
    page.evaluate(
      ([from, to]) => {
        for (const { id } of recommender.catalogue.slice(from, to)) recommender.observe(id);
      },
      [first, last],
    );
  const stateOf = (page) => page.evaluate(() => [...recommender.exportState()]);
  const backUp = (page, options) =>
    page.evaluate(([url, its]) => recommender.backup(url, its ?? {}), [server.url, options]);
  const restore = (page, code, options = {}) =>
    page.evaluate(
      ([url, its, how]) =>
        recommender.restore(url, its, how).then(
          () => 'restored',
          (error) => error.code,
        ),
      [server.url, code, options],
    );

  test('a user moves to another browser, which takes over replaced and merged states', async () => {
    const [phone, laptop] = await Promise.all([device(), device()]);
    await look(phone, 2, 20);
    const code = await backUp(phone);
    assert.equal(await restore(laptop, code), 'restored');
    assert.deepEqual(await stateOf(laptop), await stateOf(phone));

    await look(phone, 30, 35);
    assert.equal(await backUp(phone, { code }), code);
    assert.equal(await restore(laptop, code, { merge: false }), 'restored');
    assert.deepEqual(await stateOf(laptop), await stateOf(phone));

    await phone.evaluate(([url, its]) => recommender.forgetBackup(url, its), [server.url, code]);
    const tablet = await device();
    assert.equal(await restore(tablet, code), 'backup_not_found');
    assert.equal(await tablet.evaluate(() => recommender.events), 0);
  });

  test('what the server keeps has no item of the user', async () => {
    const page = await device();
    await look(page, 2, 20);
    await page.evaluate(() => {
      const realFetch = fetch;
      globalThis.sent = [];
      globalThis.fetch = (url, init) => {
        sent.push({ url: String(url), ...init });
        return realFetch(url, init);
      };
    });
    const code = await backUp(page);
    const requests = await page.evaluate(() => sent.map(({ url, method, body }) => [url, method, [...body]]));
    assert.equal(requests.length, 1);
    const [[url, method, bytes]] = requests;
    assert.equal(method, 'PUT');
    assert.ok(url.startsWith(server.url) && !url.includes(code));
    const body = Buffer.from(bytes);
    assert.ok(body.length > 0);
    const ids = await page.evaluate(() => recommender.history.map(({ id }) => id));
    assert.equal(ids.length, 18);
    assert.ok(ids.every((id) => !body.includes(id)));
  });

  test('a page whose origin is not allowed gets no answer', async () => {
    const stranger = await servePackage();
    try {
      const page = await (await browser.newContext()).newPage();
      await page.goto(stranger.address);
      const outcome = await page.evaluate(async (url) => {
        const { Recommender, memoryStore } = await import('/package/index.js');
        const recommender = await Recommender.open('/model.safetensors', { store: memoryStore() });
        recommender.observe(recommender.catalogue[0].id);
        return recommender.backup(url).then(
          () => 'stored',
          (error) => error.name,
        );
      }, server.url);
      assert.equal(outcome, 'SottoError');
    } finally {
      await stranger.close();
    }
  });
});
