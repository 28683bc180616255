// The package as npm packs it: what publint and "Are the types wrong?" say of it, and whether debuggers find the sources.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sotto-packed-'));
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
let archive;

before(() => {
  const [{ filename }] = JSON.parse(run('npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder));
  archive = join(folder, filename);
  run('tar', '-xzf', archive, '-C', folder);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a tool says where it fails. */
function check(name, ...args) {
  try {
    run('npx', '--no-install', name, ...args);
  } catch ({ stdout, stderr }) {
    assert.fail(`${stdout}${stderr}`);
  }
}

test('publint has nothing to say', () => check('publint', '--strict', archive));

test('TypeScript finds the types of every entry', () => {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entries = Object.keys(exports).filter((entry) => !entry.endsWith('.wasm'));
  // An ES module without a CommonJS twin.
  check('attw', archive, '--profile', 'esm-only', '--entrypoints', ...entries);
});

test('every script has a source map, and every source that it names is in the package', () => {
  const dist = join(folder, 'package', 'dist');
  const scripts = readdirSync(dist, { recursive: true }).filter(
    (file) => file.endsWith('.js') && file !== 'module_bytes.js',
  );
  assert.ok(scripts.includes('sotto.min.js') && scripts.includes('worker_thread.js'));
  for (const script of scripts) {
    const [, map] = /\n\/\/# sourceMappingURL=(.+)\s*$/.exec(readFileSync(join(dist, script), 'utf8')) ?? [];
    assert.ok(map, `${script} names its map`);
    const path = join(dist, dirname(script), map);
    const { sources, sourcesContent } = JSON.parse(readFileSync(path, 'utf8'));
    assert.ok(sources.length > 0 || script === 'sync/hpke.js', script);
    if (sourcesContent) continue;
    for (const source of sources) assert.ok(existsSync(resolve(dirname(path), source)), `${script}: ${source}`);
  }
});
