// Opens the built page of examples/page in a headless Chromium, uses it and prints what a visitor would see.
// Usage: check_page.mjs FOLDER, where FOLDER has the example with its dist folder.
import { argv } from 'node:process';
import { preview } from 'vite';
import { launchChromium } from '../tests/browser/chromium.mjs';

const server = await preview({ root: argv[2], logLevel: 'warn', preview: { host: '127.0.0.1', port: 0 } });
const browser = await launchChromium();
try {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => {
    throw error;
  });
  const titles = (list) => page.locator(`${list} button`).allTextContents();
  const shown = () => page.locator('#recommendations button').first().waitFor();

  await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/`);
  await shown();
  const products = await titles('#products');
  const first = await titles('#recommendations');
  console.log(`${products.length} products, ${first.length} recommendations`);

  await page.locator('#products button').last().click();
  const next = await titles('#recommendations');
  const clicked = next.includes(products.at(-1)) ? 'one' : 'none';
  console.log(`${next.length} recommendations after a click, ${clicked} of them the clicked one`);

  // The state is stored after the click's task, or when the page is left.
  await page.reload();
  await shown();
  const kept = await titles('#recommendations');
  await page.locator('#forget').click();
  await page.waitForFunction(
    (before) => document.querySelector('#recommendations').textContent !== before,
    kept.join(''),
  );
  const forgotten = await titles('#recommendations');
  const same = (some, others) => some.join() === others.join();
  console.log(`${same(kept, next) ? 'the same' : 'other'} recommendations after a reload`);
  console.log(`${same(forgotten, first) ? 'the first' : 'other'} recommendations when forgotten`);
} finally {
  await browser.close();
  await server.httpServer.close();
}
