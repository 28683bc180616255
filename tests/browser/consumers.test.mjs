// The packed package in other people's tools, set up as docs/javascript.md says: bundlers, TypeScript, Vue, jsdom, workerd.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launchEach } from './browsers.mjs';
import { modelPath } from './package_page.mjs';

const fromHere = (path) => fileURLToPath(new URL(path, import.meta.url));
const tools = fromHere('../bundlers/');
const documentation = readFileSync(fromHere('../../docs/javascript.md'), 'utf8');
/** The code block of the documentation that has this in it. */
const block = (part) =>
  [...documentation.matchAll(/```\w+\n(.*?)```/gs)].map(([, code]) => code).find((code) => code.includes(part));

const visitWith = (options) => `try {
    const recommender = await Recommender.open('/model.safetensors'${options});
    document.title = \`\${(await recommender.recommend(5)).length} recommendations\`;
  } catch (error) {
    document.title = \`\${error.name} \${error.code}: \${error.message}\`;
  }`;
const pageWith = (entry, options = '') =>
  `import { Recommender } from '${entry}';\n(async () => {\n${visitWith(options)}\n})();\n`;
/** A part that shares code with this page's file would wait for the page's `await`, which waits for the part. */
const awaitingPage = `import { Recommender } from 'sotto';\n${visitWith('')}\n`;
const pages = { 'in a function': pageWith('sotto'), 'at the top level': awaitingPage };

const works = /^5 recommendations$/;

let work;
let running;
before(async () => {
  work = mkdtempSync(join(tmpdir(), 'sotto-consumers-'));
  const npm = (args, cwd) => execFileSync('npm', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const { devDependencies } = JSON.parse(readFileSync(join(tools, 'package.json'), 'utf8'));
  if (!Object.keys(devDependencies).every((name) => existsSync(join(tools, 'node_modules', name)))) {
    npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], tools); // workerd's script may copy its 118 MB.
  }
  npm(['pack', '--ignore-scripts', '--pack-destination', work], fromHere('../../wasm/package/'));
  running = await launchEach();
});
after(async () => {
  await Promise.all((running ?? []).map((browser) => browser.close()));
  rmSync(work, { recursive: true, force: true });
});

/** An empty project with the packed package and the tools. */
function project(name, files) {
  const folder = join(work, name);
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'sotto'), { recursive: true });
  const archive = join(work, 'sotto-0.1.0.tgz');
  execFileSync('tar', ['-xzf', archive, '-C', join(modules, 'sotto'), '--strip-components', '1']);
  const linked = '@rollup @types @vue @web jsdom rollup typescript typescript-5.0 vue webpack';
  for (const tool of linked.split(' ')) symlinkSync(join(tools, 'node_modules', tool), join(modules, tool));
  writeFileSync(join(folder, 'package.json'), '{ "name": "shop", "private": true, "type": "module" }');
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  const run = (command) =>
    execFileSync('sh', ['-ec', command], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: `${join(tools, 'node_modules', '.bin')}:${process.env.PATH}` },
    });
  return { folder, run };
}

const types = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };

/** In each browser, the page in this folder gives itself such a title, and asks for these files. */
async function visit(folder, { title = works, script = '<script type="module" src="main.js"></script>', asked } = {}) {
  copyFileSync(modelPath, join(folder, 'model.safetensors'));
  writeFileSync(join(folder, 'index.html'), `<!doctype html><link rel="icon" href="data:,">${script}`);
  const server = createServer((request, response) => {
    const file = join(folder, request.url === '/' ? 'index.html' : new URL(request.url, 'http://x').pathname);
    if (!existsSync(file)) return response.writeHead(404).end();
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream').end(readFileSync(file));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    for (const browser of running) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const problems = [];
      const requests = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('request', (request) => requests.push(new URL(request.url()).pathname));
      await page.goto(`http://127.0.0.1:${server.address().port}/`);
      await page.waitForFunction(() => document.title !== '');
      assert.match(await page.title(), title);
      assert.deepEqual(problems, []);
      if (asked !== undefined) assert.deepEqual(requests, asked);
      await context.close();
    }
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

for (const [where, page] of Object.entries(pages)) {
  test(`Rollup with the configuration of the documentation, opened ${where}`, async () => {
    const { folder, run } = project(`rollup ${where}`, {
      'main.js': page,
      'rollup.config.mjs': block('importMetaAssets'),
    });
    run('rollup --config rollup.config.mjs --silent');
    await visit(join(folder, 'dist'));
  });

  test(`esbuild with the commands of the documentation, opened ${where}`, async () => {
    const { folder, run } = project(`esbuild ${where}`, { 'main.js': page });
    run(block('esbuild main.js'));
    await visit(join(folder, 'dist'));
  });

  test(`webpack without a configuration, opened ${where}`, async () => {
    const { folder, run } = project(`webpack ${where}`, { 'main.js': page });
    run('webpack --mode production --entry ./main.js');
    await visit(join(folder, 'dist'));
  });
}

test('sotto/worker with webpack, Rollup and esbuild, as the documentation says', async (t) => {
  const copied = /`(cp node_modules\/sotto\/dist\/\*\.wasm dist\/assets\/)`/.exec(documentation)?.[1];
  const option = /`(worker: new Worker\('\/worker_thread\.js'.*?\))`/.exec(documentation)?.[1];
  const page = (options) =>
    pageWith('sotto/worker', options).replace('recommender.recommend(5)', '(await recommender.recommend(5))');
  const { folder, run } = project('worker', {
    'main.js': page(''),
    'given.js': page(`, { ${option} }`),
    'rollup.config.mjs': block('importMetaAssets'),
  });
  for (const [name, command] of Object.entries({
    webpack: 'webpack --mode production --entry ./main.js',
    Rollup: `rollup --config rollup.config.mjs --silent && ${copied}`,
    esbuild: `esbuild given.js --bundle --format=esm --log-level=error --outfile=dist/main.js
      cp node_modules/sotto/dist/worker_thread.js node_modules/sotto/dist/*.wasm dist/`,
  })) {
    t.diagnostic(name);
    run(command);
    await visit(join(folder, 'dist'));
    rmSync(join(folder, 'dist'), { recursive: true });
  }
});

test('a classic script: sotto says what to pass, takes it, and sotto/inline needs nothing', async () => {
  const script = '<script src="main.js"></script>';
  const { folder, run } = project('classic', {
    'none.js': pageWith('sotto'),
    'given.js': pageWith('sotto', `, { wasm: '/sotto-simd128.wasm' }`),
    'inline.js': pageWith('sotto/inline'),
  });
  const bundle = (name) => {
    run(`esbuild ${name}.js --bundle --log-level=error --outfile=${name}/main.js`);
    return join(folder, name);
  };
  const title = /^SottoError wrong_module: .* option wasm, or import from sotto\/inline/;
  await visit(bundle('none'), { title, script });
  cpSync(join(folder, 'node_modules/sotto/dist/sotto-simd128.wasm'), join(bundle('given'), 'sotto-simd128.wasm'));
  await visit(join(folder, 'given'), { script });
  // Nothing else is loaded.
  await visit(bundle('inline'), { script, asked: ['/', '/main.js', '/model.safetensors'] });
});

test('a classic script: sotto/worker says what to pass, and takes it', async () => {
  const script = '<script src="main.js"></script>';
  const { folder, run } = project('classic-worker', {
    'none.js': pageWith('sotto/worker'),
    'given.js': pageWith('sotto/worker', `, { worker: new Worker('/worker_thread.js', { type: 'module' }) }`),
  });
  for (const [name, title] of [
    ['none', /^SottoError wrong_module: .* option worker/],
    ['given', works],
  ]) {
    run(`esbuild ${name}.js --bundle --log-level=error --outfile=${name}/main.js
      cp node_modules/sotto/dist/worker_thread.js node_modules/sotto/dist/*.wasm ${name}/`);
    await visit(join(folder, name), { title, script });
  }
});

test('a server in one file for Node carries the module', () => {
  const { folder, run } = project('node', {
    'server.js': `import { Recommender } from 'sotto';
      Recommender.open(process.argv[2]).then((r) => console.log(r.popular(5).length));`,
  });
  for (const format of ['esm', 'cjs']) {
    const file = `out/server.${format === 'cjs' ? 'cjs' : 'mjs'}`;
    run(`esbuild server.js --bundle --platform=node --format=${format} --log-level=error --outfile=${file}`);
    assert.equal(execFileSync(process.execPath, [join(folder, file), modelPath], { encoding: 'utf8' }), '5\n');
  }
});

/** A project with these files of the folder places. */
const projectOf = (name, files) =>
  project(name, Object.fromEntries(files.map((file) => [file, readFileSync(fromHere(`places/${file}`))])));

test("a page's unit test under jsdom reads the module from disk, in Node's globals as with Vitest", () => {
  const { run } = projectOf('vitest', ['shop.js', 'as_vitest.mjs']);
  assert.equal(run(`node as_vitest.mjs '${modelPath}'`), '5\n');
});

test("in jsdom's own globals, as with Jest, it does so as well, or says what is missing", () => {
  const { run } = projectOf('jest', ['shop.js', 'as_jest.mjs']);
  run('esbuild shop.js --bundle --global-name=shop --log-level=error --outfile=bundle.js');
  // A rejection that nobody handles would end the process with an error.
  const found = JSON.parse(run(`node --experimental-vm-modules --no-warnings as_jest.mjs '${modelPath}'`));
  assert.match(found.bare, /^SottoError unsupported: .*TextDecoder.* use jest-fixed-jsdom/);
  assert.equal(found.fixed, '5 recommendations');
  assert.match(found.withoutFetch, /^SottoError invalid_argument: open\(source\) takes bytes where there is no fetch/);
  assert.match(found.bundle, /^SottoError wrong_module: .* option wasm, or import from sotto\/inline/);
  assert.equal(found.bundleWithModule, '5 recommendations');
});

test('in workerd, sotto takes a compiled module, and without one says so', async (t) => {
  const { folder, run } = projectOf('workerd', ['worker.js', 'worker.capnp']);
  copyFileSync(modelPath, join(folder, 'model.safetensors'));
  // The conditions are those of Cloudflare's own bundler.
  run(`esbuild worker.js --bundle --format=esm --conditions=workerd,worker,browser '--external:*.wasm' \
    '--external:*.safetensors' --log-level=error --outfile=bundle.js`);
  const { default: workerd } = createRequire(join(tools, 'package.json'))('workerd');
  const server = spawn(workerd, ['serve', '--control-fd=3', 'worker.capnp'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
  });
  t.after(() => server.kill());
  const globals = [];
  for await (const line of createInterface({ input: server.stdio[3] })) {
    const { socket, port } = JSON.parse(line);
    globals.push(socket);
    const answers = await (await fetch(`http://127.0.0.1:${port}/`)).json();
    assert.equal(answers.given, '5 recommendations', socket);
    assert.match(answers.none, /^SottoError no_webassembly: .*import sotto\/sotto-simd128\.wasm.* option wasm/, socket);
    assert.deepEqual(answers.unhandled, [], socket);
    if (globals.length === 2) break;
  }
  assert.deepEqual(globals.sort(), ['node', 'web']);
});

test("an import resolves where package.json's exports are not read", () => {
  const { folder } = project('resolver', {});
  const installed = join(folder, 'node_modules/sotto');
  const read = (path) => JSON.parse(readFileSync(join(installed, path, 'package.json'), 'utf8'));
  for (const entry of ['.', ...Object.keys(read('.').exports).filter((name) => /^\.\/\w+$/.test(name))]) {
    const { main, types: declarations } = read(entry);
    for (const file of [main, declarations]) assert.ok(existsSync(join(installed, entry, file)), `${entry}: ${file}`);
  }
});

const consumer = `import { type OpenOptions, Recommender, SottoError, encryptedStore, memoryStore } from 'sotto';
import { Recommender as Inline } from 'sotto/inline';
import { useRecommendations, useRecommender } from 'sotto/react';
import { follow, sync } from 'sotto/sync';
import { Recommender as InWorker } from 'sotto/worker';
import wasm from 'sotto/sotto-simd128.wasm';
const options: OpenOptions = { wasm, user: 'ada', store: memoryStore() };
const recommender: Recommender = await Recommender.open('model.safetensors', options);
recommender.observe(85123, new Date());
export const titles: string[] = recommender.recommend(5, { exclude: recommender.history }).map(({ title }) => title);
export const inline: Inline = await Inline.open(new Uint8Array(3));
// @ts-expect-error: the declarations are read, and refuse what is wrong
recommender.recommend('five');
// The recommender in a worker takes whatever the one in the page takes. As function types, because of methods TypeScript lets
// the parameters be narrower.
type Calls<T> = { [K in keyof T]: T[K] extends (...args: infer A) => unknown ? (...args: A) => unknown : unknown };
export const inWorker = (worker: Calls<InWorker>): Pick<Calls<Recommender>, keyof InWorker & keyof Recommender> => worker;
export const useTitles = (): string[] =>
  useRecommendations(useRecommender('model.safetensors', options).recommender, 5).map(({ title }) => title);
// @ts-expect-error: the hooks' declarations are read as well
useRecommender(7);
export { SottoError, encryptedStore, follow, sync };
`;
for (const version of ['typescript-5.0', 'typescript']) {
  for (const [where, lib, modules] of [
    ['in Node without the DOM library', 'ES2022', 'NodeNext'],
    ['for a bundler', 'ES2022,DOM', 'Bundler'],
  ]) {
    test(`the declarations hold with ${version}, ${where}, skipLibCheck off`, () => {
      const compilerOptions = {
        target: 'ES2022',
        lib: lib.split(','),
        types: lib.includes('DOM') ? [] : ['node'],
        module: modules === 'Bundler' ? 'ES2022' : modules,
        moduleResolution: modules,
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      };
      const { run } = project(`${version}-${modules}`, {
        'consumer.ts': consumer,
        'tsconfig.json': JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
      });
      run(`node node_modules/${version}/bin/tsc -p . || { exit 1; }`);
    });
  }
}

test("Vue's ref and reactive hold a recommender, and see what its methods return", () => {
  const { run } = project('vue', {
    'main.mjs': `import { computed, reactive, ref } from 'vue';
      import { Recommender } from 'sotto';
      const plain = await Recommender.open(process.argv[2]);
      const held = ref(plain);
      const { recommender } = reactive({ recommender: plain });
      const [{ id }] = held.value.catalogue;
      held.value.observe(id);
      recommender.learning = false;
      console.log(recommender.events, plain.learning, computed(() => held.value.recommend(3)).value.length);
      await held.value.close();`,
  });
  assert.equal(run(`node main.mjs '${modelPath}'`), '1 false 3\n');
});
