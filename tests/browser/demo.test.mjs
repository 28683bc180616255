import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser, visitInContexts } from './browsers.mjs';
import {
  backToTop,
  comparedLists,
  enterShop,
  forYou,
  letMadeUpShop,
  looksOfReturning,
  product,
  serveDemo,
  trail,
} from './demo_page.mjs';

inEachBrowser(({ launch, savedFrom, tap }) => {
  const wide = { viewport: { width: 1280, height: 900 } };
  // Drawing what moves takes a third of the processor's time; the tests that watch it ask for it.
  const visit = visitInContexts(serveDemo, launch, { ...wide, reducedMotion: 'reduce' });

  const enter = () => enterShop(visit.context, visit.server.address);
  async function enterWithMotion() {
    await visit.context.close();
    visit.context = await visit.browser.newContext(wide);
    return enter();
  }
  const text = (page, testId) => page.getByTestId(testId).innerText();

  test('a first visit begins with what everybody likes, and says what to do', async () => {
    const { page, problems } = await enter();
    await page.getByRole('heading', { name: 'What everybody likes' }).waitFor();
    const liked = await forYou(page);
    assert.equal(new Set(liked).size, 8);
    assert.equal(liked[0], await product(page, 0).getAttribute('data-id'), 'the most popular product is the first');
    await page.getByText('Click something you like.').waitFor();
    assert.equal(await text(page, 'about-you'), 'nothing yet');
    assert.ok(await page.getByRole('button', { name: 'Forget me…' }).isDisabled());
    assert.deepEqual(problems, []);
  });

  test('a recommendation says why, in words, and a look takes the words away', async () => {
    const { page, problems } = await enter();
    await product(page, 0).click();
    await backToTop(page);
    const looked = await page.locator('.because b').innerText();
    const offer = page.locator('#for-you .offer').first();
    await offer.locator('.why').click();
    assert.equal(await offer.locator('.reason').innerText(), `because you looked at ${looked}`);
    assert.match(await page.locator('#announcement').innerText(), /: because you looked at /);
    await offer.locator('.why').click();
    assert.equal(await page.locator('.reason').count(), 0);
    await offer.locator('.why').click();
    await product(page, 1).click();
    assert.equal(await page.locator('.reason').count(), 0);
    assert.deepEqual(problems, []);
  });

  test('two pages that are open side by side stay in step', async () => {
    const { page: one } = await enter();
    const { page: other } = await enter();
    for (const [looking, following, place] of [
      [one, other, 0],
      [other, one, 3],
      [one, other, 5],
    ]) {
      await product(looking, place).click();
      const looks = await trail(looking);
      await following.waitForFunction((count) => document.querySelectorAll('.trail li').length === count, looks.length);
      assert.deepEqual(await trail(following), looks);
      assert.deepEqual(await forYou(following), await forYou(looking));
    }
  });

  test('two pages of the shop know what was looked at in either', async () => {
    const { page: one } = await enter();
    await product(one, 0).click();
    const { page: other } = await enter();
    assert.deepEqual(await trail(other), await trail(one));
    await product(other, 3).click();
    const both = await trail(other);
    assert.equal(both.length, 2);
    // A page that is hidden is told so by the browser; headless ones are always seen.
    await one.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await one.waitForFunction((looks) => document.querySelectorAll('.trail li').length === looks, both.length);
    assert.deepEqual(await trail(one), both);
    assert.deepEqual(await forYou(one), await forYou(other));
  });

  test('more variety keeps the best product and changes others', async () => {
    const { page } = await enterWithMotion();
    await product(page, 0).click();
    await backToTop(page);
    const plain = await forYou(page);
    await page.locator('.variety input').fill('0.8');
    const varied = await forYou(page);
    assert.equal(varied[0], plain[0]);
    assert.notDeepEqual(varied, plain);
    await page.locator('.variety input').fill('0');
    assert.deepEqual(await forYou(page), plain);
  });

  test('on a touch screen it says to tap, and variety can be had on a phone', async () => {
    await visit.context.close();
    visit.context = await visit.browser.newContext({
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
      reducedMotion: 'reduce',
    });
    const { page } = await enter();
    await page.getByText('Tap something you like.').waitFor();
    assert.equal(await page.getByText('Click something').count(), 0);
    await tap(page.locator('#for-you .product').nth(1));
    await page.getByRole('heading', { name: 'For you' }).waitFor();
    await backToTop(page);
    const plain = await forYou(page);
    assert.ok(await page.locator('.variety input').isVisible());
    await page.locator('.variety input').fill('0.8');
    assert.notDeepEqual(await forYou(page), plain);
  });

  test('recommendations follow each look, never show what was looked at, and say the time they took', async () => {
    const { page, problems } = await enterWithMotion();
    const looked = [];
    let before = [];
    for (const place of [0, 3, 5]) {
      looked.push(await product(page, place).getAttribute('data-id'));
      await product(page, place).click();
      const now = await forYou(page);
      assert.equal(now.length, 8);
      assert.notDeepEqual(now, before);
      assert.ok(looked.every((id) => !now.includes(id)));
      before = now;
    }
    const [chosen] = before;
    await page.locator('#for-you .product').first().click();
    assert.ok(!(await forYou(page)).includes(chosen));
    assert.match(
      await page.locator('.time').innerText(),
      /^(under )?[\d.]+ ms to learn one look and rank 3,659 products \(median of 4\)$/,
    );
    assert.match(await text(page, 'about-you'), /bytes after 4 looks$/);
    assert.deepEqual(problems, []);
  });

  test('somebody made up shows what learning does: two lists, a sentence, the record; and can be forgotten', async () => {
    const { page, problems, requests } = await enter();
    const whenReady = requests.length;
    assert.equal(await text(page, 'learned-words'), 'Nothing yet. Look at a few things, and come back on other days.');
    await letMadeUpShop(page);
    assert.equal(
      await page.evaluate(() => document.activeElement.className),
      'compare',
      'the focus is not lost with the button',
    );
    const [everybodys, yours] = await comparedLists(page);
    assert.equal(yours.length, 8);
    assert.notDeepEqual(yours, everybodys);
    assert.deepEqual(yours, await forYou(page), 'the visitor gets the list that is called theirs');
    assert.ok(
      (await page.locator('.expected.yours li', { hasText: '6 looks' }).count()) > 0,
      'what was looked at on other days may come back',
    );
    assert.equal(await page.locator('.mark.gone').count(), everybodys.filter((id) => !yours.includes(id)).length);
    assert.equal(await page.locator('.mark.new').count(), yours.filter((id) => !everybodys.includes(id)).length);
    assert.match(
      await text(page, 'learned-words'),
      /^More lunch bags \(\d, not \d\)(, fewer [a-z -]+ \(\d, not \d\))?\.$/,
    );
    await page.getByText('somebody made up, who loves lunch bags').waitFor();

    const chart = page.getByRole('img', {
      name: /^Over 36 looks, your list gave what you chose next \d\.\d.× the chance/,
    });
    assert.equal(await chart.locator('rect').count(), looksOfReturning);
    assert.match(await page.locator('.trust figcaption').innerText(), /yours counts for \d+.%\.$/);
    assert.equal(requests.length, whenReady);

    await page.reload();
    await page.waitForSelector('html[data-ready]');
    await page.getByRole('button', { name: 'Compare lists' }).click();
    assert.deepEqual(await comparedLists(page), [everybodys, yours]);
    assert.equal(await page.locator('.trust rect').count(), 0, 'the page knows the sum of the record, not each look');
    await page.getByRole('img', { name: /^Over 36 looks/ }).waitFor();

    await page.getByRole('button', { name: 'Forget them…' }).click();
    await page.getByRole('button', { name: 'Forget me', exact: true }).click();
    await page.getByRole('heading', { name: 'What everybody likes' }).waitFor();
    await page.getByRole('button', { name: 'lunch bags', exact: true }).waitFor();
    assert.deepEqual(problems, []);
  });

  test('a visitor who does something ends the play of somebody made up', async () => {
    const { page } = await enterWithMotion();
    await page.getByRole('button', { name: 'lunch bags', exact: true }).click();
    await product(page, 0).click();
    const looks = async () => Number(/after (\d+) looks$/.exec(await text(page, 'about-you'))[1]);
    const ended = await looks();
    assert.ok(ended < looksOfReturning, `it ended after ${ended} looks`);
    await page.waitForTimeout(1500);
    assert.equal(await looks(), ended);
  });

  test("the switch gives everybody's list, and stays so after a reload", async () => {
    const { page, problems } = await enter();
    await letMadeUpShop(page);
    const [everybodys, yours] = await comparedLists(page);
    const learn = page.getByRole('switch', { name: 'Learn from me' });
    assert.equal(await learn.getAttribute('aria-checked'), 'true');
    await learn.click();
    assert.deepEqual(await comparedLists(page), [everybodys, everybodys]);
    assert.deepEqual(await forYou(page), everybodys);
    assert.match(await text(page, 'learned-words'), /^Switched off/);

    await page.reload();
    await page.waitForSelector('html[data-ready]');
    assert.equal(await learn.getAttribute('aria-checked'), 'false');
    assert.deepEqual(await forYou(page), everybodys);
    await learn.click();
    assert.deepEqual(await forYou(page), yours);
    assert.deepEqual(problems, []);
  });

  test('a first look claims to know of no kind of thing', async () => {
    const { page } = await enter();
    await product(page, 0).click();
    assert.match(
      await text(page, 'learned-words'),
      /^(Not much yet|A little: some things have changed places|More |Fewer )/,
    );
    assert.equal(await page.getByRole('button', { name: 'Compare lists' }).getAttribute('aria-expanded'), 'false');
  });

  test('"not this" takes a product out, and can be undone, at once or later', async () => {
    const { page, problems } = await enterWithMotion();
    await product(page, 0).click();
    const before = await forYou(page);
    const offer = page.locator('#for-you .offer').nth(2);
    const title = await offer.locator('.product-title').innerText();
    await offer.hover();
    await offer.getByRole('button', { name: `Not this: ${title}` }).click();
    assert.ok(!(await forYou(page)).includes(before[2]));
    assert.match(await page.locator('#announcement').innerText(), /will not be recommended again/);
    await page.getByRole('button', { name: 'Undo' }).click();
    assert.deepEqual(await forYou(page), before);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.id), before[2]);
    assert.equal(await page.locator('.hidden-products li').count(), 0);

    await offer.getByRole('button', { name: `Not this: ${title}` }).focus();
    await page.keyboard.press('Enter');
    assert.ok(
      await page.evaluate(() => document.activeElement.closest('#for-you .offer') !== null),
      'the focus stays in the row',
    );
    await product(page, 4).click();
    assert.equal(await page.getByRole('button', { name: 'Undo' }).count(), 0);
    await page.reload();
    await page.waitForSelector('html[data-ready]');
    assert.ok(!(await forYou(page)).includes(before[2]));
    await page.getByRole('button', { name: `Show ${title} again` }).click();
    assert.equal(await page.locator('.hidden-products li').count(), 0);
    assert.deepEqual(problems, []);
  });

  test('all that the device keeps can be saved as JSON', async () => {
    const { page, problems } = await enter();
    const save = page.getByRole('button', { name: 'Save it all as JSON' });
    assert.ok(await save.isDisabled());
    await product(page, 0).click();
    const { name, text: json } = await savedFrom(page, () => save.click());
    assert.equal(name, 'what-this-device-knows.json');
    const kept = JSON.parse(json);
    assert.equal(kept.events, 1);
    assert.equal(kept.history[0].id, await product(page, 0).getAttribute('data-id'));
    assert.equal(await text(page, 'requests'), '0 requests');
    assert.deepEqual(problems, []);
  });

  test('after a reload it is still you: same recommendations, same looks', async () => {
    const { page, problems } = await enter();
    for (const place of [2, 7, 4]) await product(page, place).click();
    const before = [await forYou(page), await trail(page), await text(page, 'about-you')];
    await page.reload();
    await page.waitForSelector('html[data-ready]');
    assert.deepEqual([await forYou(page), await trail(page), await text(page, 'about-you')], before);
    assert.deepEqual(problems, []);
  });

  test('"Forget me" asks, can be declined, and then leaves nothing in the page or the browser', async () => {
    const { page } = await enter();
    await product(page, 1).click();
    await page.getByRole('button', { name: 'Forget me…' }).click();
    await page.getByRole('button', { name: 'Keep it' }).click();
    assert.equal((await forYou(page)).length, 8);

    await page.getByRole('button', { name: 'Forget me…' }).click();
    await page.getByRole('button', { name: 'Forget me', exact: true }).click();
    await page.getByRole('heading', { name: 'What everybody likes' }).waitFor();
    assert.deepEqual(await trail(page), []);
    const stored = () =>
      page.evaluate(
        () =>
          new Promise((resolve, reject) => {
            const opening = indexedDB.open('sotto');
            opening.onerror = () => reject(opening.error);
            opening.onsuccess = () => {
              const reading = opening.result.transaction('states').objectStore('states').getAllKeys();
              reading.onsuccess = () => resolve(reading.result);
            };
          }),
      );
    assert.deepEqual(await stored(), []);
    await page.reload();
    await page.waitForSelector('html[data-ready]');
    assert.equal(await text(page, 'about-you'), 'nothing yet');
    assert.deepEqual(await stored(), []);
  });

  test('forgetting in one tab empties the other', async () => {
    const { page: one } = await enter();
    await product(one, 1).click();
    const { page: other } = await enter();
    assert.equal((await forYou(other)).length, 8);
    await one.getByRole('button', { name: 'Forget me…' }).click();
    await one.getByRole('button', { name: 'Forget me', exact: true }).click();
    await other.getByText('Click something you like.').waitFor();
  });

  test("no request leaves the page's origin, and none at all is made after opening", async () => {
    const { page, requests } = await enter();
    const whenReady = requests.length;
    for (const place of [0, 1, 2]) await product(page, place).click();
    await page.locator('#query').fill('heart');
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: 'Christmas' }).check();
    assert.equal(requests.length, whenReady);
    assert.ok(
      requests.every((url) => url.startsWith(visit.server.address)),
      requests.join('\n'),
    );
    assert.equal(await text(page, 'requests'), '0 requests');
  });

  test('everything works with the keyboard alone', async () => {
    const { page } = await enter();
    const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.className);
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'skip-link');
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    assert.equal(await focused(), 'query');
    await page.keyboard.type('heart');
    const options = page.getByRole('option');
    const second = await options.nth(1).locator('span').last().innerText();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.locator('[aria-selected=true]').count(), 1);
    await page.keyboard.press('Enter');
    assert.deepEqual(await trail(page), [second]);
    assert.match(await page.getByRole('status').first().innerText(), /^New for you: /);

    // On from the search: the links to both panels, the slider, then the row.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'product');
    await page.keyboard.press('Enter');
    assert.equal((await trail(page)).length, 2);
    assert.equal(await focused(), 'product', 'the focus stays in the row though the product has left it');

    await page.locator('.forget').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.deepEqual(await trail(page), []);
  });

  test('search finds by the beginnings of words, and says so when there is nothing', async () => {
    const { page } = await enter();
    await page.locator('#query').fill('hear wh');
    const titles = await page.getByRole('option').allInnerTexts();
    assert.ok(titles.length > 0);
    assert.ok(
      titles.every((title) => /\bhear/i.test(title) && /\bwh/i.test(title)),
      titles.join(),
    );
    await page.locator('#query').fill('zzzz');
    await page.getByText('Nothing here is called “zzzz”.').waitFor();
  });

  test('on a narrow page, too, what was found can be chosen', async () => {
    const { page } = await enter();
    await page.setViewportSize({ width: 360, height: 740 });
    await page.locator('#query').fill('heart');
    await page.getByRole('option').last().click();
    assert.equal((await trail(page)).length, 1);
  });

  test('a query leaves the search when something was chosen, and when the visitor goes elsewhere', async () => {
    const { page } = await enter();
    const query = page.locator('#query');
    await query.fill('heart');
    await page.getByRole('option').first().click();
    assert.equal(await query.inputValue(), '');
    await query.fill('candle');
    await page.keyboard.press('Enter');
    assert.equal(await query.inputValue(), '');
    await query.fill('bag');
    await page.getByRole('radio', { name: 'Christmas' }).focus();
    assert.equal(await query.inputValue(), '');
    await query.focus();
    assert.equal(await page.getByRole('option').count(), 0);
  });

  test('"why?" leaves title and price in sight, and Escape takes the words away', async () => {
    const { page } = await enter();
    await product(page, 0).click();
    await backToTop(page);
    const offer = page.locator('#for-you .offer').first();
    await offer.locator('.why').click();
    const box = (selector) => offer.locator(selector).boundingBox();
    const [reason, title, price] = await Promise.all(['.reason', '.product-title', '.product-price'].map(box));
    for (const other of [title, price]) assert.ok(reason.y + reason.height <= other.y + 1, 'nothing is covered');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.reason').count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement.className), 'why');
  });

  test('nothing is wider than the page, however wide that is', async () => {
    const { page } = await enter();
    await letMadeUpShop(page);
    await product(page, 0).click();
    for (const width of [360, 768, 1280, 1920]) {
      await page.setViewportSize({ width, height: 740 });
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(excess <= 0, `${excess} pixels at ${width}`);
    }
  });

  test('a browser without WebAssembly gets the reason and what to do', async () => {
    const page = await visit.context.newPage();
    await page.addInitScript(() => {
      delete globalThis.WebAssembly;
    });
    await page.goto(visit.server.address);
    const failure = page.getByRole('alert');
    await failure.waitFor();
    assert.match(await failure.innerText(), /WebAssembly.*use a current browser[\s\S]*no_webassembly/);
  });

  test('a model that cannot be downloaded is told without any address, and can be tried again', async () => {
    const page = await visit.context.newPage();
    await page.route(/safetensors/, (route) => route.abort());
    await page.goto(visit.server.address);
    const failure = page.getByRole('alert');
    await failure.waitFor();
    const words = await failure.innerText();
    assert.match(words, /could not be downloaded[\s\S]*network/);
    assert.doesNotMatch(words, /:\/\/|127\.0\.0\.1|assets/);
    await page.unroute(/safetensors/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.waitForSelector('html[data-ready]');
  });

  test('a browser that refuses storage still recommends, and says that it will not remember', async () => {
    const page = await visit.context.newPage();
    await page.addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('refused', 'SecurityError');
      };
    });
    await page.goto(visit.server.address);
    await page.locator('[data-code=storage_unavailable]').waitFor();
    await page.getByRole('button', { name: 'All right' }).click();
    await product(page, 0).click();
    assert.equal((await forYou(page)).length, 8);
  });
});
