// Visitors of a shop who send events one request after the other, each with a key, and send a request again until it is
// answered, as a client does whose connection breaks. Afterwards every event must count exactly once.
import assert from 'node:assert/strict';
import { Recommender, memoryStore } from 'sotto';
import { modelBytes } from './server.mjs';
import { eventsOf, randomNumbers, stateOf } from './shop.mjs';

/**
 * @param options.seed what they do follows from it
 * @param options.users how many there are
 * @param options.addresses servers of one store: visitors change between them at random, and when one does not answer
 */
export async function startVisitors({ seed, users, addresses }) {
  const page = await Recommender.open(modelBytes, { store: memoryStore() });
  const events = Array.from({ length: users }, (_, user) => eventsOf(seed + user, 5000, page.catalogue));
  await page.close();
  const sent = Array(users).fill(0); // acknowledged events of each
  let acknowledged = 0;
  let unanswered = 0;
  let isDone = false;

  const post = (address, path, body, headers = {}) =>
    fetch(`${address}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  const visit = async (user) => {
    const choose = randomNumbers(seed * 31 + user);
    let place = user % addresses.length;
    for (let request = 0; !isDone && sent[user] < events[user].length; ++request) {
      const some = events[user].slice(sent[user], sent[user] + 1 + Math.floor(choose() * 4));
      if (choose() < 0.2) place = (place + 1) % addresses.length;
      for (;;) {
        try {
          const body = { user: `user ${user}`, events: some };
          const response = await post(addresses[place], '/v1/events', body, {
            'Idempotency-Key': `${user}-${request}`,
          });
          const answer = await response.json();
          if (response.status === 503) throw new Error('not now');
          assert.equal(response.status, 200, JSON.stringify(answer));
          assert.equal(answer.accepted, some.length);
          assert.equal(answer.events, sent[user] + some.length, `${user}: ${JSON.stringify(answer)}`);
          break;
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          ++unanswered;
          place = (place + 1) % addresses.length;
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
      }
      sent[user] += some.length;
      acknowledged += some.length;
      if (choose() < 0.2) {
        await post(addresses[place], '/v1/recommend', { user: `user ${user}` })
          .then((response) => response.arrayBuffer())
          .catch(() => ++unanswered);
      }
    }
  };
  const visits = Promise.all(Array.from({ length: users }, (_, user) => visit(user)));
  visits.catch(() => {});

  return {
    /** Settles after so many more events; rejects when a visitor has found a mistake. */
    async more(count) {
      const before = acknowledged;
      while (acknowledged < before + count) {
        await Promise.race([visits, new Promise((resolve) => setTimeout(resolve, 2))]);
      }
    },
    /** Lets them finish their requests; resolves with the requests that got no answer. */
    async finish() {
      isDone = true;
      await visits;
      return unanswered;
    },
    stop() {
      isDone = true;
    },
    /** Every user's state must be what the npm package makes of the acknowledged events. */
    async assertStates(address) {
      for (let user = 0; user < users; ++user) {
        const response = await fetch(`${address}/v1/users/user%20${user}/state`);
        const state = new Uint8Array(await response.arrayBuffer());
        const what = `user ${user}, ${sent[user]} events, ${response.status}, ${address}`;
        assert.deepEqual(state, await stateOf(events[user].slice(0, sent[user])), what);
      }
    },
  };
}

/** A seed that a failing test prints, and that SOTTO_KILL_SEED gives again. */
export function chooseSeed(context) {
  const seed = Number(process.env.SOTTO_KILL_SEED ?? Date.now() % 1_000_000);
  context.diagnostic(`SOTTO_KILL_SEED=${seed}`);
  return seed;
}
