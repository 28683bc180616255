// The same events give the same bytes in the server, in the npm package and in `sotto stream --replay`.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { modelBytes, modelPath, run, startServer, temporaryFolder } from './server.mjs';
import { eventsOf, stateOf } from './shop.mjs';

let server;
before(async () => {
  server = await startServer({ args: ['--snapshot-every', '16'] });
});
after(() => server?.stop());

/** CRC-32C (Castagnoli), as 8 hexadecimal digits. */
function crc32c(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return (~crc >>> 0).toString(16).padStart(8, '0');
}

test('CRC-32C', () => assert.equal(crc32c(new TextEncoder().encode('123456789')), 'e3069283'));

test('a few hundred events of some users', async () => {
  const page = await Recommender.open(modelBytes, { store: memoryStore() });
  const { catalogue } = page;
  await page.close();
  const users = new Map([1, 2, 3, 4, 5].map((seed) => [`user ${seed}`, eventsOf(seed, 30 + 20 * seed, catalogue)]));
  // The users' events are mixed as in a topic.
  const records = [...users].flatMap(([user, events]) => events.map((event) => ({ user, ...event })));
  records.sort((a, b) => a.at - b.at);
  for (const record of records) assert.equal((await server.post('/v1/events', record)).status, 200);

  const folder = temporaryFolder();
  const file = join(folder, 'events.jsonl');
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const { code, stdout, stderr } = await run(['stream', '--replay', file, '--model', modelPath, '--top', '10']);
  assert.equal(code, 0, stderr);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    lines.map(({ user }) => user),
    [...users.keys()],
  );
  for (const { user, events, at, items, crc32c: crc } of lines) {
    assert.equal(events, users.get(user).length);
    assert.equal(at, users.get(user).at(-1).at);
    assert.equal(items.length, 10);
    const state = (await server.get(`/v1/users/${encodeURIComponent(user)}/state`)).bytes;
    assert.equal(crc, crc32c(state), user);
    assert.equal(crc, crc32c(await stateOf(users.get(user))), user);
  }
});
