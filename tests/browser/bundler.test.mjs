// The package as others install it: packed by npm, installed from the tarball, bundled by Vite, opened in Chromium.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build, createServer, preview } from 'vite';
import { launchEach } from './browsers.mjs';

const packageFolder = fileURLToPath(new URL('../../wasm/package/', import.meta.url));
const model =
  process.env.SOTTO_TEST_MODEL ??
  fileURLToPath(new URL('../../models/online-retail/model.safetensors', import.meta.url));
const page = `<!doctype html>
<script type="module">
  import { Recommender } from 'sotto';
  import { ledger, sync } from 'sotto/sync';
  import { Recommender as InWorker } from 'sotto/worker';
  globalThis.sync = sync;
  const recommender = await Recommender.open('/model.safetensors');
  const { reports } = await ledger();
  const inWorker = await InWorker.open('/model.safetensors');
  const codes = await inWorker.restore('/', 'a wrong code').catch(({ code }) => code);
  const found = [recommender.recommend(5).length, (await inWorker.recommend(5)).length];
  document.title = \`\${found} of \${recommender.items}, \${reports.total} reports, \${codes}\`;
</script>`;
const local = { host: '127.0.0.1', port: 0, strictPort: false };

let project;
let running;
before(async () => {
  project = mkdtempSync(join(tmpdir(), 'sotto-bundler-'));
  const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const [{ filename }] = JSON.parse(
    npm(['pack', '--ignore-scripts', '--json', '--pack-destination', project], packageFolder),
  );
  writeFileSync(join(project, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }');
  npm(['install', '--offline', '--no-audit', '--no-fund', join(project, filename)], project);
  writeFileSync(join(project, 'index.html'), page);
  mkdirSync(join(project, 'public'));
  copyFileSync(model, join(project, 'public', 'model.safetensors'));
  running = await launchEach();
});
after(async () => {
  await Promise.all((running ?? []).map((browser) => browser.close()));
  rmSync(project, { recursive: true, force: true });
});

const options = (more) => ({ root: project, configFile: false, logLevel: 'warn', ...more });

/** In each browser, the page gives itself the title of one that has done everything. */
async function visit(server) {
  for (const browser of running) {
    const page = await (await browser.newContext()).newPage();
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/`);
    await page.waitForFunction(() => document.title !== '');
    assert.deepEqual(problems, []);
    assert.match(await page.title(), /^5,5 of \d+, 0 reports, wrong_code$/);
    await page.close();
  }
}

test('the tarball holds what is documented, and nothing else', () => {
  const installed = join(project, 'node_modules', 'sotto');
  const parts = 'LICENSE,LICENSE-hpke,README.md,dist,inline,package.json,react,src,sync,worker';
  assert.equal(readdirSync(installed).sort().join(), parts);
  const dist = readdirSync(join(installed, 'dist'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  const modules = dist.filter((file) => file.endsWith('.wasm')).sort();
  assert.deepEqual(modules, ['sotto-relaxed-simd.wasm', 'sotto-scalar.wasm', 'sotto-simd128.wasm', 'sotto-sync.wasm']);
  assert.ok(
    dist.every((file) => /\.(js|d\.ts)(\.map)?$|\.wasm$/.test(file)),
    dist.join(),
  );
});

test('a Vite build emits the modules, and the page runs', async () => {
  await build(options({ build: { target: 'es2022' } }));
  const assets = readdirSync(join(project, 'dist', 'assets'));
  assert.equal(assets.filter((file) => file.endsWith('.wasm')).length, 4);
  assert.ok(assets.some((file) => file.startsWith('report_worker')));
  assert.ok(!assets.some((file) => file.includes('browser-external')), 'nothing of Node is bundled');
  const server = await preview(options({ preview: local }));
  await visit(server);
  await server.close();
});

test("Vite's development server runs it with the setting that the README names", async () => {
  const server = await createServer(options({ server: local, optimizeDeps: { exclude: ['sotto'] } }));
  await server.listen();
  await visit(server);
  await server.close();
});
