// kill -9 at random moments under load: no acknowledged event is lost, none counts twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { modelBytes, run, startServer, temporaryFolder } from './server.mjs';
import { eventsOf, randomNumbers, stateOf } from './shop.mjs';

const kills = 50;
const users = 12;
const seed = Number(process.env.SOTTO_KILL_SEED ?? Date.now() % 1_000_000);

test(`${kills} kills under load (SOTTO_KILL_SEED=${seed})`, async () => {
  const data = temporaryFolder();
  const page = await Recommender.open(modelBytes, { store: memoryStore() });
  const random = randomNumbers(seed);
  const all = Array.from({ length: users }, (_, user) => eventsOf(seed + user, 4000, page.catalogue));
  await page.close();
  const args = ['--snapshot-every', '8'];
  let server = await startServer({ data, args });
  const { port } = server;
  const sent = Array(users).fill(0); // acknowledged events
  let acknowledged = 0;
  let unanswered = 0;
  let isDone = false;

  const visitor = async (user) => {
    const choose = randomNumbers(seed * 31 + user);
    let request = 0;
    while (!isDone && sent[user] < all[user].length) {
      const events = all[user].slice(sent[user], sent[user] + 1 + Math.floor(choose() * 4));
      const body = JSON.stringify({ user: `user ${user}`, events });
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `${user}-${request}` };
      // The same request until it is answered, as a client does whose connection breaks.
      for (;;) {
        try {
          const response = await fetch(`http://127.0.0.1:${port}/v1/events`, { method: 'POST', headers, body });
          const answer = await response.json();
          assert.equal(response.status, 200, JSON.stringify(answer));
          assert.equal(answer.accepted, events.length);
          assert.equal(answer.events, sent[user] + events.length);
          break;
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          ++unanswered;
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
      sent[user] += events.length;
      acknowledged += events.length;
      ++request;
      if (choose() < 0.2) {
        await fetch(`http://127.0.0.1:${port}/v1/recommend`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ user: `user ${user}` }),
        })
          .then((response) => response.arrayBuffer())
          .catch(() => ++unanswered);
      }
    }
  };
  const visitors = Promise.all(Array.from({ length: users }, (_, user) => visitor(user)));
  visitors.catch(() => {});
  for (let kill = 0; kill < kills; ++kill) {
    const before = acknowledged;
    await new Promise((resolve) => setTimeout(resolve, random() * 120));
    await server.kill();
    server = await startServer({ data, args, port });
    // A kill that nothing was under way for would prove nothing.
    while (acknowledged < before + 5) await Promise.race([visitors, new Promise((resolve) => setTimeout(resolve, 2))]);
  }
  isDone = true;
  await visitors;
  assert.ok(unanswered > 0);

  for (let user = 0; user < users; ++user) {
    const response = await fetch(`${server.url}/v1/users/user%20${user}/state`);
    const state = new Uint8Array(await response.arrayBuffer());
    assert.deepEqual(state, await stateOf(all[user].slice(0, sent[user])), `user ${user}, ${sent[user]} events`);
  }
  assert.equal(await server.stop(), 0);
  const { code, stdout, stderr } = await run(['serve', '--data', data, '--check']);
  assert.equal(code, 0, stdout + stderr);
});
