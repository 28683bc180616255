// The encrypted store in real browsers: their own cryptography, their own structured clones of keys.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser, visitInContexts } from './browsers.mjs';
import { insecureHost } from './insecure_host.mjs';
import { servePackage } from './package_page.mjs';

inEachBrowser(({ launch }) => {
  const visit = visitInContexts(servePackage, launch);

  /** A page with `recommender` of an encrypted store, the `warnings` it gave, and `read` for what the browser stores. */
  async function enter(address = visit.server.address) {
    const page = await visit.context.newPage();
    await page.goto(address);
    await open(page);
    return page;
  }

  function open(page) {
    return page.evaluate(async () => {
      const { Recommender, encryptedStore } = await import('/package/index.js');
      globalThis.warnings = [];
      globalThis.recommender = await Recommender.open('/model.safetensors', {
        store: encryptedStore(),
        onWarning: ({ code }) => warnings.push(code),
      });
      globalThis.read = (database, table) =>
        new Promise((resolve, reject) => {
          const opening = indexedDB.open(database);
          opening.onerror = () => reject(opening.error);
          opening.onsuccess = () => {
            const reading = opening.result.transaction(table).objectStore(table).getAll();
            reading.onsuccess = () => resolve(reading.result);
          };
        });
    });
  }

  const look = (page, first, last) =>
    page.evaluate(
      async ([first, last]) => {
        for (const { id } of recommender.catalogue.slice(first, last)) recommender.observe(id);
        await recommender.saved();
      },
      [first, last],
    );

  const found = (page) =>
    page.evaluate(() => ({
      state: [...recommender.exportState()],
      history: recommender.history,
      best: recommender.recommend(5),
      storedIn: recommender.storedIn,
      warnings,
    }));

  test('the state is there again after a reload', async () => {
    const page = await enter();
    await look(page, 0, 5);
    const before = await found(page);
    assert.equal(before.history.length, 5);
    assert.equal(before.storedIn, 'IndexedDB “sotto” in this browser, encrypted');
    assert.deepEqual(before.warnings, []);
    await page.reload();
    await open(page);
    assert.deepEqual(await found(page), before);
  });

  test('what is stored cannot be read, and neither can the key', async () => {
    const page = await enter();
    await look(page, 0, 5);
    const { records, keys, exported } = await page.evaluate(async () => {
      const [records, keys] = await Promise.all([read('sotto', 'states'), read('sotto keys', 'keys')]);
      const exportAs = (format) =>
        crypto.subtle.exportKey(format, keys[0]).then(
          () => 'exported',
          ({ name }) => name,
        );
      return {
        records: records.map(({ bytes, ...others }) => ({
          fields: Object.keys(others),
          leaks: recommender.history.filter(({ id }) => new TextDecoder('latin1').decode(bytes).includes(id)),
        })),
        keys: keys.map((key) => [key instanceof CryptoKey, key.extractable, key.algorithm.name, key.algorithm.length]),
        exported: await Promise.all(['raw', 'jwk'].map(exportAs)),
      };
    });
    assert.deepEqual(records, [{ fields: ['sealed', 'iv'], leaks: [] }]);
    assert.deepEqual(keys, [[true, false, 'AES-GCM', 256]]);
    assert.deepEqual(exported, ['InvalidAccessError', 'InvalidAccessError']);
  });

  test('two pages that open at the same time use one key; forgetting erases it and empties both', async () => {
    const [one, other] = await Promise.all([enter(), enter()]);
    await Promise.all([look(one, 0, 3), look(other, 3, 5)]);
    await look(other, 5, 6);
    await look(one, 6, 7); // By now both have read what the other wrote.
    const third = await enter();
    assert.deepEqual(await found(third), await found(one));
    assert.equal((await found(third)).history.length, 7);
    const stored = () =>
      one.evaluate(async () => [(await read('sotto', 'states')).length, (await read('sotto keys', 'keys')).length]);
    assert.deepEqual(await stored(), [1, 1]);
    await one.evaluate(() => recommender.forget());
    await other.waitForFunction(() => recommender.events === 0);
    assert.deepEqual(await stored(), [0, 0]);
  });

  test('a page without HTTPS gets the reason', async () => {
    const page = await visit.context.newPage();
    await page.goto(visit.server.address.replace('127.0.0.1', insecureHost));
    const error = await page.evaluate(async () => {
      const { encryptedStore } = await import('/package/index.js');
      try {
        return String(encryptedStore());
      } catch ({ name, code, message }) {
        return { name, code, message };
      }
    });
    assert.equal(error.name, 'SottoError');
    assert.equal(error.code, 'unsupported');
    assert.match(error.message, /serve the page over HTTPS/);
  });
});
