// A browser is killed while a page stores as fast as it can. What is found afterwards must be a state as it was after one
// of the events, whole, and no older than the last that was said to be saved. Seldom Chromium itself loses a whole database
// to a kill, which no page can prevent: then the user is a new one, and nothing half.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Recommender, memoryStore } from 'sotto';
import { inEachBrowser } from './browsers.mjs';
import { modelPath, servePackage } from './package_page.mjs';

const stores = ['indexedDbStore', 'encryptedStore'];
/** When each visit is killed: milliseconds after every store has reported its first save of the visit. */
const delaysOf = { Chromium: [0, 1, 3, 8, 20, 50, 110, 240], Firefox: [0, 8, 110] };
/** Of all stores and kills. */
const maxLosses = 4;

inEachBrowser(({ name, launchKillable }) => {
  const delays = delaysOf[name];
  let server;
  let profile;
  let browser;
  let onSaved;
  before(async () => {
    profile = mkdtempSync(join(tmpdir(), 'sotto-kill-'));
    const saved = (parameters) => {
      onSaved(parameters.get('store'), Number(parameters.get('events')));
      return '';
    };
    server = await servePackage({ '/saved': saved });
  });
  after(async () => {
    await browser?.kill();
    await server?.close();
    // Its crash handlers end a moment after it.
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

  /** Starts the browser with the profile and opens a recommender for each store; gives what they found. */
  async function visit(tellSaved) {
    onSaved = tellSaved;
    browser = await launchKillable(profile);
    const { page } = browser;
    await page.goto(server.address);
    const found = await page.evaluate(async (stores) => {
      const sotto = await import('/package/index.js');
      globalThis.recommenders = {};
      const open = async (store) => {
        const warnings = [];
        const recommender = await sotto.Recommender.open('/model.safetensors', {
          store: sotto[store](store),
          onWarning: ({ message }) => warnings.push(message),
        });
        recommenders[store] = recommender;
        const { events, storedIn } = recommender;
        const history = recommender.history.map(({ id, at }) => [id, at.getTime()]);
        return [store, { events, history, storedIn, state: [...recommender.exportState()], warnings }];
      };
      return Object.fromEntries(await Promise.all(stores.map(open)));
    }, stores);
    return { page, found };
  }

  async function kill() {
    await browser.kill();
    browser = undefined;
  }

  const title = `${delays.length} kills: each time the whole state of some event, none older than the last reported`;
  // A test that is stuck must end by itself, or its browser would outlive it.
  test(title, { timeout: 240_000 }, async (t) => {
    const references = Object.fromEntries(
      await Promise.all(stores.map(async (store) => [store, await makeReference()])),
    );
    const reported = Object.fromEntries(stores.map((store) => [store, 0]));

    let losses = 0;
    const check = async (found) => {
      for (const store of stores) {
        const { events, state, history, storedIn, warnings } = found[store];
        if (events === 0 && reported[store] > 0) {
          t.diagnostic(`${store}: the browser has lost the whole database`);
          losses++;
          reported[store] = 0;
          references[store] = await makeReference();
        }
        t.diagnostic(`${store}: ${events} events found, ${reported[store]} reported`);
        assert.deepEqual(warnings, [], store);
        assert.match(storedIn, /^IndexedDB/);
        assert.ok(
          events >= reported[store],
          `${store}: ${events} events found, but ${reported[store]} reported as saved`,
        );
        const expected = references[store](events);
        assert.deepEqual(state, expected.state, `${store}: the state after ${events} events`);
        assert.deepEqual(history, expected.history, `${store}: the history after ${events} events`);
      }
    };

    for (const delay of delays) {
      const waiting = new Set(stores);
      let everyStoreSaved;
      const progress = new Promise((resolve) => (everyStoreSaved = resolve));
      const { page, found } = await visit((store, events) => {
        reported[store] = Math.max(reported[store], events);
        if (waiting.delete(store) && waiting.size === 0) everyStoreSaved();
      });
      await check(found);
      await page.evaluate(lookOnForEver);
      await progress;
      await sleep(delay);
      await kill();
    }

    const { page, found } = await visit(() => {});
    await check(found);
    assert.ok(losses <= maxLosses, `${losses} databases lost in ${delays.length} kills`);
    await page.evaluate(() => Promise.all(Object.values(recommenders).map((recommender) => recommender.forget())));
    await kill();
    const { found: forgotten } = await visit(() => {});
    for (const store of stores) {
      assert.deepEqual(forgotten[store].warnings, [], store);
      assert.equal(forgotten[store].events, 0, `${store}: what was forgotten stays forgotten`);
      assert.deepEqual(forgotten[store].history, []);
    }
  });
});

/** In the page: goes on with the sequence of events until the end, a few events a write. */
function lookOnForEver() {
  for (const [store, recommender] of Object.entries(recommenders)) {
    const { catalogue } = recommender;
    const lookOn = async () => {
      for (;;) {
        const burst = 1 + (recommender.events % 5);
        for (let i = 0; i < burst; i++) {
          const n = recommender.events;
          recommender.observe(catalogue[(n * n + 7 * n) % catalogue.length].id, 60_000 * n);
        }
        await recommender.saved();
        void fetch(`/saved?store=${store}&events=${recommender.events}`);
      }
    };
    void lookOn();
  }
}

/** The same sequence in this process, up to any number of events that does not fall. */
async function makeReference() {
  const recommender = await Recommender.open(modelPath, { store: memoryStore() });
  const { catalogue } = recommender;
  const ids = []; // A minute passes from each to the next.
  return (events) => {
    for (let n = ids.length; n < events; n++) {
      ids.push(catalogue[(n * n + 7 * n) % catalogue.length].id);
      recommender.observe(ids[n], 60_000 * n);
    }
    const history = recommender.history.map(({ id, at }) => [id, at.getTime()]);
    return { state: [...recommender.exportState()], history };
  };
}
