// What callers get wrong: it is taken where it can be, and else refused with the argument's name and what was given.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SottoError, Recommender, encryptedStore, indexedDbStore, memoryStore } from 'sotto';
import { follow, sync } from 'sotto/sync';
import { ids, modelBytes, modelWith } from './support.mjs';

let recommender;
let id;
before(async () => {
  recommender = await Recommender.open(modelBytes);
  [{ id }] = recommender.catalogue;
});
after(() => recommender.close());

const now = 1_700_000_000_000;
const bytes = new Uint8Array(100_000).fill(77);

/** Each call, and what the error has to name. */
const refusedCalls = [
  [() => recommender.observe(), /itemId takes an item's id, not undefined/],
  [() => recommender.observe({ title: 'Tea' }), /itemId takes .* not an object with title/],
  [() => recommender.observe(bytes), /itemId takes .* not 100000 bytes \(Uint8Array\)/],
  [() => recommender.observe(id, now / 1000), /at takes .* \(1,000 × seconds\), not 1700000000\./],
  [() => recommender.observe(id, 1000 * now), /at takes .* year 10000/],
  [() => recommender.observe(id, 1e300), /at takes .* year 10000/],
  [() => recommender.observe(id, null), /at takes a Date, .* not null/],
  [() => recommender.observe(id, '1700000000000'), /at takes .* “1700000000000”/],
  [() => recommender.observe(id, new Date('no date')), /at takes .* not a Date/],
  [() => recommender.feedback(id, 'rating', 5), /value/],
  [() => recommender.feedback(id, { kind: 'rating', value: 5 }), /-1, bad, to 1, good.*It was 5/],
  [() => recommender.feedback(id, { kind: 'dwell', seconds: now }), /the seconds of a stay, 0 to 86400/],
  [() => recommender.feedback(id), /undefined is no kind of feedback: it takes one of impression/],
  [() => recommender.feedback(id, ['cart']), /is no kind of feedback/],
  [() => recommender.recall({ id, at: now }), /recall\(events\) takes a list/],
  [() => recommender.recall([{ id }]), /“at” of an event of recall .* not undefined/],
  [() => recommender.recall([{ at: now }]), /An event of recall takes an item's id/],
  [() => recommender.recommend(), /recommend\(k\) takes a whole number of at least 1, not undefined/],
  [() => recommender.recommend('5'), /recommend\(k\).*“5”/],
  [() => recommender.recommend(5, [id]), /recommend\(…, options\) takes an object of options, not an array of 1/],
  [() => recommender.recommend(5, null), /an object of options, not null/],
  [() => recommender.recommend(5, { exclude: id }), /The option exclude takes a list, such as \[“/],
  [() => recommender.recommend(5, { exclude: recommender.item(id) }), /The option exclude takes a list, not an object/],
  [() => recommender.recommend(5, { exclude: [undefined] }), /The option exclude takes an item's id/],
  [() => recommender.recommend(5, { among: 7 }), /The option among takes a list, not 7/],
  [() => recommender.recommend(5, { categories: null }), /The option categories takes a list, not null/],
  [() => recommender.recommend(5, { notCategories: [7] }), /The option notCategories takes names of categories, not 7/],
  [() => recommender.recommend(5, { diversity: '0.5' }), /The option diversity .* “0.5”/],
  [() => recommender.recommend(5, { base: 1 }), /The option base takes true or false, not 1/],
  [() => recommender.popular(2.5), /popular\(k\).*2.5/],
  [() => recommender.learned(Infinity), /learned\(k\).*Infinity/],
  [() => recommender.rank(id), /rank\(itemIds\) takes a list/],
  [() => recommender.setContext(id), /setContext\(…, options\)/],
  [() => recommender.setContext({}, '1'), /setContext\(filter, belief\) .* “1”/],
  [() => recommender.setTrend([{ id, logRatio: 1 }]), /setTrend\(…, options\) .* an array of 1/],
  [() => recommender.setTrend({ items: { [id]: 1 } }), /The items of a trend takes a list/],
  [
    () => recommender.setTrend({ items: [{ id, ratio: 2 }] }),
    /logRatio or a logProbability, not an object with id, ratio/,
  ],
  [() => recommender.setTrend({ items: [], prior: '0.5' }), /prior of a trend .* “0.5”/],
  [() => (recommender.learning = 'off'), /learning takes true or false, not “off”/],
  [() => recommender.importState(Promise.resolve(bytes)), /importState\(bytes\) .* a promise: await it first/],
  [() => recommender.mergeState('state'), /mergeState\(bytes\)/],
  [() => recommender.subscribe({ next: () => {} }), /subscribe\(listener\) takes a function, not an object with next/],
  [() => indexedDbStore({ name: 'shop' }), /indexedDbStore\(name\) takes a name, not an object with name/],
  [() => encryptedStore(7, memoryStore()), /encryptedStore\(name\) takes a name, not 7/],
];
for (const [call, message] of refusedCalls) {
  test(`refused: ${String(call).slice(6)}`, () => {
    const state = recommender.exportState();
    assert.throws(call, (error) => {
      assert.ok(error instanceof SottoError);
      assert.equal(error.code, 'invalid_argument');
      assert.match(error.message, message);
      assert.ok(error.message.length < 250, error.message);
      return true;
    });
    assert.deepEqual(recommender.exportState(), state, 'nothing changes');
  });
}

/** Options of open, and what the error has to name. */
const refusedOptions = [
  ['alice', /open\(…, options\) takes an object of options, not “alice”/],
  [{ user: { name: 'alice' } }, /The option user takes a string, not an object with name/],
  [{ sketch: 'no' }, /The option sketch takes true or false/],
  [{ clock: now }, /The option clock takes a function/],
  [{ onWarning: 'log' }, /The option onWarning takes a function/],
  [{ signal: new AbortController() }, /The option signal takes an AbortSignal, such as controller.signal, not a/],
  [{ store: new Map() }, /The option store takes a store with load, save and erase, not a Map/],
  [{ weights: { click: '2' } }, /The weight of click takes a number from 0 to 10, not “2”/],
  [{ weights: 2 }, /weights.* not 2/],
  [{ wasm: 7 }, /The option wasm takes the file's address or its bytes, not 7/],
  [{ wasm: { module: bytes } }, /The option wasm takes .* not an object with module/],
];
for (const [options, message] of refusedOptions) {
  test(`refused by open: ${message.source.slice(0, 40)}`, async () => {
    await assert.rejects(Recommender.open(modelBytes, options), { code: 'invalid_argument', message });
  });
}

test('refused as the source of open', async () => {
  for (const source of [undefined, null, '', 7, {}, [modelBytes], () => modelBytes, Promise.resolve(undefined)]) {
    await assert.rejects(Recommender.open(source), { code: 'invalid_argument', message: /^open\(source\) takes/ });
  }
});

test('a request that fetch does not take is refused, and a server that is not there is another error', async () => {
  for (const request of [{ credentials: 'yes' }, { cache: 'never' }, { headers: 'Authorization: 1' }]) {
    const opening = Recommender.open('http://127.0.0.1:9/model', { request });
    await assert.rejects(opening, { code: 'invalid_argument', message: /^The option request is not what fetch takes/ });
  }
  const opening = Recommender.open('http://127.0.0.1:9/model', { request: { cache: 'no-store' } });
  await assert.rejects(opening, { code: 'network' });
});

test('refused by private sync', async () => {
  for (const call of [sync, follow]) {
    await assert.rejects(call(recommender), {
      code: 'invalid_argument',
      message: /an object of options, not undefined/,
    });
  }
});

test('a clock of seconds is refused at its first use', async () => {
  const slow = await Recommender.open(modelBytes, { clock: () => now / 1000 });
  assert.throws(() => slow.observe(id), { code: 'invalid_argument', message: /The option clock/ });
});

test('refused by backups, before anything is sent', async () => {
  const refusal = (message) => ({ code: 'invalid_argument', message });
  await assert.rejects(recommender.backup(), refusal(/The url of a backup/));
  await assert.rejects(
    recommender.restore('https://shop.example'),
    refusal(/code takes a recovery code, not undefined/),
  );
  await assert.rejects(recommender.restore('https://shop.example', 'x', 'merge'), refusal(/restore\(…, options\)/));
  await assert.rejects(
    recommender.restore('https://shop.example', 'x', { merge: 'no' }),
    refusal(/The option merge takes true or false, not “no”/),
  );
});

test('an address that holds the file is not repeated in the error', async () => {
  const address = `data:text/plain;base64,${'QUFB'.repeat(10_000)}`;
  for (const open of [() => Recommender.open(address), () => Recommender.open(modelBytes, { wasm: address })]) {
    await assert.rejects(open(), (error) => error instanceof SottoError && error.message.length < 600);
  }
});

test('ids may be numbers, and items may stand for their ids', async () => {
  const numbered = modelWith(
    ({ catalogue }) => (catalogue.item_id = catalogue.item_id.map((_, index) => `${1000 + index}`)),
  );
  const shop = await Recommender.open(numbered, { user: 7 });
  shop.observe(1003);
  shop.observe({ id: 1004 });
  shop.observe(shop.catalogue[5]);
  shop.recall([{ id: 1006, at: now }]);
  assert.deepEqual(ids(shop.history), ['1003', '1004', '1005', '1006']);
  assert.equal(shop.item(1003).id, '1003');
  assert.deepEqual(ids(shop.rank([1003, '1003', { id: 1003 }])), ['1003']);
  assert.ok(
    !ids(shop.recommend(50, { exclude: [1000, shop.catalogue[1]] })).some((one) => one === '1000' || one === '1001'),
  );
  await shop.close();
});

test('a time may be written as ISO 8601 writes it, so that exportReadable can be recalled', async () => {
  const one = await Recommender.open(modelBytes);
  one.observe(id, '2026-01-02T03:04:05Z');
  assert.equal(one.history[0].at.getTime(), Date.UTC(2026, 0, 2, 3, 4, 5));
  const other = await Recommender.open(modelBytes);
  other.recall(JSON.parse(JSON.stringify(one.exportReadable())).history);
  assert.deepEqual(other.history, one.history);
});

test('a page may ask for an item that it has no id of', () => {
  for (const nothing of [undefined, null, '', 'no such item']) assert.equal(recommender.item(nothing), undefined);
});

test('methods work through a proxy, and say what is missing without their recommender', () => {
  const proxy = new Proxy(recommender, {});
  assert.deepEqual(proxy.recommend(5), recommender.recommend(5));
  assert.equal(proxy.items, recommender.items);
  proxy.learning = false;
  assert.equal(recommender.learning, false);
  recommender.learning = true;
  const { observe } = recommender;
  assert.throws(() => observe(id), { code: 'invalid_argument', message: /recommender\.observe/ });
});
