// Opening in real browsers, under what servers and pages do to it: content types, policies, places without an address.
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createReadStream, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inEachBrowser } from './browsers.mjs';
import { modelPath } from './package_page.mjs';

const dist = fileURLToPath(new URL('../../wasm/package/dist/', import.meta.url));
const wasm = readFileSync(join(dist, 'sotto-simd128.wasm'));
const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.map': 'application/json' };
const policies = {
  'without-wasm': "default-src 'self'; script-src 'self' 'unsafe-inline'",
  'with-wasm': "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  'trusted-types':
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; require-trusted-types-for 'script'",
  'no-connection': "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'none'",
};

/** Of the part that a long wait for the model loads. */
const rehearsal = new EventEmitter();

/**
 * /POLICY is a page with that policy; /module?type=T the module as T; /never does not answer; /without/FILE/package/ lacks the
 * file; /service_worker?file=FILE opens a model, with that file of the package, when it gets a message.
 */
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const name = pathname.slice(1);
  if (name === 'never') return;
  if (name === 'module') return response.setHeader('content-type', searchParams.get('type')).end(wasm);
  if (name === 'service_worker') {
    response.setHeader('content-type', 'text/javascript');
    return response.end(`import { Recommender } from '/package/${searchParams.get('file')}';
      const answer = async () => (await Recommender.open('/model')).recommend(5).length;
      onmessage = (event) => event.waitUntil(answer().catch(String).then((said) => event.ports[0].postMessage(said)));`);
  }
  if (name === 'model') return createReadStream(modelPath).pipe(response);
  if (name.endsWith('package/rehearsal.js')) rehearsal.emit('asked');
  const [, missing, file] = /^(?:without\/(.+?)\/)?package\/(.+)$/.exec(name) ?? [];
  if (file !== undefined && file === missing) return response.writeHead(404).end();
  if (file !== undefined) {
    response.setHeader('content-type', types[extname(file)] ?? 'text/plain');
    return createReadStream(join(dist, file)).pipe(response);
  }
  if (policies[name]) response.setHeader('content-security-policy', policies[name]);
  response.setHeader('content-type', 'text/html; charset=utf-8');
  return response.end('<!doctype html><link rel="icon" href="data:,"><title>Shop</title>');
});
let origin;
before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** In a page: opens a model in a worker whose script, and whose copy of a file of the package, have no address but a blob's. */
async function openInBlob({ file, model, wasm }) {
  const address = (text) => URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const copy = address(await (await fetch(`/package/${file}`)).text());
  const options = JSON.stringify({ wasm });
  const code = `import('${copy}').then(({ Recommender }) => Recommender.open('${model}', ${options}))
    .then(() => 'open', (error) => error.code + ': ' + error.message).then(postMessage);`;
  const worker = new Worker(address(code), { type: 'module' });
  return new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
  });
}

inEachBrowser(({ launch }) => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  /** What a function comes to in a page of a visitor who was never here. */
  async function inPage(path, work, argument) {
    const context = await browser.newContext();
    try {
      const page = await context.newPage();
      await page.goto(`${origin}/${path}`);
      return await page.evaluate(work, argument);
    } finally {
      await context.close();
    }
  }

  /** What opening comes to in a page: 'open', or the code and the message. */
  async function opening(path, options = {}, entry = 'index.js') {
    return inPage(
      path,
      async ([entry, options]) => {
        const { Recommender } = await import(`/package/${entry}`);
        const signal = options.abortAfter ? AbortSignal.timeout(options.abortAfter) : undefined;
        try {
          const recommender = await Recommender.open(options.source ?? '/model', {
            ...(options.wasm ? { wasm: options.wasm } : {}),
            ...(signal ? { signal } : {}),
          });
          await recommender.close();
          return 'open';
        } catch (error) {
          return `${error.name} ${error.code}: ${error.message}`;
        }
      },
      [entry, options],
    );
  }

  for (const type of ['application/wasm', 'application/wasm; charset=utf-8', 'application/octet-stream', 'text/html']) {
    test(`a module sent as ${type}`, async () => {
      assert.equal(await opening('page', { wasm: `/module?type=${encodeURIComponent(type)}` }), 'open');
    });
  }

  test('a web page instead of the model or the module', async () => {
    assert.match(await opening('page', { source: '/shop' }), /malformed: What came from http.*\/shop .* is a web page/);
    assert.match(
      await opening('page', { wasm: '/shop' }),
      /wrong_module: What came from http.*\/shop .* is a web page/,
    );
  });

  test('policies', async () => {
    assert.match(await opening('without-wasm'), /^SottoError no_webassembly: .*'wasm-unsafe-eval'/);
    assert.match(await opening('without-wasm', {}, 'inline.js'), /^SottoError no_webassembly: .*'wasm-unsafe-eval'/);
    assert.equal(await opening('with-wasm'), 'open');
    assert.equal(await opening('trusted-types'), 'open');
    assert.match(await opening('no-connection'), /^SottoError network: /);
  });

  test('opening loads what every visit needs; the rest comes when it is needed', async () => {
    const [before, opened, again, later] = await inPage('page', async () => {
      const loaded = () =>
        performance
          .getEntriesByType('resource')
          .map(({ name }) => /\/package\/(.*\.js)$/.exec(name)?.[1])
          .filter((name) => name !== undefined && name !== 'rehearsal.js'); // The machine may be slow.
      const { Recommender } = await import('/package/index.js');
      const before = loaded();
      const recommender = await Recommender.open('/model');
      const opened = loaded();
      const [{ id }] = recommender.recommend(5);
      recommender.observe(id);
      await recommender.saved();
      await recommender.close();
      const second = await Recommender.open('/model');
      const again = loaded();
      await second.restore('/', 'no code').catch(() => {});
      return [before, opened, again, loaded()];
    });
    const isLate = (name) => /^(opened_recommender|engine|state_keeper|rare_cases|backups)\.js$/.test(name);
    assert.deepEqual(before.filter(isLate), []);
    assert.deepEqual(opened.filter(isLate).sort(), ['engine.js', 'opened_recommender.js', 'state_keeper.js']);
    assert.deepEqual(again, opened);
    assert.ok(later.includes('backups.js'));
  });

  test('a part of the package that is not there', async () => {
    const [said, rejections] = await inPage('page', async () => {
      const rejections = [];
      addEventListener('unhandledrejection', ({ reason }) => rejections.push(String(reason)));
      const { Recommender } = await import('/without/opened_recommender.js/package/index.js');
      const said = await Recommender.open('/model').catch(String);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return [said, rejections];
    });
    assert.match(
      said,
      /^SottoError: A part of the package could not be loaded .*opened_recommender\.js.* reload the page/,
    );
    assert.deepEqual(rejections, []);
  });

  test('a service worker cannot load a part, and says what can be imported', async () => {
    const openInServiceWorker = (file) =>
      inPage(
        'page',
        async (file) => {
          const script = `/service_worker?file=${file}`;
          const registration = await navigator.serviceWorker.register(script, { type: 'module' });
          const worker = registration.installing ?? registration.active;
          while (worker.state !== 'activated') await new Promise((resolve) => setTimeout(resolve, 10));
          const { port1, port2 } = new MessageChannel();
          const answer = new Promise((resolve) => {
            port1.onmessage = ({ data }) => resolve(data);
          });
          worker.postMessage('open', [port2]);
          return answer;
        },
        file,
      );
    const said = await openInServiceWorker('index.js');
    assert.match(said, /^SottoError: A service worker cannot load a part of the package: import from sotto\/inline/);
    assert.equal(await openInServiceWorker('inline.js'), 5);
  });

  test('during a long wait for the model an engine is rehearsed, which changes nothing, and neither does its failure', {
    timeout: 60_000,
  }, async () => {
    const context = await browser.newContext();
    const firstList = async (folder) => {
      const page = await context.newPage();
      await page.goto(`${origin}/page`);
      const asked = once(rehearsal, 'asked');
      await page.evaluate(async (folder) => {
        globalThis.rejections = [];
        addEventListener('unhandledrejection', ({ reason }) => rejections.push(String(reason)));
        const { Recommender, memoryStore } = await import(`/${folder}/index.js`);
        const model = new Promise((resolve) => (globalThis.arrive = () => resolve('/model')));
        globalThis.opening = Recommender.open(model, { store: memoryStore() });
      }, folder);
      await asked;
      return page.evaluate(async () => {
        await new Promise((resolve) => setTimeout(resolve, 100)); // as long as it takes, or a part of it
        arrive();
        const recommender = await opening;
        const list = recommender.recommend(10).map(({ id, score }) => [id, score]);
        return { list, events: recommender.events, rejections };
      });
    };
    const atOnce = await inPage('page', async () => {
      const { Recommender, memoryStore } = await import('/package/index.js');
      const recommender = await Recommender.open('/model', { store: memoryStore() });
      return recommender.recommend(10).map(({ id, score }) => [id, score]);
    });
    const expected = { list: atOnce, events: 0, rejections: [] };
    assert.deepEqual(await firstList('package'), expected);
    assert.deepEqual(await firstList('without/rehearsal.js/package'), expected);
    await context.close();
  });

  test('an AbortSignal ends what does not answer', async () => {
    assert.match(await opening('page', { source: '/never', abortAfter: 50 }), /^SottoError interrupted/);
    assert.match(await opening('page', { wasm: '/never', abortAfter: 50 }), /^SottoError interrupted/);
  });

  test('sotto/inline in a worker from a blob', async () => {
    assert.equal(await inPage('page', openInBlob, { file: 'inline.js', model: `${origin}/model` }), 'open');
  });

  test('sotto in a worker from a blob says what to pass, and takes it', async () => {
    const given = { file: 'sotto.min.js', model: `${origin}/model` };
    const refusal = await inPage('page', openInBlob, given);
    assert.match(refusal, /^wrong_module: .* in the option wasm, or import from sotto\/inline/);
    const wasm = `${origin}/module?type=application/wasm`;
    assert.equal(await inPage('page', openInBlob, { ...given, wasm }), 'open');
  });

  test('bytes and a module of a frame are taken', async () => {
    const opened = await inPage('page', async () => {
      const { Recommender } = await import('/package/index.js');
      const frame = document.body.appendChild(document.createElement('iframe')).contentWindow;
      const [model, code] = await Promise.all(
        ['/model', '/module?type=application/wasm'].map(
          async (address) => new frame.Uint8Array(await (await fetch(address)).arrayBuffer()),
        ),
      );
      const module = await frame.WebAssembly.compile(code);
      const recommenders = [
        await Recommender.open(model, { wasm: code, user: 'one' }),
        await Recommender.open(model.buffer, { wasm: module, user: 'other' }),
      ];
      return recommenders.map(({ items }) => items);
    });
    assert.ok(opened[0] > 0 && opened[0] === opened[1]);
  });
});
