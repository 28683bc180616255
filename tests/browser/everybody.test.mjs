// The panel "What everybody wants": both aggregators as workers of the page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser, visitInContexts } from './browsers.mjs';
import { collectWeeks, enterShop, serveDemo } from './demo_page.mjs';

inEachBrowser(({ launch }) => {
  const visit = visitInContexts(serveDemo, launch, { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });

  async function openPanel() {
    const entered = await enterShop(visit.context, visit.server.address);
    const whenReady = entered.requests.length;
    await entered.page.getByRole('button', { name: 'Show how' }).click();
    await entered.page.getByRole('button', { name: 'Collect week 1' }).waitFor();
    return { ...entered, whenReady };
  }

  const titles = (page, list) => page.$$eval(`${list} li`, (items) => items.map((item) => item.innerText));
  const newDevice = (page) =>
    page.$$eval('.new-device ol', (lists) => lists.map((list) => [...list.children].map(({ dataset }) => dataset.id)));
  const belief = async (page) => Number(await page.getByRole('meter').getAttribute('aria-valuenow'));

  test('two weeks of a wish: the histogram shows it, the trend is believed, and a new device follows', async () => {
    const { page, problems, requests } = await openPanel();
    await page.getByText('Single operator: this page.').waitFor();
    await page.getByText('watering cans', { exact: true }).click();
    await collectWeeks(page, 1);
    assert.match(await page.getByTestId('reports').innerText(), /^300 of 300 reports verified\. It took [\d.]+ s /);
    assert.match((await titles(page, '.histogram'))[0], /watering can/i);
    assert.equal(await belief(page), 0, 'nothing has tested the trend');
    const [before, notYet] = await newDevice(page);
    assert.deepEqual(notYet, before);

    await page.getByRole('button', { name: 'Collect week 2' }).click();
    await page.getByRole('button', { name: 'Collect week 3' }).waitFor({ timeout: 120_000 });
    assert.ok((await belief(page)) > 20, `it is believed to ${await belief(page)} %`);
    assert.match(
      await page.getByTestId('judgement').innerText(),
      /gave the next week’s choices [1-9]\.\d.× the chance/,
    );
    const [without, withIt] = await newDevice(page);
    assert.deepEqual(without, before);
    assert.notDeepEqual(withIt, without);
    const [first] = await titles(page, '.new-device .yours');
    assert.match(first, /watering can[\s\S]*wanted by many this week/i);

    assert.equal(await page.getByTestId('requests').innerText(), '0 requests');
    assert.match(await page.getByTestId('downloads').innerText(), /^\d+ files of this page, \d+ kB$/);
    const sent = requests.filter((address) => !address.startsWith(visit.server.address));
    assert.deepEqual(sent, [], 'everything comes from the page’s own server, as files');
    assert.deepEqual(problems, []);
  });

  test('where nothing special is wanted, the trend is not believed', async () => {
    const { page, problems } = await openPanel();
    await page.getByText('nothing special', { exact: true }).click();
    await collectWeeks(page, 2);
    assert.ok((await belief(page)) < 20, `it is believed to ${await belief(page)} %`);
    assert.deepEqual(problems, []);
  });

  test('a report that votes twice is refused, and both halves show one choice', async () => {
    const { page, problems } = await openPanel();
    await page.getByRole('button', { name: 'Try to cheat' }).click();
    await page.getByTestId('cheat').getByText('Refused by the proof (vdaf_verify_error)').waitFor();
    await page.locator('#shop .product').first().click();
    await page.getByText('Your device reports your latest look').waitFor();
    await collectWeeks(page, 1);
    await page.getByRole('button', { name: 'Put them together' }).click();
    const shades = await page.$$eval('.views canvas', (canvases) =>
      canvases.map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, 64, 64);
        return new Set(Array.from({ length: 4096 }, (_, point) => data[4 * point + 1])).size;
      }),
    );
    assert.ok(shades[0] > 100 && shades[1] > 100, 'each half is noise');
    assert.ok(shades[2] < 40, 'together they are empty but for one point and its ring');
    assert.deepEqual(problems, []);
  });

  test('a week can be stopped, and nothing of it is opened', async () => {
    const { page, problems } = await openPanel();
    await page.getByRole('button', { name: 'Collect week 1' }).click();
    await page.getByRole('button', { name: 'Stop week 1' }).click();
    await page.getByRole('button', { name: 'Collect week 1' }).waitFor();
    assert.equal(await page.locator('.histogram').count(), 0);
    await collectWeeks(page, 1);
    assert.equal(await page.locator('.histogram li').count(), 9);
    await page.getByRole('button', { name: 'Start again' }).click();
    assert.equal(await page.locator('.histogram').count(), 0);
    assert.deepEqual(problems, []);
  });

  test('the panel is downloaded when it is opened', async () => {
    const { page, requests } = await enterShop(visit.context, visit.server.address);
    assert.ok(!requests.some((address) => /aggregate|panel/.test(address)));
    await page.getByRole('button', { name: 'Show how' }).click();
    await collectWeeks(page, 0);
    await page.getByRole('button', { name: 'Collect week 1' }).waitFor();
    assert.ok(requests.some((address) => /panel/.test(address)));
  });
});
