// A page that was written for the tutorial's Flask server works unchanged: POST /recommend with {"input": […]}.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { assertError, modelBytes, modelWith, startServer, temporaryFolder } from './server.mjs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

let server;
let page;
before(async () => {
  [server, page] = await Promise.all([startServer(), Recommender.open(modelBytes, { store: memoryStore() })]);
});
after(async () => {
  await server?.stop();
  await page?.close();
});

// The page's code, as tutorials have it.
const fetchRecommendations = async (base, input) => {
  const response = await fetch(`${base}/recommend`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ input }),
  });
  const data = await response.json();
  return data.recommendations;
};

const idsOf = async (body) => {
  const { status, json } = await server.post('/recommend', body);
  assert.equal(status, 200, JSON.stringify(json));
  return json.recommendations;
};

test('a window of integers is answered with ids', async () => {
  const recommendations = await fetchRecommendations(server.url, [12, 7, 300]);
  assert.equal(recommendations.length, 10);
  for (const id of recommendations) assert.ok(page.item(id), id);
});

test('integers are places in the catalogue where no item has that id', async () => {
  // This catalogue's ids are texts of five digits, so small numbers are places.
  const window = [12, 7, 300];
  for (const place of window) assert.equal(page.item(String(place)), undefined);
  const byId = await idsOf({ input: window.map((place) => page.catalogue[place].id) });
  assert.deepEqual(await idsOf({ input: window }), byId);
});

test('an integer that is an id means that item', async () => {
  const number = page.catalogue.map(({ id }) => id).find((id) => /^[1-9]\d*$/.test(id));
  assert.ok(number);
  assert.deepEqual(await idsOf({ input: [Number(number)] }), await idsOf({ input: [number] }));
});

test('the list is that of /v1/recommend', async () => {
  const input = [page.catalogue[12].id, page.catalogue[7].id];
  const { json } = await server.post('/v1/recommend', { events: input, k: 25 });
  assert.deepEqual(
    await idsOf({ input, k: 25 }),
    json.recommendations.map(({ id }) => id),
  );
});

test('no input, unknown items and places outside of the catalogue give what everybody likes', async () => {
  const popular = page.popular(10).map(({ id }) => id);
  assert.deepEqual(await idsOf({ input: [] }), popular);
  assert.deepEqual(await idsOf({ input: [1_000_000, 'no such item', 2 ** 53] }), popular);
});

test('what is wrong is refused', async () => {
  const recommend = (body) => server.post('/recommend', body);
  assertError(await recommend({}), 400, 'missing_field');
  assertError(await recommend({ input: 'x' }), 400, 'bad_value');
  assertError(await recommend({ input: [1.5] }), 400, 'bad_value');
  assertError(await recommend({ input: [-1] }), 400, 'bad_value');
  assertError(await recommend({ input: [[1]] }), 400, 'bad_value');
  assertError(await recommend({ input: [1], k: 0 }), 400, 'bad_value');
  assertError(await recommend({ input: [1], user: 'ada' }), 400, 'unknown_field');
  assertError(await recommend({ input: Array(1001).fill(1) }), 400, 'bad_value');
});

test('a catalogue whose ids are 0, 1, 2 … is read as the tutorial numbers it', async () => {
  const model = join(temporaryFolder(), 'numbered.safetensors');
  writeFileSync(
    model,
    modelWith(({ catalogue }) => {
      catalogue.item_id = catalogue.item_id.map((_, index) => String(index));
    }),
  );
  const numbered = await startServer({ model });
  try {
    const recommendations = await fetchRecommendations(numbered.url, [12, 7, 300]);
    const expected = (await idsOf({ input: [12, 7, 300] })).map((id) =>
      String(page.catalogue.findIndex((its) => its.id === id)),
    );
    assert.deepEqual(recommendations, expected);
  } finally {
    await numbered.stop();
  }
});
