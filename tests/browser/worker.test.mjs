// sotto/worker in Chromium and Firefox: the same answers as in the page, with promises.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inEachBrowser } from './browsers.mjs';
import { modelWith } from '../../wasm/package/tests/support.mjs';
import { hanging, servePackage } from './package_page.mjs';

const withCategories = modelWith(({ catalogue }) => {
  catalogue.category = catalogue.item_id.map((_, place) => ['tea', 'lamps|tea', 'boxes'][place % 3]);
});

let site;
before(async () => {
  site = await servePackage({
    '/never': hanging,
    '/package/broken.js': 'throw new Error("this script is broken")',
    '/categories.safetensors': withCategories,
  });
});
after(() => site.close());

inEachBrowser(({ launch }) => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** Runs `act` in a page of its own that has both classes; the test gets what it returns. */
  const inPage = (what, act, check) =>
    test(what, async () => {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        await page.goto(site.address);
        await page.evaluate(async () => {
          const inPage = await import('/package/index.js');
          const inWorker = await import('/package/worker/index.js');
          Object.assign(globalThis, {
            ...inPage,
            InWorker: inWorker.Recommender,
            model: '/model.safetensors',
            /** The code of the error that a promise rejects with. */
            codeOf: (promise) =>
              promise.then(
                () => 'no error',
                ({ code, message }) => code ?? message,
              ),
          });
        });
        check(await page.evaluate(act));
      } finally {
        await context.close();
      }
    });

  inPage(
    'an item stands for its id, even where it cannot be sent, such as in a proxy of a framework',
    async () => {
      const recommender = await InWorker.open(model, { store: 'memory' });
      const [first, second] = (await recommender.popular(2)).map((item) => new Proxy(item, {}));
      await recommender.observe(first);
      await recommender.feedback(second, 'not_this');
      await recommender.show(second);
      const found = {
        title: (await recommender.item(first)).title === first.title,
        reasons: (await recommender.why(first)).length,
        ranked: (await recommender.rank([first, second])).length,
        left: (await recommender.recommend(5, { exclude: [first], among: [first, second] })).length,
        events: await recommender.events,
      };
      await recommender.close();
      return found;
    },
    (found) => assert.deepEqual(found, { title: true, reasons: 1, ranked: 2, left: 1, events: 1 }),
  );

  inPage(
    'every call has the answer that it has in the page',
    async () => {
      let at = Date.UTC(2026, 5, 1);
      const clock = () => at;
      const model = 'categories.safetensors'; // relative to the page
      const here = await Recommender.open(model, { store: memoryStore(), clock });
      const there = await InWorker.open(model, { store: 'memory', clock });
      const [one, two, three, four] = here.catalogue.slice(30, 34).map(({ id }) => id);
      const category = here.categories[0];
      const seen = { exclude: new Set([one]), notCategories: [category] };
      const calls = [
        ['observe', one, at],
        ['observe', two],
        ['feedback', two, { kind: 'dwell', seconds: 40 }],
        ['feedback', three, 'not_this', at],
        ['recall', [{ id: four, at }]],
        ['setContext', { categories: [category] }, 0.6],
        ['setTrend', { items: [{ id: four, logRatio: 2 }], prior: 0.5 }],
        ['recommend', 5, seen],
        ['recommend', 5, { exclude: here.history, diversity: 0.3 }],
        ['popular', 5, { among: [one, two] }],
        ['rank', [three, four, one]],
        ['why', one],
        ['learned', 2],
        ['item', one],
        ['item', 'nothing'],
        ['exportState'],
        ['exportReadable'],
      ];
      const text = (value) => JSON.stringify(value instanceof Uint8Array ? [...value] : { value, trend: value?.trend });
      const different = [];
      for (const [name, ...args] of calls) {
        const [expected, found] = [here[name](...args), await there[name](...args)];
        if (text(expected) !== text(found)) different.push(name);
        at += 3_600_000;
      }
      for (const name of [
        'catalogue',
        'categories',
        'history',
        'events',
        'stateSize',
        'storedIn',
        'hidden',
        'learning',
      ]) {
        if (text(here[name]) !== text(await there[name])) different.push(name);
      }
      await there.setLearning(false);
      await there.show(three);
      const changed = [await there.learning, (await there.hidden).length, there.getSnapshot().learning];
      const state = await there.exportState();
      await there.forget();
      const forgotten = await there.events;
      await there.importState(state);
      await there.mergeState(state);
      const again = await there.events;
      const same = [there.items === here.items, text(there.modelInfo) === text(here.modelInfo)];
      await here.close();
      await there.close();
      return { different, changed, forgotten, again, same };
    },
    (found) =>
      assert.deepEqual(found, {
        different: [],
        changed: [false, 0, false],
        forgotten: 0,
        again: 3,
        same: [true, true],
      }),
  );

  inPage(
    'calls are answered in their order, and the snapshot is that of the latest answer',
    async () => {
      const there = await InWorker.open(model, { store: 'memory' });
      const { subscribe, getSnapshot } = there;
      const told = [];
      const stop = subscribe(({ events }) => told.push(events));
      const [first] = await there.popular(1);
      const answers = [];
      const calls = ['observe', 'observe', 'recommend'].map((name) =>
        there[name](name === 'recommend' ? 3 : first.id).then(() => answers.push([name, getSnapshot().events])),
      );
      await Promise.all(calls);
      const latest = getSnapshot();
      const stable = latest === getSnapshot() && Object.isFrozen(latest);
      stop();
      await there.close();
      return {
        told,
        names: answers.map(([name]) => name),
        seen: answers.at(-1)[1],
        stable,
        closed: getSnapshot().closed,
      };
    },
    (found) =>
      assert.deepEqual(found, {
        told: [0, 1, 2],
        names: ['observe', 'observe', 'recommend'],
        seen: 2,
        stable: true,
        closed: true,
      }),
  );

  inPage(
    'the state is the one of the page, and encryption can be chosen by name',
    async () => {
      const there = await InWorker.open(model);
      await there.observe((await there.popular(1))[0].id);
      await there.close();
      const here = await Recommender.open(model);
      const { events } = here;
      await here.close();
      const sealed = await InWorker.open(model, { store: 'encrypted', user: 'guest' });
      const storedIn = await sealed.storedIn;
      await sealed.close();
      return { events, storedIn };
    },
    ({ events, storedIn }) => {
      assert.equal(events, 1);
      assert.match(storedIn, /encrypted/);
    },
  );

  inPage(
    'bytes, options and callbacks reach the worker, and the page keeps its bytes',
    async () => {
      const bytes = new Uint8Array(await (await fetch(model)).arrayBuffer());
      const part = new Uint8Array(bytes.length + 8);
      part.set(bytes, 8);
      const progress = [];
      const there = await InWorker.open(part.subarray(8), {
        store: 'memory',
        sha256: Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) =>
          byte.toString(16).padStart(2, '0'),
        ).join(''),
        weights: { click: 0 },
        onProgress: (told) => progress.push(told),
      });
      await there.close();
      const wasm = await WebAssembly.compileStreaming(fetch('/package/sotto-simd128.wasm'));
      await (await InWorker.open(bytes.buffer, { store: 'memory', wasm })).close();
      return [progress, part.byteLength, bytes.byteLength];
    },
    ([progress, withEight, size]) => {
      assert.deepEqual(progress, [{ loaded: size, total: size }]);
      assert.equal(withEight, size + 8);
    },
  );

  inPage(
    'a model and a module may be a promise, an answer of fetch or an address of another realm',
    async () => {
      const frame = document.body.appendChild(document.createElement('iframe')).contentWindow;
      const module = () => fetch('/package/sotto-simd128.wasm');
      const sources = [
        [Promise.resolve(model)],
        [fetch(model)],
        [await fetch(model)],
        [new frame.URL(model, location.href)],
        [new frame.Uint8Array(await (await fetch(model)).arrayBuffer())],
        [await (await fetch(model)).blob()],
        [model, module()],
        [model, await module()],
        [model, WebAssembly.compileStreaming(module())],
      ];
      const items = [];
      for (const [source, wasm] of sources) {
        const there = await InWorker.open(source, { store: 'memory', ...(wasm && { wasm }) });
        items.push(there.items);
        await there.close();
      }
      return items;
    },
    (items) => assert.deepEqual(items, Array(9).fill(items[0])),
  );

  inPage(
    'what is wrong is refused as in the page, and what cannot be sent is named',
    async () => {
      const there = await InWorker.open(model, { store: 'memory' });
      const open = (options, source = model) => InWorker.open(source, options);
      const calls = [
        () => open({ store: memoryStore() }),
        () => open('memory'),
        () => open({ clock: 7 }),
        () => open({ signal: new AbortController() }),
        () => open({ onProgress: 'log' }),
        () => open({ user: {} }),
        () => open({ wasm: 7 }),
        () => open({}, 7),
        () => open({}, () => model),
        () => open({}, Promise.resolve(undefined)),
        () => there.recall([null]),
        () => there.setTrend(),
        () => there.setTrend({ items: () => [] }),
        () => there.importState('state'),
        () => there.backup('https://shop.example', null),
        () => there.backup(7),
      ];
      const messages = [];
      for (const call of calls) {
        messages.push(await call().catch(({ name, code, message }) => `${name} ${code}: ${message}`));
      }
      await there.close();
      return messages;
    },
    (messages) => {
      const expected = [
        /option store of sotto\/worker takes “indexedDb” or “encrypted” or “memory”, not an object/,
        /open\(…, options\) takes an object of options, not “memory”/,
        /option clock takes a function, not 7/,
        /option signal takes an AbortSignal/,
        /option onProgress takes a function/,
        /option user takes a string/,
        /option wasm takes/,
        /open\(source\) takes .* not 7/,
        /cannot be sent to a worker/,
        /open\(source\) takes .* not undefined/,
        /recall/,
        /setTrend/,
        /cannot be sent to a worker/,
        /importState\(bytes\)/,
        /backup\(…, options\)/,
        /url/,
      ];
      for (const [at, message] of expected.entries()) {
        assert.match(messages[at], /^SottoError invalid_argument: /);
        assert.match(messages[at], message);
      }
    },
  );

  inPage(
    "it works through a framework's proxy, and says how a method is called",
    async () => {
      const there = new Proxy(await InWorker.open(model, { store: 'memory' }), {});
      const [{ id }] = await there.popular(1);
      await there.observe(id);
      const events = await there.events;
      const { recommend } = there;
      let message;
      try {
        await recommend(5);
      } catch (error) {
        ({ message } = error);
      }
      await there.close();
      return { events, message };
    },
    ({ events, message }) => {
      assert.equal(events, 1);
      assert.match(message, /write recommender\.recommend/);
    },
  );

  inPage(
    'the page asks the browser to keep what is stored',
    async () => {
      const there = await InWorker.open(model, { store: 'memory' });
      const answers = [];
      for (const answer of [true, false]) {
        navigator.storage.persist = async () => answer;
        answers.push(await there.persist());
      }
      await there.close();
      return answers;
    },
    (answers) => assert.deepEqual(answers, [true, false]),
  );

  inPage(
    'errors keep their codes and sentences, and a closed recommender says so',
    async () => {
      const there = await InWorker.open(model, { store: 'memory' });
      const sentence = await there.observe('nothing').catch(({ message }) => message);
      const codes = await Promise.all(
        [
          there.observe('nothing'),
          there.recommend(-1),
          there.recommend(3, { exclude: 'one' }),
          there.feedback((await there.popular(1))[0].id, { kind: 'rating', value: 5 }),
          there.importState(new Uint8Array(3)),
          there.restore('https://localhost:1', 'a wrong code'),
        ].map(codeOf),
      );
      const closing = there.close();
      codes.push(await codeOf(there.recommend(3)), await codeOf(there.history));
      await closing;
      await there.close();
      codes.push(await codeOf(there.saved()));
      return { sentence, codes };
    },
    ({ sentence, codes }) => {
      assert.match(sentence, /“nothing”/);
      assert.deepEqual(codes.slice(0, 4), ['unknown_item', 'invalid_argument', 'invalid_argument', 'invalid_argument']);
      assert.match(codes[4], /^(truncated|malformed)$/);
      assert.deepEqual(codes.slice(5), ['wrong_code', 'closed', 'closed', 'closed']);
    },
  );

  inPage(
    'opening fails with the code of what failed',
    async () => {
      const controller = new AbortController();
      const aborted = InWorker.open('/never', { signal: controller.signal });
      setTimeout(() => controller.abort(), 50);
      const broken = (address) => InWorker.open(model, { worker: new Worker(address, { type: 'module' }) });
      return Promise.all(
        [
          InWorker.open('/nothing-here.safetensors'),
          InWorker.open(model, { sha256: '0'.repeat(64) }),
          InWorker.open(model, { signal: AbortSignal.abort() }),
          aborted,
          broken('/package/broken.js'),
          broken('/not-there.js'),
          InWorker.open(model, { worker: new Worker('/package/worker_thread.js', { type: 'module' }) }).then((opened) =>
            opened.close(),
          ),
        ].map(codeOf),
      );
    },
    (codes) => {
      assert.match(codes[0], /^[a-z_]+$/); // a page of HTML
      assert.deepEqual(codes.slice(1), [
        'wrong_model',
        'interrupted',
        'interrupted',
        'wrong_module',
        'wrong_module',
        'no error',
      ]);
    },
  );

  inPage(
    'a request to a server of backups can be stopped',
    async () => {
      const there = await InWorker.open(model, { store: 'memory' });
      const controller = new AbortController();
      const backup = there.backup(new URL('/never', location.href), { signal: controller.signal });
      setTimeout(() => controller.abort(), 50);
      const codes = [await codeOf(backup), await codeOf(there.backup('/never', { signal: AbortSignal.abort() }))];
      await there.close();
      return codes;
    },
    (codes) => assert.deepEqual(codes, ['interrupted', 'interrupted']),
  );
});
