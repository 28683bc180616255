// Private sync in a real browser: its cryptography, its workers, its storage, several tabs.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { slotOf, startSite } from '../../wasm/package/tests/sync_support.mjs';
import { inEachBrowser } from './browsers.mjs';
import { servePackage } from './package_page.mjs';

inEachBrowser(({ launch }) => {
  let server;
  let browser;
  let context;
  let site;
  before(async () => {
    [server, browser] = await Promise.all([servePackage(), launch()]);
    const page = await (await browser.newContext()).newPage();
    await page.goto(server.address);
    const { fingerprint, items } = await page.evaluate(async () => {
      const { Recommender } = await import('/package/index.js');
      const { modelInfo, items } = await Recommender.open('/model.safetensors');
      return { fingerprint: modelInfo.fingerprint, items };
    });
    await page.context().close();
    site = await startSite(fingerprint, items);
  });
  after(() => Promise.all([browser?.close(), server?.close(), site?.close()]));
  beforeEach(async () => {
    context = await browser.newContext();
    site.uploads.length = 0;
    await site.publish();
  });
  afterEach(() => context.close());

  /** A page with `recommender`, and `visit` for what a site's page does. Chance never says "nothing" in it. */
  async function enter() {
    const page = await context.newPage();
    const workers = [];
    page.on('worker', (worker) => workers.push(new URL(worker.url()).pathname));
    await page.goto(server.address);
    await page.evaluate(
      async ({ manifestUrl, key, helperUrl, helperKey }) => {
        const [{ Recommender }, sotto] = await Promise.all([
          import('/package/index.js'),
          import('/package/sync/index.js'),
        ]);
        const real = crypto.getRandomValues.bind(crypto);
        crypto.getRandomValues = (array) => (array instanceof Uint32Array ? array.fill(0xe0000000) : real(array));
        globalThis.sotto = sotto;
        globalThis.recommender = await Recommender.open('/model.safetensors');
        globalThis.visit = (more) =>
          sotto.sync(recommender, {
            manifest: manifestUrl,
            key,
            helper: { url: helperUrl, key: helperKey },
            consent: true,
            maxDelay: 0,
            ...more,
          });
      },
      { manifestUrl: site.manifestUrl, key: site.key, helperUrl: site.helperUrl, helperKey: site.helperKey },
    );
    return { page, workers };
  }

  test('a report is made in a worker, arrives, verifies, and says the latest choice', async () => {
    const { page, workers } = await enter();
    const { result, ledger } = await page.evaluate(async () => {
      recommender.observe(recommender.catalogue[5].id);
      return { result: await visit(), ledger: await sotto.ledger() };
    });
    assert.deepEqual([result.sent, result.reason], [true, undefined]);
    assert.deepEqual(workers, ['/package/sync/report_worker.js']);
    assert.equal(site.uploads.length, 1);
    assert.equal(site.uploads[0].body.length, result.bytes);
    assert.ok(result.bytes <= 72_000);
    assert.equal((await slotOf(site, site.uploads[0])).slot, 5);
    assert.deepEqual(ledger.reports, { window: 1, total: 1 });
  });

  test('a page that is closed before the report leaves sends it at the next visit, the same one', async () => {
    const first = await enter();
    await first.page.evaluate(async () => {
      recommender.observe(recommender.catalogue[2].id);
      // The page goes while the report waits for its time.
      await new Promise((resolve) => {
        const wait = () => {
          resolve();
          return new Promise(() => {});
        };
        void visit({ wait });
      });
    });
    await first.page.close();
    assert.equal(site.uploads.length, 0);
    const { page } = await enter();
    const result = await page.evaluate(async () => {
      recommender.observe(recommender.catalogue[8].id);
      return { ...(await visit()), ledger: await sotto.ledger() };
    });
    assert.equal(result.sent, true);
    assert.equal((await slotOf(site, site.uploads[0])).slot, 4);
    assert.equal(result.ledger.reports.total, 1);
    assert.equal((await page.evaluate(() => visit())).reason, 'not_due');
  });

  test('of several tabs one sends', async () => {
    const tabs = await Promise.all([enter(), enter(), enter()]);
    const results = await Promise.all(tabs.map(({ page }) => page.evaluate(() => visit())));
    assert.equal(results.filter(({ sent }) => sent).length, 1);
    assert.equal(site.uploads.length, 1);
  });

  test('without consent nothing is sent, and the trend makes an item rise', async () => {
    await site.publish({ trendVersion: 1, trend: { 2: 6 * 1024 } });
    const { page } = await enter();
    const result = await page.evaluate(async () => {
      const { id } = recommender.catalogue[0];
      const place = () => recommender.recommend(recommender.items).findIndex((item) => item.id === id);
      const before = place();
      const { reason, trend } = await visit({ consent: undefined });
      return { reason, trend, rose: place() < before, why: recommender.why(id).trend?.text };
    });
    assert.deepEqual([result.reason, result.trend], ['no_consent', { version: 1, applied: true }]);
    assert.ok(result.rose);
    assert.equal(result.why, 'wanted by many this week');
    assert.equal(site.uploads.length, 0);
  });

  test('@hpke/core in this browser gives the message of RFC 9180, A.1.1', async () => {
    const { outputFiles } = await build({
      stdin: { contents: `export * from '@hpke/core'`, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
      bundle: true,
      format: 'esm',
      write: false,
    });
    const { page } = await enter();
    const made = await page.evaluate(async (code) => {
      const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
      const { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } = await import(url);
      const bytes = (hex) => Uint8Array.from(hex.match(/../g), (two) => Number.parseInt(two, 16)).buffer;
      const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');
      const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });
      const recipient = await suite.kem.deriveKeyPair(
        bytes('6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037'),
      );
      const ekm = await suite.kem.deriveKeyPair(
        bytes('7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234'),
      );
      const info = bytes('4f6465206f6e2061204772656369616e2055726e');
      const aad = bytes('436f756e742d30');
      const plaintext = bytes('4265617574792069732074727574682c20747275746820626561757479');
      const { enc, ct } = await suite.seal({ recipientPublicKey: recipient.publicKey, info, ekm }, plaintext, aad);
      const opened = await suite.open({ recipientKey: recipient.privateKey, enc, info }, ct, aad);
      return { enc: hex(enc), ct: hex(ct), opened: hex(opened), plaintext: hex(plaintext) };
    }, outputFiles[0].text);
    assert.equal(made.enc, '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431');
    assert.equal(made.ct, 'f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a');
    assert.equal(made.opened, made.plaintext);
  });
});
