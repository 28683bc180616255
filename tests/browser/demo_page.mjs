// The built demo on a free port of this machine, and what a visitor sees of it.
import { fileURLToPath } from 'node:url';
import { preview } from 'vite';

const demoFolder = fileURLToPath(new URL('../../web-demo/', import.meta.url));

/** Serves web-demo/dist as `npm run serve` does. */
export async function serveDemo() {
  const server = await preview({
    configFile: `${demoFolder}vite.config.mjs`,
    logLevel: 'warn',
    preview: { port: 0, strictPort: false },
  });
  return { address: `http://127.0.0.1:${server.httpServer.address().port}/`, close: () => server.close() };
}

/** Opens the shop and waits until it is ready; collects what went wrong and what was requested. */
export async function enterShop(context, address, search = '') {
  const page = await context.newPage();
  const problems = [];
  const requests = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(address + search);
  await page.waitForSelector('html[data-ready]');
  return { page, problems, requests };
}

export const forYou = (page) => page.$$eval('#for-you .product', (cards) => cards.map((card) => card.dataset.id));

/** Both lists of what was learned, when they are open. */
export const comparedLists = (page) =>
  page.$$eval('.expected ol', (lists) => lists.map((list) => [...list.children].map((item) => item.dataset.id)));

/** Looks of a made-up person who comes back to the same things, and of one who does not. */
export const looksOfReturning = 36;
export const looksOfExploring = 30;

/** Somebody made up comes first, until the end, and without pauses in a page of reduced motion; leaves the lists open. */
export async function letMadeUpShop(page, interest = 'lunch bags', looks = looksOfReturning) {
  await page.getByRole('button', { name: interest, exact: true }).click();
  await page.locator('[data-testid=about-you]', { hasText: `after ${looks} looks` }).waitFor();
}

/** Goes to the top, where the row of recommendations has its whole height and all its buttons. */
export async function backToTop(page) {
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForSelector('.for-you:not([data-compact])');
}

export const trail = (page) => page.$$eval('.trail li', (looks) => looks.map((look) => look.title));

/** The n-th product in the shop, from 0. */
export const product = (page, place) => page.locator('#shop .product').nth(place);

/** In the open panel "What everybody wants": collects that many weeks from the first on. */
export async function collectWeeks(page, weeks) {
  for (let week = 1; week <= weeks; week++) {
    await page.getByRole('button', { name: `Collect week ${week}`, exact: true }).click();
    await page.getByRole('button', { name: `Collect week ${week + 1}`, exact: true }).waitFor({ timeout: 120_000 });
  }
}
