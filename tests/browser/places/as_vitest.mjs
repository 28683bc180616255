// A unit test of the page as Vitest runs it under `environment: 'jsdom'`: Node's globals and those of the page's window.
import { readFile } from 'node:fs/promises';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<ul></ul>', { url: 'http://localhost:3000/' });
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}
const { fill } = await import('./shop.js');
const list = document.querySelector('ul');
await fill(list, await readFile(process.argv[2]));
console.log(list.children.length);
