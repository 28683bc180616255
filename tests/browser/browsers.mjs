// The browsers that tests run in. SOTTO_BROWSER names the only one to run them in.
import { after, afterEach, before, beforeEach, describe } from 'node:test';
import { launchChromium, launchKillableChromium, savedFromChromium, tabKillerInChromium } from './chromium.mjs';
import {
  firefoxIsMissing,
  launchFirefox,
  launchKillableFirefox,
  savedFromFirefox,
  tabKillerInFirefox,
} from './firefox.mjs';

const only = process.env.SOTTO_BROWSER;
const isLeftOut = (name) => only !== undefined && only !== name && `SOTTO_BROWSER is ${only}`;

const browsers = [
  {
    name: 'Chromium',
    launch: launchChromium,
    launchKillable: launchKillableChromium,
    tabKiller: tabKillerInChromium,
    savedFrom: savedFromChromium,
    tap: (locator) => locator.tap(),
    isMissing: isLeftOut('Chromium'),
  },
  {
    name: 'Firefox',
    launch: launchFirefox,
    launchKillable: launchKillableFirefox,
    tabKiller: tabKillerInFirefox,
    savedFrom: savedFromFirefox,
    tap: (locator) => locator.click(), // Without a touch screen it makes no click of a touch.
    isMissing: isLeftOut('Firefox') || firefoxIsMissing,
  },
];

/** All browsers at once, for tests that show each of them the same page. */
export async function launchEach() {
  const running = [];
  for (const { launch, isMissing } of browsers) if (!isMissing) running.push(await launch());
  return running;
}

/** Registers tests once for each browser, in a group of its name. */
export function inEachBrowser(tests) {
  for (const { isMissing, ...browser } of browsers) {
    describe(browser.name, { skip: isMissing }, () => tests(browser));
  }
}

/**
 * Opens a server and a browser for all tests of a group, and for each test a context of the browser with these options. The
 * returned object has those of the test that runs.
 */
export function visitInContexts(serve, launch, options = {}) {
  const visit = { server: undefined, browser: undefined, context: undefined };
  before(async () => {
    [visit.server, visit.browser] = await Promise.all([serve(), launch()]);
  });
  after(() => Promise.all([visit.server?.close(), visit.browser?.close()]));
  beforeEach(async () => {
    visit.context = await visit.browser.newContext(options);
  });
  afterEach(() => visit.context.close());
  return visit;
}
