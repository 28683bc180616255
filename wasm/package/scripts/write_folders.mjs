// A folder for each entry of package.json's exports, such as sync/, for resolvers that do not read exports: Parcel 2 by
// default, and TypeScript with "moduleResolution": "node".
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
for (const [entry, target] of Object.entries(exports)) {
  if (!/^\.\/\w+$/.test(entry)) continue;
  const main = `.${target.default}`;
  const folder = new URL(`${entry}/`, root);
  mkdirSync(folder, { recursive: true });
  const fields = { type: 'module', main, module: main, types: `.${target.types}`, sideEffects: entry === './inline' };
  writeFileSync(new URL('package.json', folder), `${JSON.stringify(fields, undefined, 2)}\n`);
}
