import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { ids, modelBytes } from './support.mjs';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 5, 9);

/** A recommender with a clock that the test moves. */
async function open(options = {}) {
  const clock = { now: start };
  const recommender = await Recommender.open(modelBytes, { store: memoryStore(), clock: () => clock.now, ...options });
  return { recommender, clock };
}

/** Somebody who buys the same few things every week. */
function buyWeekly(recommender, clock, weeks = 12) {
  const weekly = [40, 700, 1300, 2100].map((index) => recommender.catalogue[index].id);
  for (let week = 0; week < weeks; week++) {
    for (const id of weekly) {
      recommender.observe(id);
      clock.now += 60_000;
    }
    clock.now += 7 * day;
  }
  return weekly;
}

test('a weekly shopper is learned: likelier than by the model alone, and higher in the list', async () => {
  const { recommender, clock } = await open();
  const weekly = buyWeekly(recommender, clock);
  const { events, trust, base, personal } = recommender.learningRecord;
  assert.equal(events, 48);
  assert.ok(trust > 0.9);
  assert.ok(personal > 2 * base, `${personal} against ${base}`);
  const places = (options) => {
    const everything = ids(recommender.recommend(recommender.items, options));
    return weekly.reduce((sum, id) => sum + everything.indexOf(id), 0);
  };
  assert.ok(places({}) < places({ base: true }), `${places({})} against ${places({ base: true })}`);
  await recommender.close();
});

test('what was learned is told: what became likelier, and what less likely', async () => {
  const { recommender, clock } = await open();
  const weekly = buyWeekly(recommender, clock);
  const { more, fewer } = recommender.learned(10);
  assert.ok(weekly.every((id) => ids(more.items).includes(id)));
  assert.ok(more.items.every(({ factor }) => factor > 1));
  assert.ok(fewer.items.every(({ factor }) => factor < 1));
  assert.deepEqual(
    more.items.map(({ factor }) => factor),
    more.items.map(({ factor }) => factor).sort((a, b) => b - a),
  );
  await recommender.close();
});

test('nothing is learned of nobody', async () => {
  const { recommender } = await open();
  assert.deepEqual(recommender.learningRecord, { ...recommender.learningRecord, events: 0, base: 0, personal: 0 });
  assert.deepEqual(recommender.learned(5), {
    more: { items: [], categories: [] },
    fewer: { items: [], categories: [] },
  });
  await recommender.close();
});

test('the switch leaves the model’s own list, and is remembered', async () => {
  const store = memoryStore();
  const { recommender, clock } = await open({ store });
  buyWeekly(recommender, clock);
  const personal = ids(recommender.recommend(10));
  recommender.learning = false;
  assert.deepEqual(ids(recommender.recommend(10)), ids(recommender.recommend(10, { base: true })));
  await recommender.close();
  const { recommender: again } = await open({ store, clock: () => clock.now });
  assert.equal(again.learning, false);
  again.learning = true;
  assert.deepEqual(ids(again.recommend(10)), personal);
  await again.close();
});

test('what is refused does not come: for a week, or until it is chosen', async () => {
  const { recommender, clock } = await open();
  recommender.observe(recommender.catalogue[40].id);
  const [dismissed, unwanted] = ids(recommender.recommend(2));
  recommender.feedback(dismissed, 'dismiss');
  recommender.feedback(unwanted, 'not_this');
  const everything = () => ids(recommender.recommend(recommender.items));
  assert.ok(!everything().includes(dismissed) && !everything().includes(unwanted));
  assert.ok(!ids(recommender.recommend(20, { base: true })).includes(unwanted));
  assert.deepEqual(
    recommender.hidden.map(({ id, until }) => [id, until?.getTime()]),
    [
      [dismissed, start + 7 * day],
      [unwanted, undefined],
    ],
  );
  clock.now += 7 * day;
  assert.ok(everything().includes(dismissed) && !everything().includes(unwanted));
  recommender.show(unwanted);
  assert.ok(everything().includes(unwanted));
  assert.deepEqual(ids(recommender.hidden), [dismissed]);
  await recommender.close();
});

test('each kind of feedback is taken; what is none, or of nothing, is refused', async () => {
  const { recommender } = await open({ weights: { impression: 0.2, purchase: 2 } });
  const [one, other] = ids(recommender.catalogue.slice(40, 42));
  recommender.feedback(other, 'impression');
  recommender.observe(one);
  for (const kind of ['cart', 'favourite', 'purchase']) recommender.feedback(one, kind);
  recommender.feedback(one, { kind: 'dwell', seconds: 45 });
  recommender.feedback(other, { kind: 'rating', value: -1 });
  assert.equal(recommender.events, 1);
  recommender.feedback(other, { kind: 'rating', value: 0.5 });
  assert.equal(recommender.events, 2);
  const before = recommender.exportState();
  assert.throws(() => recommender.feedback(one, 'smile'), { code: 'invalid_argument' });
  assert.throws(() => recommender.feedback(one, 'click', 'yesterday'), { code: 'invalid_argument' });
  assert.throws(() => recommender.feedback('nothing', 'not_this'), { code: 'unknown_item' });
  assert.throws(() => recommender.show('nothing'), { code: 'unknown_item' });
  assert.deepEqual(recommender.exportState(), before);
  await recommender.close();
  await assert.rejects(open({ weights: { click: -1 } }), { code: 'invalid_argument' });
  await assert.rejects(open({ weights: { smile: 1 } }), { code: 'invalid_argument' });
});

test('the amount of feedback has a name that says its unit, and a range', async () => {
  const { recommender } = await open();
  const [one, other] = ids(recommender.catalogue.slice(40, 42));
  recommender.observe(other);
  recommender.observe(one);
  const before = recommender.exportState();
  const refused = [
    ['dwell', /seconds/],
    [{ kind: 'dwell' }, /needs seconds.*undefined/],
    [{ kind: 'dwell', seconds: '40' }, /string/],
    [{ kind: 'dwell', seconds: -1 }, /-1/],
    [{ kind: 'dwell', seconds: NaN }, /NaN/],
    [{ kind: 'dwell', seconds: 90_000 }, /90000/], // a minute and a half, in milliseconds
    [{ kind: 'dwell', milliseconds: 40_000 }, /takes seconds.*not milliseconds/],
    [{ kind: 'dwell', seconds: 40, amount: 1 }, /not amount/],
    ['rating', /value/],
    [{ kind: 'rating', value: 5 }, /-1, bad, to 1, good.*5/],
    [{ kind: 'purchase', price: 3 }, /takes nothing else.*not price/],
    [{ kind: 'smile' }, /“smile” is no kind/],
    [undefined, /is no kind/],
    [null, /is no kind/],
  ];
  for (const [feedback, message] of refused) {
    assert.throws(() => recommender.feedback(one, feedback), { code: 'invalid_argument', message });
  }
  assert.deepEqual(recommender.exportState(), before);
  // What is accepted reaches the core as it was given: a longer stay teaches more, up to a minute.
  const after = (seconds) => {
    recommender.importState(before);
    recommender.feedback(one, { kind: 'dwell', seconds });
    return recommender.exportState().join();
  };
  assert.notEqual(after(20), after(40));
  assert.equal(after(60), after(86_400));
  recommender.importState(before);
  recommender.feedback(one, { kind: 'purchase' });
  const asObject = recommender.exportState();
  recommender.importState(before);
  recommender.feedback(one, 'purchase');
  assert.deepEqual(recommender.exportState(), asObject);
  await recommender.close();
});

test('recalled events are remembered with their times, and teach nothing', async () => {
  const { recommender } = await open();
  const [one, other] = ids(recommender.catalogue.slice(40, 42));
  recommender.recall([
    { id: one, at: new Date(start - 2 * day) },
    { id: other, at: start - day },
  ]);
  const times = [new Date(start - 2 * day), new Date(start - day)];
  assert.deepEqual(
    recommender.history,
    [one, other].map((id, event) => ({ ...recommender.item(id), at: times[event] })),
  );
  assert.equal(recommender.learningRecord.events, 0);
  assert.equal(recommender.exportReadable().history[1].at, new Date(start - day).toISOString());
  assert.throws(
    () =>
      recommender.recall([
        { id: one, at: start },
        { id: 'nothing', at: start },
      ]),
    { code: 'unknown_item' },
  );
  assert.equal(recommender.events, 2);
  const { recommender: elsewhere } = await open();
  elsewhere.recall(recommender.history);
  assert.deepEqual(elsewhere.exportState(), recommender.exportState());
  await Promise.all([recommender.close(), elsewhere.close()]);
});

test('what the page knows of why the user came: believed at first, over after two choices', async () => {
  const { recommender } = await open();
  const among = ids(recommender.catalogue.slice(100, 200));
  const ofThese = (items) => ids(items).filter((id) => among.includes(id)).length;
  const before = ofThese(recommender.recommend(10));
  recommender.setContext({ among, exclude: among.slice(50) }, 0.9);
  const listed = ids(recommender.recommend(10));
  assert.ok(ofThese(recommender.recommend(10)) > before);
  assert.ok(!among.slice(50).some((id) => listed.includes(id)));
  assert.deepEqual(ids(recommender.popular(10)), ids((await open()).recommender.recommend(10)));
  recommender.setContext({});
  assert.equal(ofThese(recommender.recommend(10)), before);
  recommender.setContext({ among }, 0.9);
  const { recommender: without } = await open();
  for (const index of [900, 1800]) {
    recommender.observe(recommender.catalogue[index].id);
    without.observe(without.catalogue[index].id);
  }
  assert.deepEqual(ids(recommender.recommend(10)), ids(without.recommend(10)));
  assert.throws(() => recommender.setContext({ among }, 2), { code: 'invalid_argument' });
  assert.throws(() => recommender.setContext({ among: among[0] }), { code: 'invalid_argument' });
  await Promise.all([recommender.close(), without.close()]);
});

test('two devices that merge each other’s states know the same', async () => {
  const { recommender: phone, clock } = await open();
  const { recommender: laptop } = await open({ clock: () => clock.now });
  const [one, other] = ids(phone.catalogue.slice(40, 42));
  phone.observe(one);
  clock.now += day;
  laptop.observe(other);
  laptop.feedback(one, 'not_this');
  const [ofPhone, ofLaptop] = [phone.exportState(), laptop.exportState()];
  phone.mergeState(ofLaptop);
  laptop.mergeState(ofPhone);
  assert.deepEqual(phone.exportState(), laptop.exportState());
  assert.deepEqual(ids(phone.history), [one, other]);
  assert.deepEqual(ids(phone.hidden), [one]);
  assert.throws(() => phone.mergeState(ofLaptop.subarray(0, 60)), { code: 'malformed' });
  await Promise.all([phone.close(), laptop.close()]);
});

test('the state can be read as plain data', async () => {
  const { recommender, clock } = await open();
  buyWeekly(recommender, clock, 2);
  recommender.feedback(recommender.catalogue[3].id, 'dismiss');
  const readable = JSON.parse(JSON.stringify(recommender.exportReadable()));
  assert.equal(readable.model, recommender.modelInfo.fingerprint);
  assert.equal(readable.events, 8);
  assert.equal(readable.history.length, 8);
  assert.equal(readable.history[0].at, new Date(start).toISOString());
  assert.equal(readable.hidden[0].title, recommender.catalogue[3].title);
  assert.equal(readable.learned.taste.length, 17 * recommender.modelInfo.architecture.hiddenDim + 3);
  assert.ok(readable.learned.memoryWeights.some((weight) => weight !== 0));
  assert.deepEqual(readable.learning.record, recommender.learningRecord);
  await recommender.close();
});

test('after 10,000 events the state has at most 256 kB', async () => {
  const { recommender, clock } = await open();
  const { catalogue } = recommender;
  for (let event = 0; event < 10_000; event++) {
    clock.now += 1000 * ((event * 7919) % 4000);
    recommender.observe(catalogue[(event * event * 31) % catalogue.length].id);
    if (event % 20 === 0) recommender.feedback(catalogue[(event * 17) % catalogue.length].id, 'dismiss');
  }
  assert.ok(recommender.stateSize <= 256 * 1024, `${recommender.stateSize} bytes`);
  assert.equal(recommender.history.length, 1024);
  await recommender.close();
});
