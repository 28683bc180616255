// The system's Firefox; nothing is downloaded.
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { firefox } from 'playwright-core';
import { processOf } from './firefox_tab.mjs';
import { insecureHost } from './insecure_host.mjs';

const program =
  process.env.SOTTO_FIREFOX ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));

/** Why tests in Firefox are skipped, or false. */
export const firefoxIsMissing =
  program === undefined && 'there is no Firefox: install firefox-esr, or set SOTTO_FIREFOX to its program';

const preferences = {
  'dom.security.https_first': false,
  'dom.security.https_first_schemeless': false,
  // Nobody is there to answer whether a page may keep what it stores.
  'dom.storageManager.prompt.testing': true,
  'dom.storageManager.prompt.testing.allow': true,
  'network.dns.localDomains': insecureHost,
  'toolkit.startup.max_resumed_crashes': -1,
};

/** What a visitor has set for the whole system, or has for a device: WebDriver BiDi has no commands for it. */
const systemPreferences = ({ reducedMotion, colorScheme, forcedColors, hasTouch }) => ({
  'ui.prefersReducedMotion': reducedMotion === 'reduce' ? 1 : 0,
  'layout.css.prefers-color-scheme.content-override': colorScheme === 'dark' ? 0 : 1,
  'browser.display.document_color_use': forcedColors === 'active' ? 2 : 0,
  'dom.w3c_touch_events.enabled': hasTouch ? 1 : 0,
  // A finger is coarse and does not hover; a mouse is fine and does.
  'ui.primaryPointerCapabilities': hasTouch ? 1 : 6,
  'ui.allPointerCapabilities': hasTouch ? 1 : 6,
});

const folder = mkdtempSync(join(tmpdir(), 'sotto-firefox-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const downloadsPath = join(folder, 'downloads');

// Playwright has Firefox end when a tab's process does. A user's goes on.
const executablePath = join(folder, 'firefox');
writeFileSync(executablePath, `#!/bin/sh\nunset MOZ_CRASHREPORTER_SHUTDOWN\nexec '${program}' "$@"\n`, { mode: 0o700 });

// The channel stands for WebDriver BiDi (https://w3c.github.io/webdriver-bidi), which a Firefox that Playwright did not
// build understands.
const launchOptions = (options = {}) => ({
  channel: 'moz-firefox',
  executablePath,
  downloadsPath,
  firefoxUserPrefs: { ...preferences, ...systemPreferences(options) },
});

/** Firefoxes that end together, one for each set of preferences that a context asks for. */
export async function launchFirefox() {
  const running = new Map();
  const browserFor = (options) => {
    const key = JSON.stringify(systemPreferences(options));
    if (!running.has(key)) running.set(key, firefox.launch(launchOptions(options)));
    return running.get(key);
  };
  return {
    newContext: async (options = {}) => (await browserFor(options)).newContext(options),
    close: async () => {
      for (const browser of running.values()) await (await browser).close();
    },
  };
}

/** Gives a function that ends the process of a page, and then the page. */
export async function tabKillerInFirefox(page) {
  const id = await processOf(page);
  return () => {
    process.kill(id, 'SIGKILL');
    return page.close();
  };
}

/** Gives the name and the text of the one file that `act` has a page save. */
// Firefox names no navigation for what a page has made itself, and Playwright then does not tell of the download.
export async function savedFromFirefox(_, act) {
  await act();
  for (;;) {
    const names = existsSync(downloadsPath) ? readdirSync(downloadsPath) : [];
    const [name] = names.filter((name) => !name.endsWith('.part') && !names.includes(`${name}.part`));
    const text = name === undefined ? '' : readFileSync(join(downloadsPath, name), 'utf8');
    if (text !== '') return { name, text };
    await setTimeout(20);
  }
}

/** A Firefox that keeps what it stores in the folder `profile`, and that `kill()` ends with SIGKILL, all its processes at once. */
export async function launchKillableFirefox(profile) {
  const context = await firefox.launchPersistentContext(profile, launchOptions());
  const ended = new Promise((resolve) => context.once('close', resolve));
  // A running Firefox marks its profile with a link to “address:+process”; its processes are a group of their own.
  const [, main] = /\+(\d+)$/.exec(readlinkSync(join(profile, 'lock')));
  const kill = () => {
    process.kill(-main, 'SIGKILL');
    return ended;
  };
  return { page: context.pages()[0] ?? (await context.newPage()), newPage: () => context.newPage(), kill };
}
