// Makes the declarations hold in projects without the DOM library, and with TypeScript 5.0 to 5.6, whose Uint8Array has no
// type parameter.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const webTypes = new Map(
  ['AbortSignal', 'Blob', 'CryptoKey', 'RequestInit', 'Response', 'URL', 'Worker'].map((name) => [name, `Web${name}`]),
);
webTypes.set('WebAssembly.Memory', 'WebWasmMemory').set('WebAssembly.Module', 'WebWasmModule');

function finished(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const module = `./${join(relative(dirname(file), dist), 'web_types.js')}`;
  const replacements = [];
  const visit = (node) => {
    if (ts.isTypeReferenceNode(node)) {
      const name = node.typeName.getText();
      const webType = webTypes.get(name);
      if (webType) replacements.push([node, `import('${module}').${webType}`]);
      if (name === 'Uint8Array') replacements.push([node, name]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  for (const [node, replacement] of replacements.sort(([one], [other]) => other.pos - one.pos)) {
    text = text.slice(0, node.getStart()) + replacement + text.slice(node.end);
  }
  return text;
}

for (const name of readdirSync(dist, { recursive: true })) {
  const file = join(dist, name);
  if (!name.endsWith('.d.ts') || name === 'web_types.d.ts') continue;
  writeFileSync(file, finished(file, readFileSync(file, 'utf8')));
}
