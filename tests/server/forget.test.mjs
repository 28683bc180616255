// A forgotten user is in no byte of the data folder.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { modelWith, startServer, temporaryFolder } from './server.mjs';
import { writeFileSync } from 'node:fs';

// Ids that occur nowhere else, so that a byte search can find them. The model has them, of course: its files are not
// the user's.
const marked = 'Zq7-marked-item-';
let server;
let data;
before(async () => {
  const folder = temporaryFolder();
  data = join(folder, 'data');
  const model = join(folder, 'marked.safetensors');
  writeFileSync(
    model,
    modelWith(({ catalogue }) => {
      catalogue.item_id = catalogue.item_id.map((id, index) => (index < 100 ? `${marked}${index}` : id));
    }),
  );
  server = await startServer({ data, model, args: ['--snapshot-every', '8'] });
});
after(() => server?.stop());

const user = 'Zq7-forgotten-user-ä';
const others = ['Zq7-another-user', 'Zq7-third-user'];

/** The files that have the text, apart from models. */
function filesWith(text) {
  const found = [];
  const visit = (folder) => {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name);
      if (statSync(file).isDirectory()) visit(file);
      else if (!relative(data, file).startsWith('models') && readFileSync(file).includes(text)) {
        found.push(relative(data, file));
      }
    }
  };
  visit(data);
  return found;
}

test('nothing is left of a forgotten user, and others keep everything', async () => {
  const events = (from, to) => Array.from({ length: to - from }, (_, index) => `${marked}${from + index}`);
  for (const [place, other] of others.entries()) {
    await server.post('/v1/events', { user: other, events: events(60 + place * 10, 70 + place * 10) });
  }
  for (let begin = 0; begin < 50; begin += 5) {
    const headers = { 'Idempotency-Key': `Zq7-key-${begin}` };
    const { status } = await server.post('/v1/events', { user, events: events(begin, begin + 5) }, { headers });
    assert.equal(status, 200);
    await server.post('/v1/recommend', { user });
  }
  const kept = await Promise.all(others.map(async (id) => (await server.get(`/v1/users/${id}/state`)).bytes));
  assert.ok(filesWith(user).length > 0, 'the user’s id is in the store while the user is known');

  assert.equal((await server.delete(`/v1/users/${encodeURIComponent(user)}/state`)).status, 204);
  const assertGone = (when) => {
    assert.deepEqual(filesWith(user), [], when);
    assert.deepEqual(filesWith('Zq7-key-'), [], when);
    for (let index = 0; index < 50; ++index) assert.deepEqual(filesWith(`${marked}${index}"`), [], when);
    // Ids of items that only this user had.
    for (let index = 10; index < 50; ++index) assert.deepEqual(filesWith(`${marked}${index}`), [], `${when}: ${index}`);
  };
  assertGone('at once');
  for (const [place, id] of others.entries()) {
    assert.deepEqual((await server.get(`/v1/users/${id}/state`)).bytes, kept[place]);
  }
  assert.ok(!server.output().includes(user));
  assert.ok(!server.output().includes(marked));
  await server.stop();
  assertGone('after the server has stopped');
});
