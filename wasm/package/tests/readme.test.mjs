// The README's examples run as they stand, with the package as npm would install it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { modelPath } from './support.mjs';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

const project = mkdtempSync(join(tmpdir(), 'sotto-readme-'));
const installed = join(project, 'node_modules', 'sotto');
mkdirSync(installed, { recursive: true });
for (const part of ['package.json', 'dist'])
  cpSync(join(packageFolder, part), join(installed, part), { recursive: true });
cpSync(modelPath, join(project, 'model.safetensors'));
after(() => rmSync(project, { recursive: true }));

const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');
const examples = Array.from(readme.matchAll(/```js\n(.*?)```/gs), ([, example]) => example);

/** What the example prints, line by line. */
function run(example, options = []) {
  writeFileSync(join(project, 'example.mjs'), example);
  const output = execFileSync(process.execPath, [...options, 'example.mjs'], {
    cwd: project,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return output.trim().split('\n');
}

test('every example is tested', () => assert.equal(examples.length, 2));

test('the first example prints five recommendations', () => assert.equal(run(examples[0]).length, 5));

test('the example of encryption prints what its comment says', () => {
  const [, said] = /console\.log\(.*\); \/\/ (.*)/.exec(examples[1]);
  // A page stays open, and hears of what other pages forget.
  const example = `${examples[1]}\nawait recommender.close();`;
  assert.deepEqual(run(example, ['--import', import.meta.resolve('fake-indexeddb/auto')]), [said]);
});
