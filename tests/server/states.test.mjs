// A user's state over HTTP: the same bytes as a page has.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { assertError, ids, modelBytes, modelWith, startServer } from './server.mjs';

let server;
const pages = [];
const clock = () => 1_700_000_000_000;
const openPage = async (model = modelBytes) => {
  pages.push(await Recommender.open(model, { store: memoryStore(), clock }));
  return pages.at(-1);
};
before(async () => {
  server = await startServer();
});
after(async () => {
  await server?.stop();
  await Promise.all(pages.map((page) => page.close()));
});

const address = (user) => `/v1/users/${encodeURIComponent(user)}`;
const observe = (page, begin, end) => {
  for (const { id } of page.catalogue.slice(begin, end)) page.observe(id);
};

test('a page’s state goes in, is used, and comes out with the same bytes', async () => {
  const page = await openPage();
  observe(page, 2, 12);
  page.feedback(page.catalogue[20].id, 'not_this');
  assert.equal((await server.put(`${address('page')}/state`, page.exportState())).status, 204);
  const exported = await server.get(`${address('page')}/state`);
  assert.equal(exported.headers.get('content-type'), 'application/octet-stream');
  assert.deepEqual(exported.bytes, page.exportState());
  const { json } = await server.post('/v1/recommend', { user: 'page', k: 1000 });
  assert.ok(ids(json.recommendations).every((id) => id !== page.catalogue[20].id));
});

test('a state replaces what there was, and events go on from it', async () => {
  const page = await openPage();
  observe(page, 2, 5);
  await server.post('/v1/events', { user: 'replaced', events: ids(page.catalogue.slice(50, 60)) });
  await server.put(`${address('replaced')}/state`, page.exportState());
  const at = 1_700_000_100;
  await server.post('/v1/events', { user: 'replaced', id: page.catalogue[7].id, at });
  page.observe(page.catalogue[7].id, at * 1000);
  assert.deepEqual((await server.get(`${address('replaced')}/state`)).bytes, page.exportState());
});

test('another device’s state is merged as the package merges it', async () => {
  const [phone, laptop] = [await openPage(), await openPage()];
  observe(phone, 2, 8);
  observe(laptop, 30, 35);
  await server.put(`${address('merged')}/state`, phone.exportState());
  const merged = await server.post(`${address('merged')}/merge`, laptop.exportState());
  phone.mergeState(laptop.exportState());
  assert.deepEqual(merged.bytes, phone.exportState());
  const first = (await server.get(`${address('merged')}/state`)).bytes;
  assert.deepEqual(first, phone.exportState());
  assert.equal((await server.post(`${address('merged')}/merge`, laptop.exportState())).status, 200);
  assert.deepEqual((await server.get(`${address('merged')}/state`)).bytes, first);
});

test('a state can be merged into an unknown user', async () => {
  const page = await openPage();
  observe(page, 2, 8);
  assert.equal((await server.post(`${address('new here')}/merge`, page.exportState())).status, 200);
  const other = await openPage();
  other.mergeState(page.exportState());
  assert.deepEqual((await server.get(`${address('new here')}/state`)).bytes, other.exportState());
});

test('states that are damaged, cut off, foreign or empty are refused, and nothing changes', async () => {
  const page = await openPage();
  observe(page, 2, 8);
  const sound = page.exportState();
  const foreign = await openPage(modelWith(({ spec }) => (spec.attribution += ' Another version.')));
  observe(foreign, 2, 8);
  await server.put(`${address('safe')}/state`, sound);
  const flipped = sound.slice();
  flipped[100] ^= 1;
  for (const bad of [flipped, sound.slice(0, -1), sound.slice(1), new Uint8Array(), new Uint8Array(500)]) {
    assertError(await server.put(`${address('safe')}/state`, bad), 400, 'bad_state');
    assertError(await server.post(`${address('safe')}/merge`, bad), 400, 'bad_state');
  }
  assertError(await server.put(`${address('safe')}/state`, foreign.exportState()), 409, 'model_version_missing');
  assertError(await server.post(`${address('safe')}/merge`, foreign.exportState()), 409, 'model_version_missing');
  const tooLong = await server.put(`${address('safe')}/state`, new Uint8Array(3_000_000));
  assertError(tooLong, 413, 'body_too_large');
  assert.deepEqual((await server.get(`${address('safe')}/state`)).bytes, sound);
});

test('a forgotten user is unknown, and starts anew', async () => {
  const page = await openPage();
  observe(page, 2, 8);
  await server.put(`${address('gone')}/state`, page.exportState());
  await server.post('/v1/events', { user: 'gone', id: page.catalogue[9].id }, { headers: { 'Idempotency-Key': 'k' } });
  assert.equal((await server.delete(`${address('gone')}/state`)).status, 204);
  assertError(await server.get(`${address('gone')}/state`), 404, 'unknown_user');
  const popular = (await server.post('/v1/recommend', {})).json.recommendations;
  assert.deepEqual(ids((await server.post('/v1/recommend', { user: 'gone' })).json.recommendations), ids(popular));
  const again = await server.post(
    '/v1/events',
    { user: 'gone', id: page.catalogue[9].id },
    { headers: { 'Idempotency-Key': 'k' } },
  );
  assert.equal(again.headers.get('idempotency-replayed'), null);
  assert.equal(again.json.events, 1);
  assert.equal((await server.delete(`${address('nobody')}/state`)).status, 204);
});

test('ids in addresses are decoded once, and bad ones are refused', async () => {
  const [page] = pages;
  for (const user of ['a/b', 'a%2Fb', 'ä ö', '%', '+', '?x=1']) {
    await server.post('/v1/events', { user, id: page.catalogue[2].id });
    assert.equal((await server.get(`${address(user)}/state`)).status, 200, user);
  }
  for (const bad of ['%00', '%0a', '%ff', '%c0%af', 'a'.repeat(257), '%zz']) {
    const { status } = await server.get(`/v1/users/${bad}/state`);
    assert.equal(status, 400, bad);
  }
});
