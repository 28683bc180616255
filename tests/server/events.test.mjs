// POST /v1/events: what is stored, what is counted, and what a repeated request does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { assertError, modelBytes, startServer } from './server.mjs';

let server;
let page;
before(async () => {
  [server, page] = await Promise.all([startServer(), Recommender.open(modelBytes, { store: memoryStore() })]);
});
after(async () => {
  await server?.stop();
  await page?.close();
});

const item = (index) => page.catalogue[index].id;
const send = (body, key) =>
  server.post('/v1/events', body, key === undefined ? {} : { headers: { 'Idempotency-Key': key } });
const state = async (user) => (await server.get(`/v1/users/${encodeURIComponent(user)}/state`)).bytes;

test('one event beside the user, and many in a list', async () => {
  assert.deepEqual((await send({ user: 'ada', id: item(2) })).json, { accepted: 1, unknown_items: 0, events: 1 });
  const many = [item(3), { id: item(4), kind: 'purchase' }, { id: item(4), kind: 'dwell', amount: 40 }];
  assert.deepEqual((await send({ user: 'ada', events: many })).json, { accepted: 3, unknown_items: 0, events: 4 });
  assert.deepEqual((await send({ user: 'ada', events: [] })).json, { accepted: 0, unknown_items: 0, events: 4 });
});

test('events on unknown items are counted and not stored', async () => {
  const { json } = await send({ user: 'unknown', events: ['no such item', item(2), 'nor this'] });
  assert.deepEqual(json, { accepted: 1, unknown_items: 2, events: 1 });
  assert.deepEqual((await send({ user: 'nothing known', id: 'no such item' })).json, {
    accepted: 0,
    unknown_items: 1,
    events: 0,
  });
});

test('every kind of feedback is taken, and another is refused with nothing stored', async () => {
  const kinds = ['impression', 'click', 'dwell', 'cart', 'favourite', 'purchase', 'rating', 'dismiss', 'not_this'];
  for (const [place, kind] of kinds.entries()) {
    const { json } = await send({ user: 'kinds', id: item(place), kind, amount: kind === 'rating' ? 0.5 : 20 });
    assert.equal(json.events, place + 1, kind);
  }
  assertError(await send({ user: 'kinds', events: [item(2), { id: item(3), kind: 'look' }] }), 400, 'bad_value');
  assertError(await send({ user: 'kinds', id: item(3), kind: 'rating', amount: 2 }), 400, 'bad_value');
  assert.equal((await send({ user: 'kinds', events: [] })).json.events, kinds.length);
});

test('a hidden item is not recommended any more', async () => {
  const list = async () => (await server.post('/v1/recommend', { user: 'hiding', k: 10 })).json.recommendations;
  await send({ user: 'hiding', id: item(2) });
  const [first] = await list();
  await send({ user: 'hiding', id: first.id, kind: 'not_this' });
  assert.ok((await list()).every(({ id }) => id !== first.id));
});

test('a repeated key gives the first answer again, and adds nothing', async () => {
  const events = [item(2), item(3)];
  const first = await send({ user: 'repeating', events }, 'key-1');
  assert.equal(first.headers.get('idempotency-replayed'), null);
  for (let round = 0; round < 3; ++round) {
    const again = await send({ user: 'repeating', events }, 'key-1');
    assert.equal(again.status, 200);
    assert.equal(again.headers.get('idempotency-replayed'), 'true');
    assert.deepEqual(again.json, first.json);
  }
  assert.equal((await send({ user: 'repeating', events: [] })).json.events, 2);
});

test('a key with other content is refused, and adds nothing', async () => {
  await send({ user: 'reusing', id: item(2) }, 'key-1');
  assertError(await send({ user: 'reusing', id: item(3) }, 'key-1'), 422, 'idempotency_key_reused');
  assert.equal((await send({ user: 'reusing', events: [] })).json.events, 1);
});

test('a key belongs to its user', async () => {
  await send({ user: 'one', id: item(2) }, 'shared-key');
  const other = await send({ user: 'other', id: item(2) }, 'shared-key');
  assert.equal(other.headers.get('idempotency-replayed'), null);
  assert.equal(other.json.accepted, 1);
});

test('requests of one key that come at the same time add their events once', async () => {
  const body = { user: 'at once', events: [item(2), item(3)] };
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(body, 'at-once')));
  assert.ok(answers.every(({ status }) => status === 200));
  assert.equal(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null).length, 1);
  assert.equal((await send({ user: 'at once', events: [] })).json.events, 2);
});

test('a key has 1 to 255 visible characters', async () => {
  assert.equal((await send({ user: 'keys', id: item(2) }, 'k'.repeat(255))).status, 200);
  for (const key of ['k'.repeat(256), 'two words', '']) {
    assertError(await send({ user: 'keys', id: item(2) }, key), 400, 'bad_idempotency_key');
  }
  assert.equal((await send({ user: 'keys', events: [] })).json.events, 1);
});

test('user ids are any text without control characters', async () => {
  for (const user of ['a', 'ä ö/ü?#%', '日本語', '👩‍👩‍👧', '..', "'; DROP TABLE users; --", 'a'.repeat(256)]) {
    assert.equal((await send({ user, id: item(2) })).status, 200, user);
    if (user !== '..') assert.ok((await state(user)).length > 0, user);
  }
  for (const user of ['', 'a'.repeat(257), 'é'.repeat(129), 'a\u0000b', 'a\u007f', 'a\u0085']) {
    assertError(await send({ user, id: item(2) }), 400, 'bad_value');
  }
});

test('a time far in the future is refused by name, an early one is taken', async () => {
  const message = assertError(await send({ user: 'clock', id: item(2), at: Date.now() }), 400, 'time_in_future');
  assert.match(message, /'at'.*milliseconds/);
  const now = Math.floor(Date.now() / 1000);
  assert.equal((await send({ user: 'clock', id: item(2), at: now + 3600 })).status, 200);
  assert.equal((await send({ user: 'clock', id: item(3), at: 0 })).status, 200);
  assert.equal((await send({ user: 'clock', id: item(3), at: -86_400.5 })).status, 200);
  for (const at of [1e300, 'now', null, {}])
    assertError(await send({ user: 'clock', id: item(2), at }), 400, 'bad_value');
});

test('what is wrong in one event refuses all of them', async () => {
  for (const [event, code] of [
    [{}, 'missing_field'],
    [{ id: '' }, 'bad_value'],
    [{ id: item(3), user: 'x' }, 'unknown_field'],
    [5, 'bad_value'],
  ]) {
    assertError(await send({ user: 'strict', events: [item(2), event] }), 400, code);
  }
  assertError(await send({ events: [item(2)] }), 400, 'missing_field');
  assertError(await send({ user: 'strict' }), 400, 'missing_field');
  assertError(await send({ user: 'strict', id: item(2), events: [] }), 400, 'unknown_field');
  assertError(await send({ user: 'strict', events: Array(1001).fill(item(2)) }), 400, 'too_many_events');
  assert.equal((await send({ user: 'strict', events: [] })).json.events, 0);
});

test('events may name the list that they come from', async () => {
  const list = (await server.post('/v1/recommend', { user: 'citing', k: 5 })).json;
  const cited = { id: list.recommendations[2].id, recommendation_id: list.recommendation_id };
  assert.equal((await send({ user: 'citing', ...cited, kind: 'purchase' })).json.accepted, 1);
  assert.equal((await send({ user: 'citing', events: [cited] })).json.accepted, 1);
  // Another user's list and a made-up one do not count, but the event does.
  assert.equal((await send({ user: 'somebody else', ...cited })).json.accepted, 1);
  assert.equal((await send({ user: 'citing', ...cited, recommendation_id: 'made up' })).json.accepted, 1);
});
