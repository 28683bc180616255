// What an operator does: start, stop, look, back up, check.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { makeKey, modelBytes, modelPath, run, startServer, temporaryFolder } from './server.mjs';

let server;
let items;
before(async () => {
  server = await startServer();
  const page = await Recommender.open(modelBytes, { store: memoryStore() });
  items = page.catalogue.map(({ id }) => id);
  await page.close();
});
after(() => server?.stop());

test('at start it says what it opened, where it listens, and what is off', () => {
  const output = server.output();
  assert.match(output, /model/i);
  assert.ok(output.includes(String(server.port)));
  assert.match(output, /admin/i);
  assert.match(output, /SQLite/i);
});

test('health, readiness, metrics and the operator’s page', async () => {
  assert.equal((await server.get('/healthz')).status, 200);
  assert.equal((await server.get('/readyz')).status, 200);
  const { bytes } = await server.get('/metrics');
  const text = new TextDecoder().decode(bytes);
  for (const line of text.trim().split('\n')) {
    assert.match(line, /^(# (HELP|TYPE) \w+ .*|\w+(\{(\w+="[^"]*",?)*\})? (-?[\d.e+-]+|[+-]Inf|Nan))$/, line);
  }
  const operator = await server.get('/operator');
  assert.equal(operator.status, 200);
  const page = new TextDecoder().decode(operator.bytes);
  assert.ok(!/(src|href)="https?:/.test(page), 'the page loads nothing from elsewhere');
});

test('the overview has no user’s id', async () => {
  const data = temporaryFolder();
  const key = await makeKey(data, 'tests', 'admin');
  const own = await startServer({ data });
  try {
    await own.post('/v1/events', { user: 'Zq7-secret-user', id: items[2] });
    const { status, bytes } = await own.get('/v1/admin/overview', { key });
    assert.equal(status, 200);
    assert.ok(!new TextDecoder().decode(bytes).includes('Zq7-secret-user'));
    assert.ok(!own.output().includes('Zq7-secret-user'));
  } finally {
    await own.stop();
  }
});

test('a backup while the server runs is the whole store', async () => {
  const { data } = server;
  await server.post('/v1/events', { user: 'backed up', events: items.slice(0, 30) });
  const state = (await server.get('/v1/users/backed%20up/state')).bytes;
  const file = join(temporaryFolder(), 'backup.db');
  const backed = await run(['serve', '--data', data, '--backup', file]);
  assert.equal(backed.code, 0, backed.stderr);
  const again = await run(['serve', '--data', data, '--backup', file]);
  assert.notEqual(again.code, 0, 'a backup replaces no file');

  // As docs/operations.md restores it: the file takes the store's place in a data folder.
  const restored = temporaryFolder();
  const name = readdirSync(data).find((its) => its.endsWith('.db'));
  copyFileSync(file, join(restored, name));
  const other = await startServer({ data: restored });
  try {
    assert.deepEqual((await other.get('/v1/users/backed%20up/state')).bytes, state);
  } finally {
    await other.stop();
  }
});

test('check finds nothing in a sound store, and damage in a damaged one', async () => {
  const data = temporaryFolder();
  const own = await startServer({ data });
  for (let user = 0; user < 20; ++user) {
    await own.post('/v1/events', { user: `user ${user}`, events: items.slice(user, user + 40) });
  }
  await own.stop();
  const sound = await run(['serve', '--data', data, '--check']);
  assert.equal(sound.code, 0, sound.stdout + sound.stderr);
  const file = join(
    data,
    readdirSync(data).find((its) => its.endsWith('.db')),
  );
  const bytes = readFileSync(file);
  for (let at = 4096 * 2; at < bytes.length; at += 512) bytes[at] ^= 0x5a;
  writeFileSync(file, bytes);
  const damaged = await run(['serve', '--data', data, '--check']);
  assert.notEqual(damaged.code, 0, damaged.stdout);
});

test('a server with corrupt pages answers with an error where it needs them, and goes on with the rest', async () => {
  const data = temporaryFolder();
  const own = await startServer({ data });
  const users = Array.from({ length: 100 }, (_, user) => `user ${user}`);
  for (const user of users) await own.post('/v1/events', { user, events: items.slice(0, 40) });
  await own.stop();
  const file = join(
    data,
    readdirSync(data).find((its) => its.endsWith('.db')),
  );
  const bytes = readFileSync(file);
  // Every second page from the middle on: what the start reads lies at the front.
  const pages = Math.floor(bytes.length / 4096);
  for (let page = pages >> 1; page < pages; page += 2) bytes.fill(0xa5, page * 4096, (page + 1) * 4096);
  writeFileSync(file, bytes);

  const damaged = await startServer({ data, untilReady: false });
  try {
    const counts = { good: 0, refused: 0 };
    for (const user of users) {
      const { status, json } = await damaged.post('/v1/recommend', { user, k: 1 });
      if (status === 200) {
        ++counts.good;
      } else {
        assert.ok(status === 500 || status === 503, JSON.stringify(json));
        assert.match(json.error.code, /^store_/);
        ++counts.refused;
      }
    }
    assert.ok(counts.good > 0 && counts.refused > 0, JSON.stringify(counts));
    const { status } = await damaged.post('/v1/recommend', { events: items.slice(0, 2) });
    assert.equal(status, 200);
  } finally {
    await damaged.stop();
  }
});

test('a store that is no store, or cut off, is refused with a sentence', async () => {
  for (const damage of [
    (file) => writeFileSync(file, 'this is no database, whatever its name says'.repeat(100)),
    (file) => truncateSync(file, 3000),
  ]) {
    const data = temporaryFolder();
    const own = await startServer({ data });
    await own.post('/v1/events', { user: 'ada', events: items.slice(0, 40) });
    await own.stop();
    damage(
      join(
        data,
        readdirSync(data).find((its) => its.endsWith('.db')),
      ),
    );
    const { code, stderr, stdout } = await run(['serve', '--data', data, '--model', modelPath, '--port', '0']);
    assert.ok(code > 0 && code < 100, `${code}`);
    assert.match(stderr + stdout, /\.db/);
  }
});

test('a second server on the same folder is refused', async () => {
  const { code, stderr, stdout } = await run(['serve', '--data', server.data, '--port', '0']);
  assert.ok(code > 0 && code < 100, `${code}`);
  assert.ok((stderr + stdout).length > 20);
});

test('a port that is taken, a model that is none, an option that there is not', async () => {
  const data = temporaryFolder();
  const taken = await run(['serve', '--data', data, '--model', modelPath, '--port', String(server.port)]);
  assert.ok(taken.code > 0);
  assert.ok((taken.stderr + taken.stdout).includes(String(server.port)));
  const none = join(data, 'none.safetensors');
  writeFileSync(none, 'no model');
  for (const model of [none, join(data, 'absent.safetensors')]) {
    const { code, stderr, stdout } = await run(['serve', '--data', join(data, 'x'), '--model', model, '--port', '0']);
    assert.ok(code > 0);
    assert.ok((stderr + stdout).includes(model));
  }
  assert.ok((await run(['serve', '--no-such-option'])).code > 0);
});

test('options come from a file and from the environment', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'serve.toml');
  const data = join(folder, 'from file');
  mkdirSync(data);
  writeFileSync(file, `data = "${data}"\norigin = ["https://shop.example"]\n`);
  const args = ['serve', '--config', file, '--port', '0', '--make-key', 'x:recommend'];
  const made = await run(args, { env: { ...process.env, SOTTO_SERVE_PORT: '0' } });
  assert.equal(made.code, 0, made.stderr);
  assert.ok(existsSync(data) && readdirSync(data).length > 0);
  const elsewhere = join(folder, 'from environment');
  const other = await run(['serve', '--make-key', 'x:recommend'], {
    env: { ...process.env, SOTTO_SERVE_DATA: elsewhere },
  });
  assert.equal(other.code, 0, other.stderr);
  assert.ok(existsSync(elsewhere));
});

test('a graceful stop finishes what has begun, and takes nothing new', async () => {
  const own = await startServer();
  // A request whose body is still on its way when the stop comes.
  const body = JSON.stringify({ user: 'last', events: items.slice(0, 5) });
  const answered = new Promise((resolve, reject) => {
    const late = request(`${own.url}/v1/events`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    });
    late.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)));
    late.on('error', reject);
    late.write(body.slice(0, 20));
    setTimeout(() => own.child.kill('SIGTERM'), 100);
    setTimeout(() => late.end(body.slice(20)), 400);
  });
  assert.equal(await answered, 200);
  assert.equal(await own.exited, 0);
  const again = await startServer({ data: own.data });
  assert.equal((await again.post('/v1/events', { user: 'last', events: [] })).json.events, 5);
  await again.stop();
});

test('a stop under load: each request is answered or refused, and what was answered is kept', async () => {
  const own = await startServer();
  let accepted = 0;
  let isStopping = false;
  const clients = Array.from({ length: 50 }, async (_, number) => {
    for (let round = 0; ; ++round) {
      try {
        const answer = await own.post('/v1/events', { user: `user ${number}`, id: items[round % 100] });
        if (answer.status !== 200) {
          assert.equal(answer.status, 503);
          return;
        }
        ++accepted;
      } catch (error) {
        if (error instanceof assert.AssertionError || !isStopping) throw error;
        return;
      }
    }
  });
  while (accepted < 500) await new Promise((resolve) => setTimeout(resolve, 2));
  isStopping = true;
  assert.equal(await own.stop(), 0);
  await Promise.all(clients);
  const again = await startServer({ data: own.data });
  let events = 0;
  for (let number = 0; number < 50; ++number) {
    events += (await again.post('/v1/events', { user: `user ${number}`, events: [] })).json.events;
  }
  await again.stop();
  assert.ok(events >= accepted && events <= accepted + 50, `${events} stored, ${accepted} answered`);
});
