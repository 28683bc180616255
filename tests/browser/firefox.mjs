// The system's Firefox over WebDriver BiDi (https://w3c.github.io/webdriver-bidi); nothing is downloaded. Its pages have
// what the tests use of Playwright's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { insecureHost } from './insecure_host.mjs';
import { connectWebSocket } from './web_socket.mjs';

const executablePath =
  process.env.SOTTO_FIREFOX ?? ['/usr/bin/firefox-esr', '/usr/bin/firefox'].find((path) => existsSync(path));

/** Why tests in Firefox are skipped, or false. */
export const firefoxIsMissing =
  executablePath === undefined && 'there is no Firefox: install firefox-esr, or set SOTTO_FIREFOX to its program';

const preferences = {
  'app.normandy.enabled': false,
  'app.update.auto': false,
  'browser.aboutConfig.showWarning': false,
  'browser.sessionstore.resume_from_crash': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.security.https_first': false,
  'dom.security.https_first_schemeless': false,
  // Nobody is there to answer whether a page may keep what it stores.
  'dom.storageManager.prompt.testing': true,
  'dom.storageManager.prompt.testing.allow': true,
  'datareporting.healthreport.uploadEnabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.dns.localDomains': insecureHost,
  'services.settings.server': 'data:,',
  'toolkit.startup.max_resumed_crashes': -1,
  'toolkit.telemetry.enabled': false,
};

/** A Firefox with a profile folder of its own, which goes with it. */
export async function launchFirefox() {
  const profile = mkdtempSync(join(tmpdir(), 'sotto-firefox-'));
  const remove = () => rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  try {
    const { newContext, kill } = await start(profile);
    const end = async () => {
      await kill();
      remove();
    };
    return { newContext, close: end };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A Firefox that keeps what it stores in the folder `profile`, and that `kill()` ends with SIGKILL, all its processes at once. */
export async function launchKillableFirefox(profile) {
  const { newPage, kill } = await start(profile);
  return { page: await newPage('default'), newPage: () => newPage('default'), kill };
}

async function start(profile) {
  const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, 'user.js'), lines.join(''));
  // Detached: a process group of its own, that can be killed as one.
  const main = spawn(
    executablePath,
    ['--headless', '--no-remote', '--new-instance', '--profile', profile, '--remote-debugging-port=0'],
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, MOZ_CRASHREPORTER_DISABLE: '1' } },
  );
  const ended = once(main, 'exit');
  const kill = async () => {
    if (main.exitCode === null && main.signalCode === null) process.kill(-main.pid, 'SIGKILL');
    await ended;
  };
  try {
    const command = await connect(`${await debuggingAddress(main)}/session`);
    await command('session.new', { capabilities: {} });
    const newPage = async (userContext) => {
      // A window, because of a window's tabs only one is visible.
      const { context } = await command('browsingContext.create', { type: 'window', userContext });
      return new Page(command, context);
    };
    const newContext = async () => {
      const { userContext } = await command('browser.createUserContext', {});
      return {
        newPage: () => newPage(userContext),
        close: () => command('browser.removeUserContext', { userContext }),
      };
    };
    return { newContext, newPage, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** Resolves with how to send a command and await its result. */
async function connect(address) {
  const waiting = new Map();
  let last = 0;
  const { send } = await connectWebSocket(address, (text) => {
    const { id, type, result, error, message } = JSON.parse(text);
    const command = waiting.get(id);
    if (command === undefined) return; // An event.
    waiting.delete(id);
    if (type === 'success') command.resolve(result);
    else command.reject(new Error(`${command.method}: ${error}: ${message}`));
  });
  return (method, params) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { method, resolve, reject });
      send(JSON.stringify({ id, method, params }));
    });
}

class Page {
  #command;
  #context;

  constructor(command, context) {
    this.#command = command;
    this.#context = context;
  }

  goto(url) {
    return this.#command('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  reload() {
    return this.#command('browsingContext.reload', { context: this.#context, wait: 'complete' });
  }

  close() {
    return this.#command('browsingContext.close', { context: this.#context });
  }

  /** Calls a function in the page. Its argument and what it gives are what JSON can say. */
  async evaluate(callee, argument) {
    const { type, result, exceptionDetails } = await this.#command('script.callFunction', {
      functionDeclaration: `async (argument) => {
        const value = await (${callee})(argument === undefined ? undefined : JSON.parse(argument));
        return JSON.stringify(value);
      }`,
      arguments: [argument === undefined ? { type: 'undefined' } : { type: 'string', value: JSON.stringify(argument) }],
      awaitPromise: true,
      target: { context: this.#context },
    });
    if (type === 'exception') throw new Error(exceptionDetails.text);
    return result.type === 'undefined' ? undefined : JSON.parse(result.value);
  }

  /** Waits until a function gives something true in the page. */
  async waitForFunction(condition, argument) {
    while (!(await this.evaluate(condition, argument))) await sleep(20);
  }
}

async function debuggingAddress({ stderr }) {
  const said = [];
  for await (const line of createInterface(stderr)) {
    const [, address] = /^WebDriver BiDi listening on (ws:.*)$/.exec(line) ?? [];
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
    said.push(line);
  }
  throw new Error(`Firefox did not start:\n${said.join('\n')}`);
}
