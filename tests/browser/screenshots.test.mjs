// Pictures of the demo for people to look at, in build/screenshots.
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launchChromium } from './chromium.mjs';
import { collectWeeks, enterShop, letMadeUpShop, looksOfExploring, product, serveDemo } from './demo_page.mjs';

const folder = fileURLToPath(new URL('../../build/screenshots/', import.meta.url));
// Twice as fine pictures take twice the time: SOTTO_SCREENSHOT_SCALE=2 when somebody looks.
const scale = Number(process.env.SOTTO_SCREENSHOT_SCALE ?? 1);
const sizes = {
  wide: { width: 1280, height: 900 },
  tablet: { width: 820, height: 1100 },
  narrow: { width: 360, height: 740 },
};

let server;
let browser;
before(async () => {
  mkdirSync(folder, { recursive: true });
  [server, browser] = await Promise.all([serveDemo(), launchChromium()]);
});
after(() => Promise.all([server?.close(), browser?.close()]));

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`${size}, ${colorScheme}`, async () => {
      const context = await browser.newContext({
        viewport,
        colorScheme,
        reducedMotion: 'reduce',
        deviceScaleFactor: scale,
        hasTouch: size !== 'wide',
      });
      const { page } = await enterShop(context, server.address);
      const shoot = (name, options) =>
        page.screenshot({ path: `${folder}${name}-${size}-${colorScheme}.png`, ...options });
      await shoot('first-visit');
      for (const place of [0, 1, 4]) await product(page, place).click();
      await page.evaluate(() => scrollTo(0, 0));
      await page.mouse.move(0, 0);
      await shoot('for-you');
      await page.evaluate(() => scrollTo(0, 900));
      await page.waitForSelector('.for-you[data-compact]');
      await shoot('scrolled');
      await page.evaluate(() => scrollTo(0, 0));
      await page.locator('#query').fill('heart');
      await shoot('search');
      await page.keyboard.press('Escape');
      await page.locator('.forget').click();
      await shoot('forget');
      await page.getByRole('button', { name: 'Forget me', exact: true }).click();
      await letMadeUpShop(page);
      await page.evaluate(() => scrollTo(0, 0));
      await page.mouse.move(0, 0);
      await shoot('learned', { fullPage: size === 'narrow' });
      await page.getByRole('button', { name: 'Show how' }).click();
      await collectWeeks(page, 2);
      await page.getByRole('button', { name: 'Put them together' }).click();
      await page.getByRole('button', { name: 'Try to cheat' }).click();
      await page.getByTestId('cheat').getByText('Refused').waitFor();
      await page.locator('#everybody').screenshot({ path: `${folder}everybody-${size}-${colorScheme}.png` });
      await page.goto(`${server.address}?catalogue=films`);
      await page.waitForSelector('html[data-ready]');
      await letMadeUpShop(page, 'animation', looksOfExploring);
      await page.evaluate(() => scrollTo(0, 0));
      await shoot('films');
      await context.close();
    });
  }
}

test('colors that the system chooses', async () => {
  const context = await browser.newContext({ viewport: sizes.wide, forcedColors: 'active', reducedMotion: 'reduce' });
  const { page } = await enterShop(context, server.address);
  await letMadeUpShop(page);
  await page.evaluate(() => scrollTo(0, 0));
  await page.locator('#for-you .why').first().click();
  await page.screenshot({ path: `${folder}forced-colors.png`, fullPage: true });
  await context.close();
});
