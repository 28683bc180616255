// What a visitor did is not lost, and what was erased does not come back: in every browser, whatever pages and browsers do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEachBrowser, visitInContexts } from './browsers.mjs';
import { clearSite, servePackage } from './package_page.mjs';

/** In every page before the test: how it opens a recommender, and looks at the `n`th items of its catalogue. */
async function prepare() {
  globalThis.sotto = await import('/package/index.js');
  globalThis.warnings = [];
  globalThis.heard = [];
  globalThis.start = async (model, options = {}) => {
    globalThis.recommender = await sotto.Recommender.open(`/${model}.safetensors`, {
      onWarning: ({ code, message }) => warnings.push(`${code}: ${message}`),
      onForgotten: () => heard.push('forgotten'),
      onCaughtUp: () => heard.push('caught up'),
      ...options,
    });
    return recommender;
  };
  globalThis.look = async (...places) => {
    for (const place of places) recommender.observe(recommender.catalogue[place].id);
    await recommender.saved();
  };
  globalThis.seen = (of = recommender) => {
    const places = new Map(of.catalogue.map(({ id }, place) => [id, place]));
    return of.history.map(({ id }) => places.get(id));
  };
  /** The package asks itself what has changed, by messages and by reading. */
  globalThis.until = async (condition) => {
    for (let left = 400; left > 0 && !condition(); --left) await new Promise((resolve) => setTimeout(resolve, 10));
  };
}

inEachBrowser(({ launch }) => {
  const visit = visitInContexts(servePackage, launch);

  /** A page of the origin; with a model, it has a recommender, whose store is one of the package's. */
  async function enter(model, store = 'indexedDbStore') {
    const page = await visit.context.newPage();
    await page.goto(visit.server.address);
    await page.evaluate(prepare);
    const open = ({ model, store }) => start(model, { store: sotto[store]() }).then(() => {});
    if (model !== undefined) await page.evaluate(open, { model, store });
    return page;
  }
  const look = (page, ...places) => page.evaluate((places) => look(...places), places);
  const seen = (page) => page.evaluate(() => seen());

  test('two models of one origin keep a history each', async () => {
    const page = await enter();
    const found = await page.evaluate(async () => {
      const found = [];
      for (const model of ['model', 'other', 'model', 'other', 'model']) {
        await start(model);
        found.push(seen());
        await look(recommender.events);
        await recommender.close();
      }
      return { found, warnings };
    });
    assert.deepEqual(found, { found: [[], [], [0], [0], [0, 1]], warnings: [] });
  });

  test('two models that state lineages keep a history each, though their items have the same ids', async () => {
    const page = await enter();
    const found = await page.evaluate(async () => {
      const found = [];
      for (const model of ['shop', 'outlet', 'shop-v2', 'outlet', 'shop']) {
        await start(model);
        found.push(seen().sort());
        await look(found.length);
        await recommender.close();
      }
      return { found, warnings: warnings.map((warning) => warning.split(':')[0]) };
    });
    const carried = 'state_carried_over';
    assert.deepEqual(found, { found: [[], [], [1], [2], [1, 3]], warnings: [carried] });
  });

  test('after forgetting it goes on, and only other pages are told', async () => {
    const other = await enter('model');
    const page = await enter('model');
    await look(page, 1, 2);
    await page.evaluate(async () => {
      await recommender.forget();
      await look(3);
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    assert.deepEqual(await seen(page), [3]);
    assert.deepEqual(await page.evaluate(() => heard), []);
    await other.evaluate(() => until(() => heard.includes('forgotten') && recommender.events === 1));
    assert.deepEqual(await seen(other), [3]);
    const again = await enter('model');
    assert.deepEqual(await seen(again), [3]);
  });

  for (const store of ['indexedDbStore', 'encryptedStore']) {
    test(`${store}: a connection that was closed is made again`, async () => {
      const page = await enter();
      const warnings = await page.evaluate(async (store) => {
        const databases = [];
        const { open } = IDBFactory.prototype;
        IDBFactory.prototype.open = function (...parameters) {
          const request = open.apply(this, parameters);
          request.addEventListener('success', () => databases.push(request.result));
          return request;
        };
        await start('model', { store: sotto[store]() });
        await look(1);
        for (const database of databases) database.close();
        await look(2);
        await new Promise((resolve) => {
          indexedDB.deleteDatabase('something else').onsuccess = resolve;
        });
        await look(3);
        return globalThis.warnings;
      }, store);
      assert.deepEqual(warnings, []);
      assert.deepEqual(await seen(await enter('model', store)), [1, 2, 3]);
    });

    test(`${store}: where IndexedDB never answers, the visit goes on in memory, and is stored once it answers`, async () => {
      await look(await enter('model', store), 1);
      const page = await enter();
      const opened = await page.evaluate(async (store) => {
        const { open } = IDBFactory.prototype;
        IDBFactory.prototype.open = () => ({});
        await start('model', { store: sotto[store]() });
        recommender.observe(recommender.catalogue[2].id);
        const opened = { seen: seen(), storedIn: recommender.storedIn, warnings: [...warnings] };
        await recommender.saved();
        IDBFactory.prototype.open = open;
        await look(3);
        return opened;
      }, store);
      assert.deepEqual(opened.seen, [2]);
      assert.equal(opened.storedIn, 'memory of this page only');
      assert.match(opened.warnings.join(), /^storage_unavailable: .* did not answer within 5 seconds/);
      assert.deepEqual(await seen(page), [1, 2, 3]);
      assert.deepEqual(await seen(await enter('model', store)), [1, 2, 3]);
    });
  }

  test('a page of the old version of the model and one of the new have the union, whichever writes last', async () => {
    const old = await enter('model');
    await look(old, 1);
    const renewed = await enter('v2');
    await look(renewed, 2);
    await look(old, 3);
    await look(renewed, 4);
    await look(old, 5);
    for (const model of ['model', 'v2', 'model']) {
      const page = await enter(model);
      assert.deepEqual((await seen(page)).sort(), [1, 2, 3, 4, 5], model);
      await page.close();
    }
  });

  test('what the user has erased in the browser stays erased', { timeout: 120_000 }, async () => {
    const page = await enter('model');
    await look(page, 1, 2);
    await page.evaluate(clearSite);
    await look(page, 3);
    assert.deepEqual(await seen(page), [3]);
    assert.deepEqual(await page.evaluate(() => heard), ['forgotten']);
    assert.deepEqual(await seen(await enter('model')), [3]);
  });

  test('two pages that write at the same moment and close lose nothing', async () => {
    for (let round = 0; round < 12; ++round) {
      const pages = await Promise.all([enter('model'), enter('model')]);
      await Promise.all(
        pages.map((page, place) =>
          page.evaluate(
            async (place) => {
              recommender.observe(recommender.catalogue[place].id);
              await recommender.close();
            },
            10 * round + place,
          ),
        ),
      );
      await Promise.all(pages.map((page) => page.close()));
    }
    const found = await seen(await enter('model'));
    assert.deepEqual(
      found.sort((a, b) => a - b),
      Array.from({ length: 12 }, (_, round) => [10 * round, 10 * round + 1]).flat(),
    );
  });

  test('two recommenders of one page see what each other does', async () => {
    const page = await enter();
    const found = await page.evaluate(async () => {
      const [one, other] = await Promise.all([start('model'), start('model')]);
      one.observe(one.catalogue[1].id);
      await one.saved();
      await until(() => other.events === 1);
      other.observe(other.catalogue[2].id);
      await other.saved();
      await until(() => one.events === 2);
      return [seen(one), seen(other)];
    });
    assert.deepEqual(found, [
      [1, 2],
      [1, 2],
    ]);
  });

  test("the page's own mistakes are reported, and what it did is stored", async () => {
    const page = await enter();
    const reported = await page.evaluate(async () => {
      const reported = [];
      addEventListener('error', (event) => {
        reported.push(event.error.message);
        event.preventDefault();
      });
      const inner = sotto.indexedDbStore();
      let isFull = true;
      const update = (...parameters) => {
        if (isFull) throw new Error('full');
        return inner.update(...parameters);
      };
      const onWarning = () => {
        throw new Error('a mistake of the page');
      };
      await start('model', { store: { ...inner, update }, onWarning });
      await look(1);
      isFull = false;
      await look(2);
      await recommender.close();
      return reported;
    });
    assert.deepEqual(reported, ['a mistake of the page']);
    assert.deepEqual(await seen(await enter('model')), [1, 2]);
  });

  test('two pages that write into a store of the site at the same moment lose nothing', async () => {
    const visit = (page, place) =>
      page.evaluate(async (place) => {
        // A store that takes its time between reading and writing, and cannot do both at once. It is not `localStorage`,
        // of which the page of another process sees a change only some time later.
        const write = (_, value) => (value instanceof Uint8Array ? { bytes: [...value] } : value);
        const read = (_, value) => (Array.isArray(value?.bytes) ? Uint8Array.from(value.bytes) : value);
        const cache = await caches.open('a store of the site');
        const address = (key) => `/kept/${encodeURIComponent(key)}`;
        const store = {
          load: async (key) => {
            const kept = await cache.match(address(key));
            return kept && JSON.parse(await kept.text(), read);
          },
          save: (key, record) => cache.put(address(key), new Response(JSON.stringify(record, write))),
          erase: async (keys) => {
            for (const key of keys) await cache.delete(address(key));
          },
        };
        await start('model', { store });
        if (place !== undefined) recommender.observe(recommender.catalogue[place].id);
        const found = seen().sort((a, b) => a - b);
        await recommender.close();
        return found;
      }, place);
    const pages = await Promise.all([enter(), enter()]);
    for (let round = 0; round < 6; ++round) {
      await Promise.all(pages.map((page, place) => visit(page, 10 * round + place)));
    }
    const expected = Array.from({ length: 6 }, (_, round) => [10 * round, 10 * round + 1]).flat();
    assert.deepEqual(await visit(await enter()), expected);
  });

  test('a store of the page may be synchronous, and its answers are checked', async () => {
    const page = await enter();
    const found = await page.evaluate(async () => {
      const records = new Map();
      const store = {
        load: (key) => records.get(key),
        save: (key, record) => void records.set(key, record),
        erase: (keys) => {
          for (const key of keys) records.delete(key);
        },
      };
      const [one, other] = await Promise.all([start('model', { store }), start('model', { store })]);
      one.observe(one.catalogue[1].id);
      other.observe(other.catalogue[2].id);
      await Promise.all([one.close(), other.close()]);
      await start('model', { store });
      const kept = seen();
      await recommender.close();
      records.clear();
      await start('model', { store: { ...store, load: () => 7 } });
      const refusal = await start('model', { store: {} }).catch(({ code }) => code);
      return { kept, refusal, warnings: warnings.map((text) => text.split(':')[0]) };
    });
    assert.deepEqual(found, { kept: [1, 2], refusal: 'invalid_argument', warnings: found.warnings });
    assert.ok(found.warnings.includes('state_damaged'));
  });

  test('what is unsound is set aside, and nothing that was set aside before is overwritten', async () => {
    const page = await enter();
    const found = await page.evaluate(async () => {
      const inTable = async (mode, act) => {
        const database = await new Promise((resolve) => {
          indexedDB.open('sotto').onsuccess = ({ target }) => resolve(target.result);
        });
        const transaction = database.transaction('states', mode);
        const { result } = await new Promise((resolve) => {
          const request = act(transaction.objectStore('states'));
          transaction.oncomplete = () => resolve(request);
        });
        database.close();
        return result;
      };
      for (const [place, damaged] of [7, 'nothing', { version: 4 }].entries()) {
        await start('model');
        await look(place);
        await recommender.close();
        await inTable('readwrite', (states) => states.put(damaged, 'sotto::default'));
      }
      await start('model');
      await recommender.close();
      const aside = IDBKeyRange.bound('sotto::default (set aside', 'sotto::default (set aside~');
      return [await inTable('readonly', (states) => states.getAll(aside)), warnings.map((text) => text.split(':')[0])];
    });
    // In the order of the places “(set aside 2)”, “(set aside 3)” and “(set aside)”.
    assert.deepEqual(found, [['nothing', { version: 4 }, 7], Array(3).fill('state_damaged')]);
  });

  test('a clock that was far ahead for a while does not date what comes after it', async () => {
    const page = await enter();
    const years = await page.evaluate(async () => {
      let now = Date.UTC(2026, 5, 1);
      await start('model', { clock: () => now });
      await look(1);
      now = Date.UTC(2040, 5, 1);
      await look(2);
      now = Date.UTC(2026, 5, 2);
      await look(3);
      now = Date.UTC(2026, 5, 3);
      await look(4);
      return recommender.history.map(({ at }) => at.toISOString().slice(0, 10));
    });
    assert.deepEqual(years, ['2026-06-01', '2026-06-02', '2026-06-02', '2026-06-03']);
  });

  test('the browser can be asked to keep what is stored', async () => {
    const page = await enter('model');
    assert.equal(typeof (await page.evaluate(() => recommender.persist())), 'boolean');
    const answers = await page.evaluate(async () => {
      const answers = [];
      for (const answer of [true, false]) {
        navigator.storage.persist = async () => answer;
        answers.push(await recommender.persist());
      }
      return answers;
    });
    assert.deepEqual(answers, [true, false]);
  });
});
