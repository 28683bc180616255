// The demo's two catalogues, what the page links to, and how a link to it looks elsewhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser, visitInContexts } from './browsers.mjs';
import {
  comparedLists,
  enterShop,
  forYou,
  letMadeUpShop,
  looksOfExploring,
  product,
  serveDemo,
  trail,
} from './demo_page.mjs';

const films = '?catalogue=films';

inEachBrowser(({ launch }) => {
  const visit = visitInContexts(serveDemo, launch, { viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });

  const words = (page) => page.getByTestId('learned-words').innerText();
  async function switchTo(page, name) {
    await page.getByRole('navigation', { name: 'Catalogues' }).getByRole('link', { name }).click();
    await page.waitForURL((url) => (name === 'Films') === url.search.includes('films'));
    await page.waitForSelector('html[data-ready]');
  }

  test('there are films to switch to, and each catalogue keeps a history of its own', async () => {
    const { page, problems } = await enterShop(visit.context, visit.server.address);
    await product(page, 2).click();
    await product(page, 4).click();
    const gifts = [await trail(page), await forYou(page)];

    await switchTo(page, 'Films');
    assert.equal(await page.title(), 'Sotto: the quiet film library');
    await page.getByRole('heading', { name: 'The films' }).waitFor();
    assert.deepEqual(await trail(page), [], 'films know nothing of gifts');
    await page.getByRole('heading', { name: 'What everybody likes' }).waitFor();
    await product(page, 1).click();
    const seen = [await trail(page), await forYou(page)];
    assert.equal(seen[0].length, 1);

    await switchTo(page, 'Gifts');
    assert.deepEqual([await trail(page), await forYou(page)], gifts);
    await switchTo(page, 'Films');
    assert.deepEqual([await trail(page), await forYou(page)], seen);

    await page.getByRole('button', { name: 'Forget me…' }).click();
    await page.getByRole('button', { name: 'Forget me', exact: true }).click();
    assert.deepEqual(await trail(page), []);
    await switchTo(page, 'Gifts');
    assert.deepEqual(await trail(page), gifts[0], 'to forget one is not to forget the other');
    assert.deepEqual(problems, []);
  });

  test('films have posters, shelves by genre, a search for both, and whom they are owed to', async () => {
    const { page, problems } = await enterShop(visit.context, visit.server.address, films);
    const card = product(page, 0);
    const title = await card.locator('.product-title').innerText();
    assert.equal((await card.locator('svg.poster text').allTextContents()).slice(0, -1).join(' '), title);
    await page.getByRole('radio', { name: 'Westerns' }).check();
    const feet = await page.$$eval('#shop .poster-foot', (texts) => texts.map((text) => text.textContent));
    assert.ok(feet.length > 10 && feet.every((foot) => foot.startsWith('WESTERN ')));
    await page.locator('#query').fill('weste 19');
    assert.ok((await page.getByRole('option').count()) > 3, 'by genre and year');
    const colophon = await page.locator('#colophon').innerText();
    assert.match(colophon, /Dooms[\s\S]*Model licence: MIT\./);
    assert.equal(await page.locator('#everybody').isVisible(), false);
    assert.deepEqual(problems, []);
  });

  for (const [catalogue, search, one, other, looks] of [
    ['gifts', '', 'baking', 'writing', 36],
    ['films', films, 'animation', 'horror', looksOfExploring],
  ]) {
    test(`one made-up person can take the place of another, and the lists differ (${catalogue})`, async () => {
      const { page, problems } = await enterShop(visit.context, visit.server.address, search);
      await letMadeUpShop(page, one, looks);
      const [, first] = await comparedLists(page);
      const firstWords = await words(page);
      await page.getByText(`somebody made up, who loves ${one}`).waitFor();
      await page.getByRole('button', { name: other, exact: true }).click();
      await page.getByText(`somebody made up, who loves ${other}`).waitFor();
      await page.locator('[data-testid=about-you]', { hasText: `after ${looks} looks` }).waitFor();
      const [everybodys, second] = await comparedLists(page);
      assert.ok(second.filter((id) => first.includes(id)).length <= 5);
      assert.notDeepEqual(second, everybodys);
      assert.notEqual(await words(page), firstWords);
      await product(page, 0).click();
      assert.equal(
        await page.getByRole('group', { name: /^Or see somebody/ }).count(),
        0,
        'what the visitor did is not thrown away',
      );
      assert.deepEqual(problems, []);
    });
  }

  test('the page links to its code and documents, and no link of theirs is dead', async () => {
    const { page } = await enterShop(visit.context, visit.server.address);
    const addresses = await page.$$eval('.reading a', (links) => links.map((link) => link.href));
    assert.equal(addresses.length, 6);
    const waiting = [...addresses];
    const known = new Set();
    const reader = await visit.context.newPage();
    const problems = [];
    reader.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    while (waiting.length > 0) {
      const address = waiting.pop().split('#')[0];
      if (known.has(address) || !address.startsWith(visit.server.address) || address === visit.server.address) continue;
      known.add(address);
      const response = await reader.goto(address);
      // 304 where the page's service worker has fetched it before.
      assert.ok([200, 304].includes(response.status()), `${address}: ${response.status()}`);
      assert.match(await reader.locator('h1').first().innerText(), /\S/);
      assert.equal(
        await reader.locator('footer', { hasText: 'of the repository' }).count(),
        1,
        `${address} is a document`,
      );
      waiting.push(...(await reader.$$eval('a[href]', (links) => links.map((link) => link.href))));
    }
    assert.ok(known.size >= 8, [...known].join(' '));
    assert.deepEqual(problems, []);
  });

  test('a link to the page has a picture elsewhere', async () => {
    const { page } = await enterShop(visit.context, visit.server.address);
    const named = (property) => page.locator(`meta[property="${property}"]`).getAttribute('content');
    assert.match(await named('og:title'), /^Sotto/);
    assert.match(await named('og:image:alt'), /\S/);
    const response = await page.request.get(new URL(await named('og:image'), visit.server.address).href);
    const bytes = await response.body();
    assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [1200, 630]);
    assert.ok(bytes.length < 200_000, 'sites refuse large pictures');
  });
});
