// A disk and a clock that misbehave (faults/README.md) under the running server.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { assertError, modelBytes, modelPath, repository, run, startServer, temporaryFolder } from './server.mjs';
import { randomNumbers } from './shop.mjs';
import { chooseSeed, startVisitors } from './visitors.mjs';

const library = process.env.SOTTO_FAULTS_LIBRARY ?? join(repository, 'build/release/tests/server/faults.so');
const skip = existsSync(library) ? false : `there is no ${library}: build sotto_faults`;
let item;
before(async () => {
  const page = await Recommender.open(modelBytes, { store: memoryStore() });
  [{ id: item }] = page.catalogue;
  await page.close();
});

/** A data folder whose disk and clock do what `set` says. */
function faultyFolder() {
  const folder = realpathSync(temporaryFolder());
  const data = join(folder, 'data');
  const shadow = join(folder, 'shadow');
  const control = join(folder, 'control');
  mkdirSync(data);
  mkdirSync(shadow);
  writeFileSync(control, '');
  const set = (...lines) => writeFileSync(control, [`data ${data}`, ...lines, ''].join('\n'));
  return { data, shadow, set, env: { LD_PRELOAD: library, SOTTO_FAULTS: control } };
}

test('power is lost 8 times under load, and what was not synced with it', { skip }, async (context) => {
  const seed = chooseSeed(context);
  const random = randomNumbers(seed);
  const { data, shadow, set, env } = faultyFolder();
  set(`drop-unsynced ${shadow}`);
  const args = ['--snapshot-every', '8'];
  let server = await startServer({ data, args, env });
  const { port } = server;
  const visitors = await startVisitors({ seed, users: 6, addresses: [server.url] });
  try {
    for (let loss = 0; loss < 8; ++loss) {
      await visitors.more(20);
      await new Promise((resolve) => setTimeout(resolve, random() * 300));
      await server.kill();
      // The power is back: the disk has what was synced, and nothing else.
      rmSync(data, { recursive: true });
      cpSync(shadow, data, { recursive: true });
      server = await startServer({ data, args, env, port });
    }
    await visitors.more(50);
    await visitors.finish();
    await visitors.assertStates(server.url);
  } finally {
    visitors.stop();
    await server.kill();
  }
});

for (const [fault, line] of [
  ['full', 'full'],
  ['read-only', 'read-only'],
]) {
  test(`a disk that is ${fault} for a while: events are refused meanwhile, and nothing is lost`, { skip }, async () => {
    const { data, set, env } = faultyFolder();
    const server = await startServer({ data, env });
    try {
      const send = () => server.post('/v1/events', { user: 'ada', id: item });
      assert.equal((await send()).json.events, 1);
      set(line);
      for (let round = 0; round < 20; ++round) assertError(await send(), 503, 'store_unavailable');
      assert.equal((await server.post('/v1/recommend', { events: [item] })).status, 200);
      assert.equal((await server.post('/v1/recommend', { user: 'ada' })).status, 200);
      assert.equal((await server.get('/healthz')).status, 200);
      const owner = { 'X-Backup-Owner': 'B'.repeat(43) };
      const backup = await server.put(`/v1/backups/${'A'.repeat(43)}`, new Uint8Array(10), { headers: owner });
      assertError(backup, 503, 'store_unavailable');
      assert.match(server.output(), /POST \/v1\/events 503, .*: .*disk/);
      assert.match(server.output(), /PUT \/v1\/backups\/\{id\} 503, .*: .*disk/);
      set();
      assert.equal((await send()).json.events, 2);
      assert.equal(await server.stop(), 0);
    } finally {
      await server.kill();
    }
    const again = await startServer({ data });
    assert.equal((await again.post('/v1/events', { user: 'ada', events: [] })).json.events, 2);
    await again.stop();
  });

  test(`a start on a disk that is ${fault} is refused with a sentence`, { skip }, async () => {
    const { data, set, env } = faultyFolder();
    set(line);
    const args = ['serve', '--data', data, '--model', modelPath, '--port', '0'];
    const { code, stdout, stderr } = await run(args, { env: { ...process.env, ...env } });
    assert.ok(code > 0 && code < 100, `${code}`);
    assert.ok((stdout + stderr).includes(data), stdout + stderr);
  });
}

test('the clock jumps ahead and back: events are taken, and the order is kept', { skip }, async () => {
  const { data, set, env } = faultyFolder();
  const server = await startServer({ data, env });
  try {
    const send = () =>
      server.post('/v1/events', { user: 'ada', id: item }, { headers: { 'Idempotency-Key': crypto.randomUUID() } });
    const year = 365 * 86_400;
    for (const [place, jump] of [0, 10 * year, -10 * year, 86_400, -3600, 0].entries()) {
      set(`clock ${jump < 0 ? '' : '+'}${jump}`);
      const { status, json } = await send();
      assert.equal(status, 200, JSON.stringify(json));
      assert.equal(json.events, place + 1);
      assert.equal((await server.post('/v1/recommend', { user: 'ada' })).status, 200);
    }
    const page = await Recommender.open(modelBytes, { store: memoryStore() });
    page.importState((await server.get('/v1/users/ada/state')).bytes);
    const times = page.history.map(({ at }) => at.getTime());
    assert.equal(times.length, 6);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    await page.close();
    assert.equal(await server.stop(), 0);
  } finally {
    await server.kill();
  }
});
