// Opens a built example in a headless Chromium, uses it and prints what a visitor would see.
// Usage: check_page.mjs FOLDER, where FOLDER has the finished site, or check_page.mjs ADDRESS.
import { basename, dirname, resolve } from 'node:path';
import { argv } from 'node:process';
import { preview } from 'vite';
import { launchChromium } from '../tests/browser/chromium.mjs';

const isAddress = /^https?:/.test(argv[2]);
const server = isAddress
  ? undefined
  : await preview({
      configFile: false,
      root: dirname(resolve(argv[2])),
      build: { outDir: basename(argv[2]) },
      logLevel: 'warn',
      preview: { host: '127.0.0.1', port: 0 },
    });
const browser = await launchChromium();
try {
  const context = await browser.newContext();
  const page = await context.newPage();
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => {
    throw error;
  });
  const titles = (list) => page.locator(`${list} button`).allTextContents();
  const shown = () => page.locator('#recommendations button').first().waitFor();
  /** The recommendations, once they are not these any more. */
  const after = async (before) => {
    const text = before.join('');
    await page.waitForFunction((old) => {
      const now = [...document.querySelectorAll('#recommendations button')].map((button) => button.textContent);
      return now.length > 0 && now.join('') !== old;
    }, text);
    return titles('#recommendations');
  };

  await page.goto(isAddress ? argv[2] : `http://127.0.0.1:${server.httpServer.address().port}/`);
  await shown();
  console.log(`${requests.filter((url) => !url.startsWith('data:')).length} requests`);
  const products = await titles('#products');
  const first = await titles('#recommendations');
  console.log(`${products.length} products, ${first.length} recommendations`);

  await page.locator('#products button').last().click();
  const next = await after(first);
  const clicked = next.includes(products.at(-1)) ? 'one' : 'none';
  console.log(`${next.length} recommendations after a click, ${clicked} of them the clicked one`);

  // The state is stored after the click's task, or when the page is left.
  await page.reload();
  await shown();
  const kept = await titles('#recommendations');
  await page.locator('#forget').click();
  const forgotten = await after(kept);
  const same = (some, others) => some.join() === others.join();
  console.log(`${same(kept, next) ? 'the same' : 'other'} recommendations after a reload`);
  console.log(`${same(forgotten, first) ? 'the first' : 'other'} recommendations when forgotten`);
} finally {
  await browser.close();
  await server?.httpServer.close();
}
