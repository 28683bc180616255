// The README's example runs as it stands, with the package as npm would install it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { modelPath } from './support.mjs';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

test('the example of the README prints five recommendations', (t) => {
  const example = /```js\n(.*?)```/s.exec(readFileSync(join(packageFolder, 'README.md'), 'utf8'))[1];
  const project = mkdtempSync(join(tmpdir(), 'sotto-readme-'));
  t.after(() => rmSync(project, { recursive: true }));
  const installed = join(project, 'node_modules', 'sotto');
  mkdirSync(installed, { recursive: true });
  for (const part of ['package.json', 'dist']) cpSync(join(packageFolder, part), join(installed, part), { recursive: true });
  cpSync(modelPath, join(project, 'model.safetensors'));
  writeFileSync(join(project, 'example.mjs'), example);
  const output = execFileSync(process.execPath, ['example.mjs'], { cwd: project, encoding: 'utf8' });
  assert.equal(output.trim().split('\n').length, 5);
});
