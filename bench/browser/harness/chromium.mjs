// Contenders in headless Chromium, each in a context of its own.
import { chromium } from 'playwright-core';

const openingLimit = 60_000; // ms

export async function launchChromium() {
  const executablePath = process.env.SOTTO_CHROMIUM ?? '/usr/bin/chromium';
  try {
    return await chromium.launch({
      executablePath,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  } catch (error) {
    throw new Error(`${executablePath} does not start (SOTTO_CHROMIUM names another Chromium): ${firstLine(error)}`);
  }
}

const firstLine = (error) => String(error.message ?? error).split('\n')[0];

export async function openInChromium(browser, server, contender) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const failed = new Promise((_, reject) => page.once('pageerror', reject));
    failed.catch(() => undefined);
    await page.goto(server.page(`stage.${contender.name}`));
    const ready = page.waitForFunction(() => document.title === 'ready', undefined, { timeout: openingLimit });
    await Promise.race([ready, failed]);
    await page.evaluate(async () => {
      globalThis.stage = await globalThis.openStage();
    });
    return {
      async call(method, ...args) {
        await page.bringToFront();
        return page.evaluate(([name, values]) => globalThis.stage[name](...values), [method, args]);
      },
      close: () => context.close(),
    };
  } catch (error) {
    await context.close();
    throw new Error(firstLine(error));
  }
}

/**
 * From navigation to the first top-10, with nothing cached: milliseconds by the page's own clock, which starts with
 * the navigation, and the addresses that were requested.
 */
export async function navigateToFirstTop10(browser, server, name) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const requests = [];
    page.on('request', (request) => requests.push(request.url()));
    const isAnswer = (message) => message.type() === 'info';
    const done = page.waitForEvent('console', { predicate: isAnswer, timeout: openingLimit });
    done.catch(() => undefined);
    const failed = new Promise((_, reject) => page.once('pageerror', reject));
    await page.goto(server.page(`first.${name}`));
    const message = await Promise.race([done, failed]);
    return { milliseconds: Number(message.text().split(' ')[0]), requests };
  } finally {
    await context.close();
  }
}
