// The panel's crowd, its slots, and what it says of the trend, from the page's own source, without a browser.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const demoFolder = fileURLToPath(new URL('../../web-demo/', import.meta.url));

let server;
let panel;
before(async () => {
  server = await createServer({
    root: demoFolder,
    configFile: false,
    logLevel: 'warn',
    server: { middlewareMode: true, ws: false },
    optimizeDeps: { noDiscovery: true },
  });
  const modules = await Promise.all(
    ['crowd', 'slots', 'trend_wording', 'outcome', 'share_picture', 'leader_overview'].map((name) =>
      server.ssrLoadModule(`/src/everybody/${name}.ts`),
    ),
  );
  panel = Object.assign({}, ...modules);
});
after(() => server?.close());

/** Numbers from 0 to 1 at equal distances, in an order without a pattern. */
function evenNumbers() {
  let number = 0;
  return () => (number = (number + 0.618_033_988_75) % 1);
}

test('the crowd chooses as expected where nothing is wanted, and slot 0 for what has no slot', () => {
  const choices = panel.drawChoices(1000, Float64Array.of(0, 0.5, 0.25), [], evenNumbers());
  const count = (slot) => choices.filter((choice) => choice === slot).length;
  assert.ok(Math.abs(count(1) - 500) < 10, `${count(1)}`);
  assert.ok(Math.abs(count(2) - 250) < 10, `${count(2)}`);
  assert.ok(Math.abs(count(0) - 250) < 10, `${count(0)}`);
});

test('what is wanted is chosen by its share of the crowd, the first most', () => {
  let seed = 1;
  const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
  const choices = panel.drawChoices(10_000, Float64Array.of(0, 1, 0, 0), [2, 3], random);
  const count = (slot) => choices.filter((choice) => choice === slot).length;
  assert.ok(Math.abs(count(2) + count(3) - 10_000 * panel.wantedShare) < 200);
  assert.ok(Math.abs(count(2) / count(3) - 2) < 0.2, `${count(2)} and ${count(3)}`);
});

test('slots go to the most popular products, and their shares add up to 1', () => {
  const temperature = 0.5;
  const table = panel.SlotTable.byPopularity(
    [
      { id: 'a', score: 2 },
      { id: 'b', score: 1 },
      { id: 'c', score: 0 },
    ],
    temperature,
  );
  assert.equal(table.slotOf('a'), 1);
  assert.equal(table.slotOf('unknown'), 0);
  assert.equal(table.idOf(3), 'c');
  assert.equal(table.idOf(0), undefined);
  assert.ok(Math.abs(table.expected.reduce((sum, share) => sum + share) - 1) < 1e-12);
  assert.ok(Math.abs(table.expected[1] / table.expected[2] - Math.exp(temperature)) < 1e-12);
  assert.deepEqual(table.top([99, 1, 5, -2, 70], 2), [2, 1], 'slot 0 and slots without a product are no bars');
  const { items, prior } = table.trendOf(Float32Array.of(0, 0.5, 0, -1), 0.25);
  assert.deepEqual(items, [
    { id: 'a', logRatio: 0.5 },
    { id: 'c', logRatio: -1 },
  ]);
  assert.equal(prior, 0.25);
});

test('a server may give the slots in any order, and leave some out', () => {
  const table = new panel.SlotTable(
    [undefined, 'b', undefined, 'a'],
    new Map([
      ['a', 0.75],
      ['b', 0.2],
    ]),
  );
  assert.deepEqual([table.slotOf('a'), table.slotOf('b'), table.slotOf('c')], [3, 1, 0]);
  assert.deepEqual([...table.expected.slice(0, 5)], [0, 0.2, 0, 0.75, 0]);
});

test('what the leader tells its operator: the batch that fills, and those that have ended', () => {
  const batches = ['open', 'closing', 'released', 'given_up'].map((state, n) => ({
    state,
    reports: 2 ** n,
    reason: '',
  }));
  assert.equal(panel.verifiedReports({ batches }), 3);
  assert.deepEqual(
    panel.settledBatches({ batches }).map(({ state }) => state),
    ['released', 'given_up'],
  );
});

test('the page says how far the trend is believed', () => {
  assert.match(panel.judgementInWords({ weeks: 1, prior: 0, gain: 0 }), /^Not believed yet/);
  assert.match(panel.judgementInWords({ weeks: 2, prior: 0, gain: 0.01 }), /1\.0.× .* switched off\.$/);
  assert.match(
    panel.judgementInWords({ weeks: 1, prior: 0.62, gain: 0.69 }),
    /believed to 62.%/,
    'earlier weeks count',
  );
  assert.match(panel.judgementInWords({ weeks: 2, prior: 0.62, gain: 0.69 }), /2\.0.× .* believed to 62.%/);
});

test('an outcome is read with its refusals and the message behind it', () => {
  const refused = (error) => [error, ...new Uint8Array(16)];
  const output = Uint8Array.of(2, 0, 0, 0, 2, 0, 0, 0, ...refused(6), ...refused(99), 7, 8);
  const { outcome, message } = panel.readOutcome(output);
  assert.deepEqual(outcome, { accepted: 2, refusals: ['vdaf_verify_error', 'error 99'] });
  assert.deepEqual([...message], [7, 8]);
});

test('two shares of one choice add up to one point', () => {
  const modulus = 2n ** 66n * 4611686018427387897n + 1n;
  const share = (numberOf) => {
    const bytes = new Uint8Array(16 * 4096);
    for (let slot = 0; slot < 4096; slot++) {
      let number = numberOf(slot);
      for (let byte = 0; byte < 16; byte++, number >>= 8n) bytes[16 * slot + byte] = Number(number & 255n);
    }
    return bytes;
  };
  const random = (slot) => (BigInt(slot) + 1n) * 1_234_567_891_234_567n;
  const leader = share((slot) => (modulus - random(slot) + (slot === 77 ? 1n : 0n)) % modulus);
  const shades = panel.shadesTogether(leader, share(random));
  assert.deepEqual(
    [...shades.keys()].filter((slot) => shades[slot] !== 0),
    [77],
  );
});
