// Two servers beside one PostgreSQL, one of which is killed: users go on at the other, and their states are those of an
// undisturbed run.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Recommender, memoryStore } from 'sotto';
import { modelBytes, repository, run, startServer, temporaryFolder } from './server.mjs';
import { chooseSeed, startVisitors } from './visitors.mjs';

const script = (name) => join(repository, 'tests/store', name);
const link = join(temporaryFolder(), 'postgres');
let url;
let skip = false;
before(async () => {
  if (!existsSync(script('start_postgres.sh'))) skip = 'there is no tests/store/start_postgres.sh';
  else {
    const started = await promisify(execFile)('bash', [script('start_postgres.sh'), link]).catch((error) => error);
    if (started.code === 4) skip = 'PostgreSQL is not installed';
    else assert.equal(started.code ?? 0, 0, started.stderr);
  }
  if (!skip) url = `postgresql://postgres@/postgres?host=${encodeURIComponent(readlinkSync(link))}`;
});
after(async () => {
  if (url !== undefined) await promisify(execFile)('bash', [script('stop_postgres.sh'), link]);
});

test('one of two servers is killed under load, and comes back', async (context) => {
  if (skip) return context.skip(skip);
  const args = ['--postgres', url, '--snapshot-every', '16'];
  const servers = [await startServer({ args }), await startServer({ args })];
  const addresses = servers.map((server) => server.url);
  const visitors = await startVisitors({ seed: chooseSeed(context), users: 10, addresses });
  try {
    for (const victim of [0, 1, 0]) {
      await visitors.more(200);
      await servers[victim].kill();
      await visitors.more(200); // all of them at the other server
      servers[victim] = await startServer({ args, data: servers[victim].data, port: servers[victim].port });
    }
    await visitors.more(200);
    assert.ok((await visitors.finish()) > 0);
    for (const address of addresses) await visitors.assertStates(address);
    // What one server is asked to forget is forgotten at the other.
    await servers[0].delete('/v1/users/user%200/state');
    assert.equal((await servers[1].get('/v1/users/user%200/state')).status, 404);
  } finally {
    visitors.stop();
    await Promise.all(servers.map((server) => server.stop()));
  }
  const { code, stdout, stderr } = await run(['serve', '--data', servers[0].data, '--postgres', url, '--check']);
  assert.equal(code, 0, stdout + stderr);
});

test('a database that goes away and comes back: 503 meanwhile, then everything goes on', async (context) => {
  if (skip) return context.skip(skip);
  const folder = readlinkSync(link);
  const bin = (
    await promisify(execFile)('bash', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V | tail -n 1'])
  ).stdout.trim();
  const asServer = process.getuid() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  const control = (...args) => {
    const [program, ...rest] = [
      ...asServer,
      `${bin}/pg_ctl`,
      '--pgdata',
      `${folder}/data`,
      '--log',
      `${folder}/log`,
      ...args,
    ];
    return promisify(execFile)(program, rest, { cwd: '/', stdio: 'ignore' });
  };
  const server = await startServer({ args: ['--postgres', url] });
  try {
    const page = await Recommender.open(modelBytes, { store: memoryStore() });
    const [{ id }] = page.catalogue;
    await page.close();
    assert.equal((await server.post('/v1/events', { user: 'patient', id })).json.events, 1);
    await control('--mode', 'immediate', '--wait', 'stop');
    const refused = await server.post('/v1/events', { user: 'patient', id });
    assert.equal(refused.status, 503);
    assert.equal((await server.get('/healthz')).status, 200);
    assert.equal((await server.get('/readyz')).status, 503);
    // Requests that need no user are answered.
    assert.equal((await server.post('/v1/recommend', { events: [id] })).status, 200);
    await control('--wait', 'start');
    for (let attempt = 0; ; ++attempt) {
      const { status, json } = await server.post('/v1/events', { user: 'patient', id });
      if (status === 200) {
        assert.equal(json.events, 2);
        break;
      }
      assert.equal(status, 503);
      assert.ok(attempt < 500);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  } finally {
    await server.stop();
  }
});
