// The README's examples run as they stand, with the package as npm would install it.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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

test('TypeScript takes the examples of the documents as they are, strictly', () => {
  const documents = [
    join(packageFolder, 'README.md'),
    fileURLToPath(new URL('../../../docs/javascript.md', import.meta.url)),
  ];
  const files = documents.flatMap((document, number) =>
    Array.from(readFileSync(document, 'utf8').matchAll(/```(tsx?)\n(.*?)```/gs), ([, kind, example], place) => {
      const file = `example_${number}_${place}.${kind}`;
      // Some begin where a recommender is open, and one repeats the declaration of an interface of the package.
      const needs = /\b(recommender)\b/.test(example) && !/(const|let) (\{ )?recommender/.test(example);
      const declared = needs ? "declare const recommender: import('sotto').Recommender;\n" : '';
      const imported = /^interface StateStore/.test(example) ? "import type { UpdateOptions } from 'sotto';\n" : '';
      writeFileSync(join(project, file), `${imported}${declared}${example}\nexport {};\n`);
      return file;
    }),
  );
  assert.ok(files.length >= 5, files.join());
  const types = join(project, 'node_modules', '@types');
  mkdirSync(types);
  symlinkSync(fileURLToPath(new URL('../../../node_modules/@types/react', import.meta.url)), join(types, 'react'));
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    module: 'ES2022',
    moduleResolution: 'Bundler',
    jsx: 'react-jsx',
    types: [],
    strict: true,
    noEmit: true,
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', project], { encoding: 'utf8' });
  assert.equal(stdout, '');
});
