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

const shift = (kind, everybodys, yours) => ({ kind, everybodys, yours });
const inWords = (...shifts) => wording.learnedInWords(shifts);
const record = (events, base, personal, trust, on = true) =>
  wording.recordInWords({ events, base, personal, trust }, on).replaceAll('\u00a0', ' ');

test('what grew and what shrank most is named, two of each', () => {
  assert.equal(
    inWords(
      shift('lunch bags', 0.1, 0.4),
      shift('jumbo bags', 0.3, 0.2),
      shift('cake cases', 0.02, 0.1),
      shift('hearts', 0.05, 0.08),
      shift('candles', 0.3, 0.05),
      shift('birds', 0.1, 0.07),
    ),
    'More lunch bags and cake cases, fewer candles and jumbo bags.',
  );
});

test('one side alone is a sentence, too', () => {
  assert.equal(inWords(shift('lunch bags', 0.1, 0.2)), 'More lunch bags.');
  assert.equal(inWords(shift('candles', 0.2, 0.1)), 'Fewer candles.');
});

test('nothing is claimed of small changes, or of what neither expects', () => {
  assert.equal(inWords(), '');
  assert.equal(inWords(shift('lunch bags', 0.4, 0.49), shift('candles', 0.49, 0.4)), '');
  assert.equal(inWords(shift('birds', 0.0001, 0.019), shift('hearts', 0.019, 0)), '');
  assert.equal(inWords(shift('birds', 0, 0)), '');
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
