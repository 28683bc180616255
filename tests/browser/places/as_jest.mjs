// A unit test of the page as Jest runs it under `testEnvironment: 'jsdom'`: every module is evaluated in the page's window,
// which has what jsdom gives it and no more of Node than `process`. Prints for each environment what came of it.
import { readFileSync } from 'node:fs';
import { SourceTextModule, SyntheticModule } from 'node:vm';
import { JSDOM } from 'jsdom';

const model = readFileSync(process.argv[2]);

function page(more) {
  const dom = new JSDOM('<ul></ul>', { url: 'http://localhost/', runScripts: 'outside-only' });
  Object.assign(dom.window, { process, ...more });
  return dom;
}

function importer(context) {
  const modules = new Map();
  const started = new Map();
  async function builtIn(name) {
    const exports = await import(name);
    const names = Object.keys(exports);
    const evaluate = function () {
      for (const each of names) this.setExport(each, exports[each]);
    };
    return new SyntheticModule(names, evaluate, { context });
  }
  function load(specifier, { identifier }) {
    const entry = specifier === 'sotto' ? './node_modules/sotto/dist/index.js' : specifier;
    const url = new URL(entry, identifier).href;
    if (!modules.has(url)) modules.set(url, url.startsWith('node:') ? builtIn(url) : fromFile(url));
    return modules.get(url);
  }
  function fromFile(url) {
    return new SourceTextModule(readFileSync(new URL(url), 'utf8'), {
      context,
      identifier: url,
      initializeImportMeta: (meta) => (meta.url = url),
      importModuleDynamically: start,
    });
  }
  async function evaluated(module) {
    if (module.status === 'unlinked') await module.link(load);
    await module.evaluate();
    return module;
  }
  async function start(specifier, referrer) {
    const module = await load(specifier, referrer);
    if (!started.has(module)) started.set(module, evaluated(module));
    return started.get(module);
  }
  return async (specifier) => (await start(specifier, { identifier: import.meta.url })).namespace;
}

async function filled(fill, { document }, ...args) {
  const list = document.querySelector('ul');
  try {
    await fill(list, ...args);
    return `${list.children.length} recommendations`;
  } catch ({ name, code, message }) {
    return `${name} ${code}: ${message}`;
  }
}

async function inModules(more, source) {
  const dom = page(more);
  const { fill } = await importer(dom.getInternalVMContext())('./shop.js');
  return filled(fill, dom.window, source);
}

/** The page's bundle, a classic script: it has no address of its own. */
function inBundle(options) {
  const { window } = page({ process: undefined, TextDecoder, structuredClone });
  window.eval(readFileSync('bundle.js', 'utf8'));
  return filled(window.shop.fill, window, model, options);
}

// What jest-fixed-jsdom adds, as far as Sotto asks for it.
const fixed = { TextDecoder, structuredClone, fetch, Request, Response, URL };
console.log(
  JSON.stringify({
    bare: await inModules({}, model),
    fixed: await inModules(fixed, model),
    withoutFetch: await inModules({ TextDecoder, structuredClone }, '/model.safetensors'),
    bundle: await inBundle(),
    bundleWithModule: await inBundle({ wasm: readFileSync('node_modules/sotto/dist/sotto-simd128.wasm') }),
  }),
);
