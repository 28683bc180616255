// ./sotto demo --sync in real browsers: leader, helper and page are real, a tab joins as a device, and all end together.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inEachBrowser } from '../browser/browsers.mjs';
import { program, repository } from './server.mjs';
import { freePort } from './sync.mjs';

const reports = 150;

async function startDemo() {
  const port = await freePort();
  const script = fileURLToPath(new URL('sync_demo.sh', import.meta.url));
  const shell = spawn(script, [program, String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(shell, 'exit');
  const folder = `${repository}build/sync-demo-${port}`;
  const said = [];
  const isReady = await Promise.race([
    (async () => {
      for await (const line of createInterface(shell.stderr)) {
        said.push(line);
        if (line.startsWith('The demo is at ')) return true;
      }
      return false;
    })(),
    exited.then(() => false),
  ]);
  assert.ok(isReady, said.join('\n'));
  shell.stderr.resume();
  const servers = JSON.parse(readFileSync(`${folder}/page/servers.json`, 'utf8'));
  return {
    said: said.join('\n'),
    address: `http://localhost:${port}/sync.html`,
    servers,
    folder,
    addresses: [`http://127.0.0.1:${port}/`, servers.leader.url, servers.helper.url],
    /** As Ctrl-C does. */
    async end() {
      if (shell.exitCode === null) shell.kill('SIGINT');
      const [code] = await exited;
      rmSync(folder, { recursive: true, force: true });
      return code;
    },
  };
}

const collect = async (page, week) => {
  await page.getByRole('button', { name: `Collect week ${week}`, exact: true }).click();
  await page.getByRole('button', { name: `Collect week ${week + 1}`, exact: true }).waitFor({ timeout: 120_000 });
};
/** What a reader sees of it, in one line. */
const words = async (locator) => (await locator.textContent()).replaceAll(/\s+/g, ' ').trim();

inEachBrowser(({ launch }) => {
  let browser;
  let demo;
  before(async () => {
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await demo?.end();
  });

  test('a device joins, the batch fills, the histogram and the trend come, and Ctrl-C leaves nothing running', async () => {
    demo = await startDemo();
    assert.match(demo.said, /Single operator: you run both servers/);
    assert.match(demo.said, /150 reports and little noise.*defaults are 2,000 and 8/);

    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
    const problems = [];
    context.on('page', (page) => {
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && problems.push(message.text()));
    });
    const page = await context.newPage();
    await page.goto(demo.address);
    await page.waitForSelector('html[data-ready]');
    await page.getByText('Single operator: you.').waitFor();
    assert.equal(
      await words(page.getByTestId('reports')),
      `0 of ${reports} reports verified. Below ${reports}, the sum is never opened.`,
    );

    // A tab is a device: it keeps a ledger, and the panel sees its report arrive.
    const [device] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('button', { name: 'Open a device of your own' }).click(),
    ]);
    await device.waitForSelector('html[data-ready]');
    assert.equal(new URL(device.url()).hostname, 'device-1.localhost');
    await device.getByRole('button', { name: 'Regency Cakestand' }).click();
    const report = device.getByRole('button', { name: 'I agree: report my choice' });
    await report.click();
    await device.getByText('Sent: 70 kB.').waitFor();
    assert.match(
      await words(device.getByTestId('outcome')),
      /one report, ε = \d\.\d\d in all\. The next one is due on/,
    );
    await page.getByText(`1 of ${reports}`).waitFor();
    await report.click();
    await device.getByText('its next report is not due').waitFor();

    await page.getByText('watering cans', { exact: true }).click();
    await collect(page, 1);
    assert.match(await words(page.locator('.histogram li').first()), /watering can/i);
    const shades = await page.$$eval('.views canvas, .sealed canvas', (canvases) =>
      canvases.map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, 64, 64);
        return new Set(Array.from({ length: 4096 }, (_, point) => data[4 * point + 1])).size;
      }),
    );
    assert.ok(
      shades[0] > 100 && shades[1] > 100 && shades[3] > 50,
      `the halves and the sealed report are noise: ${shades}`,
    );

    await collect(page, 2);
    assert.ok(Number(await page.getByRole('meter').getAttribute('aria-valuenow')) > 0);
    assert.match(
      await words(page.locator('.new-device .yours li').first()),
      /watering can.* wanted by many this week/i,
    );
    await device.getByText('This device follows trend 2').waitFor();

    await page.getByRole('button', { name: 'Try to cheat' }).click();
    await page.getByTestId('cheat').getByText('Refused by the proof (vdaf_verify_error)').waitFor();
    assert.deepEqual(problems, []);

    for (const side of ['leader', 'helper'])
      assert.ok(statSync(`${repository}${demo.servers[side].database}`).size > 0);
    await context.close();
    const { addresses } = demo;
    assert.equal(await demo.end(), 0);
    for (const address of addresses) await assert.rejects(fetch(address), undefined, `${address} still answers`);
  });
});
