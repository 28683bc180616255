// POST /v1/recommend and POST /v1/recommend/batch.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { assertError, ids, modelBytes, startServer } from './server.mjs';

let server;
let page; // the npm package with the same model, for catalogue and expectations
before(async () => {
  [server, page] = await Promise.all([startServer(), Recommender.open(modelBytes, { store: memoryStore() })]);
});
after(async () => {
  await server?.stop();
  await page?.close();
});

const recommend = (body) => server.post('/v1/recommend', body);
const listed = async (body) => {
  const answer = await recommend(body);
  assert.equal(answer.status, 200, JSON.stringify(answer.json));
  return answer.json;
};
const item = (index) => page.catalogue[index].id;

test('without events and user: what everybody likes', async () => {
  const { recommendations, model, unknown_items } = await listed({});
  assert.equal(recommendations.length, 10);
  assert.deepEqual(ids(recommendations), ids(page.popular(10)));
  assert.equal(unknown_items, 0);
  assert.equal(model.version, page.modelInfo.fingerprint);
  const [{ title, score }] = recommendations;
  assert.equal(title, page.popular(1)[0].title);
  assert.equal(score, page.popular(1)[0].score);
});

test('events may be ids and objects, and decide the list', async () => {
  const events = [item(2), { id: item(3) }, { id: item(4), at: 1_700_000_000, kind: 'purchase' }];
  const { recommendations } = await listed({ events, k: 20 });
  assert.equal(recommendations.length, 20);
  assert.notDeepEqual(ids(recommendations), ids(page.popular(20)));
  const scores = recommendations.map(({ score }) => score);
  assert.deepEqual(
    scores,
    scores.toSorted((a, b) => b - a),
  );
  assert.equal(new Set(ids(recommendations)).size, 20);
});

test('the events of a body are not stored', async () => {
  await listed({ user: 'passing', events: [item(2), item(3)] });
  assertError(await server.get('/v1/users/passing/state'), 404, 'unknown_user');
});

test('a user’s events come before those of the body', async () => {
  await server.post('/v1/events', { user: 'both', events: [item(2), item(3)] });
  const alone = await listed({ user: 'both' });
  const both = await listed({ user: 'both', events: [item(40), item(41)] });
  const events = await listed({ events: [item(40), item(41)] });
  assert.notDeepEqual(ids(alone.recommendations), ids(both.recommendations));
  assert.notDeepEqual(both.recommendations, events.recommendations);
  assert.deepEqual(ids((await listed({ user: 'both' })).recommendations), ids(alone.recommendations));
});

test('k is 1 to 1000, and the whole catalogue can be left', async () => {
  for (const k of [1, 2, 999, 1000]) assert.equal((await listed({ k })).recommendations.length, k);
  for (const k of [0, -1, 1001, 1.5, '5', null, 1e300, true, [5]]) {
    assert.match(assertError(await recommend({ k }), 400, 'bad_value'), /'k'/);
  }
});

test('exclude, among and categories narrow the choice as in the package', async () => {
  const events = [item(2), item(3)];
  const all = ids((await listed({ events, k: 30 })).recommendations);
  const without = ids((await listed({ events, k: 20, exclude: all.slice(0, 10) })).recommendations);
  assert.deepEqual(without, all.slice(10));
  const among = ids((await listed({ events, among: [all[7], all[3], 'no such item'] })).recommendations);
  assert.deepEqual(among, [all[3], all[7]]);
  assert.deepEqual((await listed({ events, among: [] })).recommendations, []);
  assert.deepEqual((await listed({ events, among: ['no such item'] })).recommendations, []);
  assert.deepEqual((await listed({ events, categories: ['no such category'] })).recommendations, []);
  if (page.categories.length > 0) {
    const category = page.categories[0];
    const { recommendations } = await listed({ events, categories: [category], k: 1000 });
    assert.deepEqual(new Set(ids(recommendations)), new Set(ids(page.popular(1000, { categories: [category] }))));
  }
});

test('items that the model does not know are ignored and counted', async () => {
  const known = await listed({ events: [item(2)] });
  const { recommendations, unknown_items } = await listed({
    events: ['no such item', item(2), { id: 'nor this one' }],
    exclude: ['unknown as well'],
  });
  assert.deepEqual(ids(recommendations), ids(known.recommendations));
  assert.ok(unknown_items >= 2 && unknown_items <= 3, `${unknown_items}`);
});

test('diversity keeps the best item first and changes the rest as in the package', async () => {
  const { recommendations } = await listed({ k: 10, diversity: 0.8 });
  assert.deepEqual(ids(recommendations), ids(page.popular(10, { diversity: 0.8 })));
  assert.notDeepEqual(ids(recommendations), ids(page.popular(10)));
  for (const diversity of [-0.1, 1.1, '0.5', null]) assertError(await recommend({ diversity }), 400, 'bad_value');
});

test('explain tells the events that an item comes from', async () => {
  const events = [item(2), item(3)];
  const { recommendations } = await listed({ events, k: 5, explain: true });
  const known = new Set(events);
  for (const { because } of recommendations) {
    assert.ok(because.length <= 2);
    for (const { id, logit } of because) assert.ok(known.has(id) && logit > 0);
  }
  assert.ok(recommendations.some(({ because }) => because.length > 0));
  assert.equal((await listed({ events, k: 5 })).recommendations[0].because, undefined);
  assertError(await recommend({ k: 21, explain: true }), 400, 'bad_value');
});

test('a model by its name, and an unknown one', async () => {
  const { model } = await listed({});
  assert.deepEqual((await listed({ model: model.name })).model, model);
  assertError(await recommend({ model: 'no such model' }), 404, 'unknown_model');
  for (const path of ['../../etc/passwd', 'a/b', '..', ' ', '\\', 'ü']) {
    assertError(await recommend({ model: path }), 404, 'unknown_model');
  }
});

test('unknown fields are refused by their names', async () => {
  for (const [body, field] of [
    [{ count: 5 }, 'count'],
    [{ K: 5 }, 'K'],
    [{ events: [{ id: item(2), time: 5 }] }, 'time'],
    [{ events: [{ id: item(2), recommendation_id: 'x' }] }, 'recommendation_id'],
    [{ '': 1 }, ''],
  ]) {
    assert.ok(assertError(await recommend(body), 400, 'unknown_field').includes(`${field}'`), field);
  }
});

test('values of a wrong type are refused by their fields', async () => {
  for (const [body, field] of [
    [{ user: 5 }, 'user'],
    [{ user: '' }, 'user'],
    [{ user: 'a'.repeat(257) }, 'user'],
    [{ user: 'new\nline' }, 'user'],
    [{ user: null }, 'user'],
    [{ events: 'x' }, 'events'],
    [{ events: [5] }, 'events[0]'],
    [{ events: [item(2), null] }, 'events[1]'],
    [{ events: [[]] }, 'events[0]'],
    [{ events: [{ id: item(2), at: 'now' }] }, 'events[0].at'],
    [{ events: [{ id: item(2), kind: 'look' }] }, 'events[0].kind'],
    [{ events: [{ id: item(2), amount: 'much' }] }, 'events[0].amount'],
    [{ exclude: 'x' }, 'exclude'],
    [{ exclude: [5] }, 'exclude'],
    [{ categories: {} }, 'categories'],
    [{ among: [null] }, 'among'],
    [{ explain: 1 }, 'explain'],
    [{ model: 5 }, 'model'],
  ]) {
    const message = assertError(await recommend(body), 400, 'bad_value');
    assert.ok(message.includes(field), `${field}: ${message}`);
  }
  assertError(await recommend({ events: [{ at: 5 }] }), 400, 'missing_field');
  assertError(await recommend({ events: Array(1001).fill(item(2)) }), 400, 'too_many_events');
  assertError(await recommend({ events: [{ id: item(2), at: Date.now() }] }), 400, 'time_in_future');
});

for (const [what, text] of [
  ['nothing', ''],
  ['no JSON', 'k=5'],
  ['half an object', '{"k": 5'],
  ['two values', '{} {}'],
  ['an array', '[]'],
  ['a text', '"x"'],
  ['a name twice', '{"k": 5, "k": 6}'],
  ['a name twice, once escaped', '{"k": 5, "\\u006b": 6}'],
  ['comments', '{/* */}'],
  ['NaN', '{"k": NaN}'],
  ['a huge number', '{"k": 1e999}'],
  ['a lone surrogate', '{"user": "\\ud800"}'],
  ['a byte order mark and garbage', '\ufeffx'],
  ['deep arrays', `{"events": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['deep objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
]) {
  test(`a body with ${what} is refused`, async () => {
    const { status, json } = await server.call('POST', '/v1/recommend', { body: text });
    assert.equal(status, 400);
    assert.ok(['bad_json', 'bad_value'].includes(json.error.code), JSON.stringify(json));
  });
}

test('a body that is not UTF-8 is refused', async () => {
  for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]]) {
    const body = Buffer.concat([Buffer.from('{"user": "a'), Buffer.from(bytes), Buffer.from('b"}')]);
    assertError(await recommend(new Uint8Array(body)), 400, 'bad_json');
  }
});

test('a body that is too long is refused', async () => {
  const { status, json } = await recommend({ user: 'a'.repeat(2_000_000) });
  assert.equal(status, 413);
  assert.equal(json.error.code, 'body_too_large');
});

test('many users in one call', async () => {
  await server.post('/v1/events', { user: 'batch 1', events: [item(2), item(3)] });
  await server.post('/v1/events', { user: 'batch 2', events: [item(60)] });
  const users = ['batch 1', 'batch 2', 'batch nobody'];
  const { status, json } = await server.post('/v1/recommend/batch', { users, k: 7 });
  assert.equal(status, 200, JSON.stringify(json));
  assert.equal(json.results.length, 3);
  for (const [place, user] of users.entries()) {
    const { recommendations } = await listed({ user, k: 7 });
    assert.deepEqual(ids(json.results[place].recommendations), ids(recommendations), user);
  }
  const batch = (body) => server.post('/v1/recommend/batch', body);
  assert.deepEqual((await batch({ users: [] })).json.results, []);
  assertError(await batch({}), 400, 'missing_field');
  assertError(await batch({ users: [''] }), 400, 'bad_value');
  assertError(await batch({ users: Array(101).fill('a') }), 400, 'bad_value');
  assertError(await batch({ users: ['a'], events: [] }), 400, 'unknown_field');
});

test('paths and methods that there are not', async () => {
  assertError(await server.get('/nothing'), 404, 'not_found');
  assertError(await server.post('/v1/recommend/', {}), 404, 'not_found');
  const wrong = await server.get('/v1/recommend');
  assertError(wrong, 405, 'method_not_allowed');
  assert.match(wrong.headers.get('allow'), /POST/);
  assertError(await server.call('PATCH', '/v1/users/a/state'), 405, 'method_not_allowed');
});

test('an answer names the request as its error does', async () => {
  const refused = await recommend({ count: 5 });
  assert.equal(refused.json.error.request_id, refused.headers.get('x-request-id'));
  const [one, other] = [await recommend({}), await recommend({})];
  assert.notEqual(one.headers.get('x-request-id'), other.headers.get('x-request-id'));
});
