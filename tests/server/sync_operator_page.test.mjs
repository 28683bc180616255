// Private sync on the operator's pages of leader and helper, in real browsers.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { inEachBrowser } from '../browser/browsers.mjs';
import { makeKey, modelBytes, startServer, temporaryFolder } from './server.mjs';
import { startPair } from './sync.mjs';

const minBatch = 60;

const rows = (page, head) =>
  page.$$eval(
    '#sync table',
    (tables, name) => {
      const table = tables.find((one) => one.querySelector('th').textContent === name);
      return [...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent));
    },
    head,
  );

inEachBrowser(({ launch }) => {
  let browser;
  let pair;
  before(async () => {
    [browser, pair] = await Promise.all([launch(), startPair({ minBatch, noise: 1 })]);
  });
  after(async () => {
    await browser?.close();
    await pair?.kill();
  });

  /** The page of a server, and what its console complained of. */
  async function openPage(url, key) {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(`${url}/operator`);
    await page.fill('#key', key);
    await page.press('#key', 'Enter');
    await page.waitForSelector('#sync:not([hidden])');
    return { page, problems };
  }

  test('the leader’s page shows batches, plots and the cost, and rolls a trend back', async () => {
    // Half of the devices choose slot 7, in both batches.
    const choices = Array.from({ length: minBatch }, (_, n) => (n % 2 === 0 ? 7 : n % 64));
    for (const version of [1, 2]) {
      assert.equal((await pair.upload(await pair.makeReports(choices))).status, 200);
      await pair.released(version);
    }
    assert.equal((await pair.upload(await pair.makeReports([1, 2, 3]))).status, 200);

    const { page, problems } = await openPage(pair.leader.url, pair.adminKey);
    await page.waitForFunction(() => document.querySelectorAll('#sync figure').length === 4);
    const figures = await page.$$eval('#sync figcaption', (all) => all.map((caption) => caption.textContent));
    assert.deepEqual(figures, ['Counts', 'Trend before and after', 'Histogram', 'Gain and prior']);
    const { releases, privacy } = await pair.overview();
    const [{ changes }] = releases;
    assert.equal(changes[0].slot, 7);
    assert.notEqual(changes[0].title, '');
    const [first] = await page.$$eval('#sync figure svg text.item title', (all) =>
      all.map((title) => title.textContent),
    );
    assert.equal(first, changes[0].title);
    // What the leader expects is what the model gives a new user.
    const recommender = await Recommender.open(modelBytes, { store: memoryStore() });
    const ranking = recommender.popular(recommender.items);
    const odds = ranking.map(({ score }) => Math.exp(recommender.temperature * (score - ranking[0].score)));
    const sum = odds.reduce((total, each) => total + each, 0);
    for (const { item, expected } of changes) {
      const chance = odds[ranking.findIndex(({ id }) => id === item)] / sum;
      assert.ok(Math.abs(expected / minBatch - chance) < 1e-6, `${item}: ${expected / minBatch} instead of ${chance}`);
    }
    await recommender.close();
    // One report of a device in a batch, two batches.
    assert.equal(privacy.reports_so_far, 2);
    assert.ok(privacy.epsilon_so_far > 0 && privacy.epsilon_so_far < privacy.epsilon_in_28_days);
    await page.getByText('2 of its reports at most').waitFor();
    await page.getByText('Single operator:').waitFor();
    assert.deepEqual(
      (await rows(page, 'Trend')).map(([trend, , made]) => [trend, made]),
      [
        ['Trend 2', `${minBatch} reports`],
        ['Trend 1', `${minBatch} reports`],
      ],
    );
    const batches = await rows(page, 'Batch');
    assert.deepEqual(
      batches.slice(-2).map(([, reports, , , state]) => [reports, state]),
      [
        [String(minBatch), 'released'],
        [String(minBatch), 'released'],
      ],
    );

    // The batch before is shown on demand.
    await page.selectOption('#sync select', '1');
    await page.getByText('What a batch changed').waitFor();

    await page.getByRole('button', { name: 'Roll back …' }).first().click();
    await page.getByText('It is published as trend 3.').waitFor();
    await page.getByRole('button', { name: 'Roll back', exact: true }).click();
    await page.waitForSelector('dialog', { state: 'hidden' });
    await page.getByText('trend 1 again', { exact: true }).waitFor();
    assert.equal((await pair.overview()).releases[0].rolled_back_to, 1);

    await page.getByRole('button', { name: 'Switch the trend off …' }).click();
    await page.getByRole('button', { name: 'Switch off', exact: true }).click();
    await page.getByText('switched off', { exact: true }).waitFor();
    assert.equal((await pair.overview()).releases[0].prior, 0);
    assert.deepEqual(problems, []);
  });

  test('the helper’s page shows its own tasks', async () => {
    const key = await makeKey(pair.helperData, 'operator', 'admin');
    // A server that runs looks for new keys now and then.
    const headers = { Authorization: `Bearer ${key}` };
    while (!(await fetch(`${pair.helper.url}/v1/admin/sync/overview`, { headers })).ok) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const { page, problems } = await openPage(pair.helper.url, key);
    await page.getByText('this server is the helper').waitFor();
    await page.getByText(`A batch has at least ${minBatch} reports`).waitFor();
    const released = (await rows(page, 'Batch')).filter(([, , , , state]) => state === 'released');
    assert.equal(released.length, 2);
    assert.deepEqual(problems, []);
  });

  test('a server without a role has no such section, and asks once', async () => {
    const data = temporaryFolder();
    const key = await makeKey(data, 'operator', 'admin');
    const own = await startServer({ data });
    try {
      const page = await (await browser.newContext()).newPage();
      const asked = [];
      page.on('request', (request) => request.url().endsWith('/sync/overview') && asked.push(request.url()));
      await page.goto(`${own.url}/operator`);
      await page.fill('#key', key);
      await page.press('#key', 'Enter');
      await page.waitForSelector('.model');
      await page.selectOption('#hours', '168');
      await page.waitForResponse((response) => response.url().endsWith('hours=168'));
      assert.equal(asked.length, 1);
      assert.ok(await page.locator('#sync').isHidden());
    } finally {
      await own.stop();
    }
  });
});
