// The system's Chromium; nothing is downloaded.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import { insecureHost } from './insecure_host.mjs';

const executablePath = process.env.SOTTO_CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=MAP ${insecureHost} 127.0.0.1`,
];

export function launchChromium() {
  return chromium.launch({ executablePath, args });
}

/** Gives the name and the text of the one file that `act` has a page save. */
export async function savedFromChromium(page, act) {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

/** Gives a function that ends the process of a page, and then the page. */
export async function tabKillerInChromium(page) {
  const session = await page.context().newCDPSession(page);
  return async () => {
    const crashed = new Promise((resolve) => page.once('crash', resolve));
    void session.send('Page.crash').catch(() => {}); // It has no answer.
    await crashed;
    await page.close();
  };
}

/**
 * A Chromium that keeps what it stores in the folder `profile`, and that `kill()` ends with SIGKILL, all its processes
 * at once: as the system does when memory runs out.
 */
export async function launchKillableChromium(profile) {
  const more = [
    `--user-data-dir=${profile}`,
    '--remote-debugging-port=0',
    '--password-store=basic',
    '--disable-breakpad',
  ];
  // Detached: a process group of its own, that can be killed as one.
  const main = spawn(executablePath, [...args, ...more], { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(main, 'exit');
  const kill = () => {
    process.kill(-main.pid, 'SIGKILL');
    return ended;
  };
  try {
    const browser = await chromium.connectOverCDP(await debuggingAddress(main));
    const newPage = () => browser.contexts()[0].newPage();
    return { page: await newPage(), newPage, kill };
  } catch (error) {
    if (main.exitCode === null) await kill();
    throw error;
  }
}

async function debuggingAddress({ stderr }) {
  const said = [];
  const lines = createInterface(stderr);
  for await (const line of lines) {
    const [, address] = /^DevTools listening on (ws:.*)$/.exec(line) ?? [];
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
    said.push(line);
  }
  throw new Error(`Chromium did not start:\n${said.join('\n')}`);
}
