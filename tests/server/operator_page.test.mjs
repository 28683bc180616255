// The operator's page in real browsers: its buttons do what they say.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inEachBrowser } from '../browser/browsers.mjs';
import { makeKey, modelWith, startServer, temporaryFolder } from './server.mjs';

inEachBrowser(({ launch }) => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  test('the operator’s page rolls back, and removes a version that has no role', async () => {
    const data = temporaryFolder();
    const key = await makeKey(data, 'operator', 'admin');
    const own = await startServer({ data });
    try {
      const [{ name, version: first }] = (await own.get('/v1/models')).json.models;
      const upload = async (what, query = '') => {
        const file = modelWith(({ spec }) => (spec.attribution += what));
        return (await own.put(`/v1/admin/models/${name}${query}`, file, { key })).json.version;
      };
      const second = await upload(' Second.', '?current=true');
      const unused = await upload(' Unused.');
      const describe = async () => (await own.get(`/v1/admin/models/${name}`, { key })).json;

      const page = await (await browser.newContext()).newPage();
      await page.goto(`${own.url}/operator`);
      await page.fill('#key', key);
      await page.press('#key', 'Enter');
      await page.click('text=Roll back …');
      await page.click('dialog >> text="Roll back"');
      await page.waitForSelector('dialog', { state: 'hidden' });
      assert.equal((await describe()).current, first);

      await page.click('text=Look …');
      await page.check(`dialog input[value="${unused}"]`);
      await page.click('dialog >> text="Remove"');
      await page.waitForSelector('dialog', { state: 'hidden' });
      assert.deepEqual(
        (await describe()).versions.map(({ version }) => version).toSorted(),
        [first, second].toSorted(),
      );
      await page.click('text=Look …');
      await page.waitForSelector('dialog >> text=Every version in the registry');
      await page.click('dialog >> text=Close');
    } finally {
      await own.stop();
    }
  });
});
