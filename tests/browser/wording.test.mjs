// What the demo says about what was learned, from the page's own source, without a browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const demoFolder = fileURLToPath(new URL('../../web-demo/', import.meta.url));

let server;
let wording;
before(async () => {
  server = await createServer({
    root: demoFolder,
    configFile: false,
    logLevel: 'warn',
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  const [learned, record] = await Promise.all(
    ['learned', 'record'].map((name) => server.ssrLoadModule(`/src/wording/${name}.ts`)),
  );
  wording = { ...learned, ...record };
});
after(() => server?.close());

/** A list of so many of each kind, whose ids end in what `from` says. */
const list = (kinds, from = '') =>
  Object.entries(kinds).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, place) => ({ kind, id: `${kind} ${place}${from}` })),
  );
const inWords = (everybodys, yours) => wording.learnedInWords(everybodys, yours);
const record = (events, base, personal, trust, on = true) =>
  wording.recordInWords({ events, base, personal, trust }, on).replaceAll('\u00a0', ' ');

test('what grew and what shrank most is named with its numbers, two of each', () => {
  assert.equal(
    inWords(
      list({ 'lunch bags': 1, 'jumbo bags': 3, candles: 4 }),
      list({ 'lunch bags': 4, 'jumbo bags': 1, 'cake cases': 2, hearts: 1 }),
    ),
    'More lunch bags (4, not 1) and cake cases (2, not 0), fewer candles (0, not 4) and jumbo bags (1, not 3).',
  );
});

test('one side alone is a sentence, too, and a change by one stands alone', () => {
  assert.equal(inWords(list({ hearts: 2 }), list({ hearts: 4 })), 'More hearts (4, not 2).');
  assert.equal(inWords(list({ candles: 2 }), list({})), 'Fewer candles (0, not 2).');
  assert.equal(
    inWords(list({ hearts: 2, birds: 2 }), list({ hearts: 2, birds: 3, owls: 1 })),
    'More birds (3, not 2).',
  );
});

test('nothing is claimed that a row speaks against', () => {
  assert.equal(inWords([], []), '');
  assert.equal(inWords(list({ hearts: 2 }), list({ hearts: 2 }, 'b')), '', 'others of the same kind');
  const oneIsNew = [...list({ 'jumbo bags': 1 }, 'new'), ...list({ 'lunch bags': 4 })];
  assert.equal(inWords(list({ 'jumbo bags': 4, 'lunch bags': 1 }), oneIsNew), 'More lunch bags (4, not 1).');
  assert.equal(inWords([{ id: 'parcel', kind: undefined }], []), '', 'what has no kind');
});

test('the record is told as a factor, and without one where there is none', () => {
  assert.equal(record(0, 0, 0, 0.5), 'Nothing to judge by yet: yours counts for 50 %.');
  assert.equal(
    record(24, 0.05, 0.09, 0.97),
    'Over 24 looks, your list gave what you chose next 1.8 × the chance that everybody’s gave it. By the latest, yours counts for 97 %.',
  );
  assert.match(record(24, 0.05, 0.09, 0.97, false), /yours would count for 97 %\.$/);
  assert.match(record(3, 0.1, 0.05, 0.2), /0\.50 × the chance/);
  assert.equal(
    record(1, 0.1, 0.101, 0.5),
    'Over 1 look, both lists gave what you chose next about the same chance. By the latest, yours counts for 50 %.',
  );
});
