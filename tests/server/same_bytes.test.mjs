// Same events, same bytes: the server and the npm package give equal recommendations and equal states.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { modelBytes, startServer } from './server.mjs';
import { eventsOf, pageWith } from './shop.mjs';

let server;
let catalogue;
before(async () => {
  server = await startServer({ args: ['--snapshot-every', '16'] });
  const page = await Recommender.open(modelBytes, { store: memoryStore() });
  catalogue = page.catalogue;
  await page.close();
});
after(() => server?.stop());

const listOf = (list) => list.map(({ id, title, score }) => ({ id, title, score }));

/**
 * Compares a list of the server with the package's. Both know how long ago the events were, and a second may begin
 * between them: the server's list must be the package's at one of the seconds from the request to the answer.
 */
async function assertSameList(ask, expected) {
  const before = Math.floor(Date.now() / 1000);
  const list = listOf((await ask()).json.recommendations);
  const after = Math.floor(Date.now() / 1000);
  for (let second = before; second < after; ++second) {
    try {
      return assert.deepEqual(list, listOf(expected(second * 1000)));
    } catch {}
  }
  assert.deepEqual(list, listOf(expected(after * 1000)));
}

for (const [seed, count] of [
  [1, 1],
  [2, 15],
  [3, 16],
  [4, 64],
  [5, 300],
  [6, 1500],
]) {
  test(`a user with ${count} events`, async () => {
    const user = `user ${seed}`;
    const events = eventsOf(seed, count, catalogue);
    let now = 0;
    const page = await pageWith(events, { clock: () => now });
    // In requests of different sizes, with questions in between.
    for (let begin = 0, size = 1; begin < count; begin += size, size = (size * 3) % 97) {
      const { status } = await server.post('/v1/events', { user, events: events.slice(begin, begin + size) });
      assert.equal(status, 200);
      if (size % 2 === 0) await server.post('/v1/recommend', { user });
    }
    assert.deepEqual((await server.get(`/v1/users/${encodeURIComponent(user)}/state`)).bytes, page.exportState());
    await assertSameList(
      () => server.post('/v1/recommend', { user, k: 50 }),
      (moment) => {
        now = moment;
        return page.recommend(50);
      },
    );
    await assertSameList(
      () => server.post('/v1/recommend', { user, k: 12, diversity: 0.5, exclude: [catalogue[0].id] }),
      (moment) => {
        now = moment;
        return page.recommend(12, { diversity: 0.5, exclude: [catalogue[0].id] });
      },
    );
    await page.close();
  });
}

test('events of the body alone: recalled, not learned', async () => {
  const events = eventsOf(7, 40, catalogue).map(({ id, at }) => ({ id, at }));
  let now = 0;
  const page = await Recommender.open(modelBytes, { store: memoryStore(), clock: () => now });
  page.recall(events.map(({ id, at }) => ({ id, at: at * 1000 })));
  await assertSameList(
    () => server.post('/v1/recommend', { events, k: 50 }),
    (moment) => {
      now = moment;
      return page.recommend(50);
    },
  );
  await page.close();
});

test('a user’s state with events of the body after it', async () => {
  const events = eventsOf(8, 40, catalogue);
  const further = eventsOf(9, 5, catalogue).map(({ id }, place) => ({ id, at: events.at(-1).at + place }));
  await server.post('/v1/events', { user: 'further', events });
  let now = 0;
  const page = await pageWith(events, { clock: () => now });
  page.recall(further.map(({ id, at }) => ({ id, at: at * 1000 })));
  await assertSameList(
    () => server.post('/v1/recommend', { user: 'further', events: further, k: 50 }),
    (moment) => {
      now = moment;
      return page.recommend(50);
    },
  );
  await page.close();
});

test('after a restart the states are the same, whether they came from a snapshot or from events', async () => {
  const { data } = server;
  const users = [1, 2, 3, 4, 5, 6].map((seed) => encodeURIComponent(`user ${seed}`));
  const states = await Promise.all(users.map(async (user) => (await server.get(`/v1/users/${user}/state`)).bytes));
  assert.equal(await server.stop(), 0);
  server = await startServer({ data, args: ['--snapshot-every', '1000'] });
  for (const [place, user] of users.entries()) {
    assert.deepEqual((await server.get(`/v1/users/${user}/state`)).bytes, states[place], user);
  }
});
