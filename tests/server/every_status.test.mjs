// The answers that every operation can give, whatever it does: each operation of openapi.json gives each of them.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { checkAnswer, document } from './contract.mjs';
import { assertError, makeKey, modelWith, startServer, temporaryFolder } from './server.mjs';

const origin = 'https://shop.example';
const keys = {};
let server; // the leader of private sync; reachable from elsewhere, so that everything with a scope needs a key
let helper;
let plain; // without a role, and with no model
let sample; // a value for each parameter of a path
before(async () => {
  const data = temporaryFolder();
  for (const scope of ['recommend', 'events', 'admin']) keys[scope] = await makeKey(data, `for ${scope}`, scope);
  const args = ['--origin', origin];
  const address = 'http://127.0.0.1:9'; // nobody is there, and nobody is asked
  const leader = ['--role', 'leader', '--sync-endpoint', address, '--sync-helper', address];
  server = await startServer({ data, args: [...args, '--address', '0.0.0.0', ...leader] });
  helper = await startServer({ model: null, untilReady: false, args: [...args, '--role', 'helper'] });
  plain = await startServer({ model: null, untilReady: false });
  const [{ name, version }] = (await server.get('/v1/models')).json.models;
  sample = { name, version, task: 'A'.repeat(43), job: 'A'.repeat(22), share: 'A'.repeat(22) };
});
after(() => Promise.all([server?.stop(), helper?.stop(), plain?.stop()]));

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  ['get', 'put', 'post', 'delete'].flatMap((method) => {
    if (item[method] === undefined) return [];
    const { operationId, responses, tags, security = document.security } = item[method];
    const [scope] = security.flatMap((choice) => choice.key ?? []);
    const roles = tags.flatMap((tag) => /^private sync: (.*)/.exec(tag)?.[1] ?? []);
    return [{ method: method.toUpperCase(), path, name: operationId, statuses: Object.keys(responses), scope, roles }];
  }),
);
const that = (status) => operations.filter(({ statuses }) => statuses.includes(status));
const addressOf = ({ path }) =>
  path.replace(/\{(\w+)\}/g, (_, name) => sample[name] ?? (path.startsWith('/v1/backups/') ? 'A'.repeat(43) : 'ada'));
const serverOf = ({ roles }) => (roles[0] === 'helper' ? helper : server);
const keyOf = ({ scope }) => (scope === undefined ? {} : { Authorization: `Bearer ${keys[scope]}` });

/** One request on a connection of its own: fetch allows no body with GET, and no length without a body. */
function ask(its, { to = serverOf(its), method, path = addressOf(its), headers = {}, body = '' } = its) {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${to.url}${path}`,
      { method: method ?? its.method, headers, agent: false },
      async (answer) => {
        const chunks = [];
        for await (const chunk of answer) chunks.push(chunk);
        asked.destroy();
        const bytes = Buffer.concat(chunks);
        const response = { status: answer.statusCode, headers: new Headers(Object.entries(answer.headers)) };
        checkAnswer(its.method, path.split('?')[0], response, bytes);
        const json = /json/.test(response.headers.get('content-type')) ? JSON.parse(bytes) : undefined;
        resolve({ ...response, json, bytes });
      },
    );
    asked.on('error', reject);
    if (headers['Content-Length'] === undefined) asked.end(body);
    else asked.flushHeaders();
  });
}

for (const its of that('401').filter(({ scope }) => scope !== undefined)) {
  test(`${its.name}: 401 without a key, with a body of any length`, async () => {
    assertError(await ask(its, {}), 401, 'key_needed');
    const tooLong = await ask(its, { headers: { 'Content-Length': 2 ** 40, Authorization: 'Bearer sk_no_key' } });
    assertError(tooLong, 401, 'unknown_key');
  });
}

for (const its of that('403')) {
  test(`${its.name}: 403 for another scope, or for a page of another origin`, async () => {
    if (its.scope !== undefined) {
      const wrong = its.scope === 'recommend' ? keys.events : keys.recommend;
      assertError(await ask(its, { headers: { Authorization: `Bearer ${wrong}` } }), 403, 'missing_scope');
    } else {
      assertError(await ask(its, { headers: { Origin: 'https://evil.example' } }), 403, 'origin_not_allowed');
    }
  });
}

for (const its of that('400')) {
  test(`${its.name}: 400 for a parameter that it does not know`, async () => {
    const path = `${addressOf(its)}?nothing=1`;
    assertError(await ask(its, { path, headers: keyOf(its) }), 400, 'unknown_parameter');
  });
}

// Of messages of private sync a body is read only where it comes from the task's leader, or is for the leader's task
// (sync_routes.test.mjs).
const isMessage = ({ method, path }) => method === 'POST' && path.startsWith('/tasks/');
for (const its of that('413').filter((its) => !isMessage(its))) {
  test(`${its.name}: 413 for a body that is too long, which a page can read`, async () => {
    const answer = await ask(its, { headers: { ...keyOf(its), 'Content-Length': 2 ** 40, Origin: origin } });
    assertError(answer, 413, 'body_too_large');
    assert.equal(answer.headers.get('access-control-allow-origin'), origin);
  });
}

test('every operation: 408 where the request does not arrive', { timeout: 60_000 }, async () => {
  await Promise.all(
    that('408').map(async (its) => {
      const text = await new Promise((resolve, reject) => {
        let received = '';
        const socket = connect(server.port, '127.0.0.1', () =>
          socket.write(`${its.method} ${addressOf(its)} HTTP/1.1\r\nHost: localhost\r\n`),
        );
        socket.on('data', (chunk) => (received += chunk.toString('latin1')));
        socket.on('end', () => socket.end());
        socket.on('close', () => resolve(received));
        socket.on('error', reject);
      });
      const [head, body] = text.split('\r\n\r\n');
      const [first, ...lines] = head.split('\r\n');
      const headers = new Headers(lines.map((line) => line.split(': ')));
      checkAnswer(its.method, addressOf(its), { status: Number(first.split(' ')[1]), headers }, Buffer.from(body));
      assert.match(first, /408/, its.name);
    }),
  );
});

test('every operation: 429 beyond the rate, which a page can read', async () => {
  const slow = await startServer({ args: ['--rate', '0.001', '--origin', origin], untilReady: false });
  try {
    await fetch(slow.url); // the one request that it has
    for (const its of that('429')) {
      const answer = await ask(its, { to: slow, headers: { Origin: origin } });
      assertError(answer, 429, 'too_many_requests');
      assert.equal(answer.headers.get('access-control-allow-origin'), origin);
      assert.match(answer.headers.get('access-control-expose-headers'), /Retry-After/);
    }
  } finally {
    await slow.stop();
  }
});

test('every operation: 503 beyond the connections that the server takes', { timeout: 60_000 }, async () => {
  const sockets = [];
  const open = () =>
    new Promise((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', resolve);
      socket.on('error', reject);
      socket.on('data', () => {});
      sockets.push(socket);
    });
  try {
    for (let number = 0; number < 10_000; number += 500) await Promise.all(Array.from({ length: 500 }, open));
    for (const its of that('503')) assertError(await ask(its, { to: server }), 503, 'too_many_connections');
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  for (;;) {
    const answer = await fetch(`${server.url}/healthz`).catch(() => undefined);
    if (answer?.status === 200) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

test('private sync: without the role there is no such path', async () => {
  const ofSync = operations.filter(({ roles }) => roles.length > 0);
  assert.ok(ofSync.length > 10);
  for (const its of ofSync) assertError(await ask(its, { to: plain }), 404, 'not_found');
  const other = { leader: helper, helper: server };
  for (const its of ofSync.filter(({ roles }) => roles.length === 1)) {
    assertError(await ask(its, { to: other[its.roles[0]] }), 404, 'not_found');
  }
});

const named = (name) => operations.find((its) => its.name === name);
const admin = (name, more = {}) => ask(named(name), { ...more, headers: { ...keyOf(named(name)), ...more.headers } });
const json = (value) => ({ headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) });

test('what there is none of: 404', async () => {
  const events = { Authorization: `Bearer ${keys.events}` };
  const recommend = { Authorization: `Bearer ${keys.recommend}` };
  const model = json({ users: ['ada'], model: 'nothing' });
  const batch = await ask(named('recommendBatch'), { ...model, headers: { ...model.headers, ...recommend } });
  assertError(batch, 404, 'unknown_model');
  assertError(await ask(named('exportState'), { headers: events }), 404, 'unknown_user');
  const path = '/v1/admin/models/nothing';
  assertError(await admin('describeModel', { path }), 404, 'unknown_model');
  assertError(await admin('endCandidate', { path: `${path}/candidate` }), 404, 'unknown_model');
  assertError(await admin('endShadow', { path: `${path}/shadow` }), 404, 'unknown_model');
  const version = '0123456789abcdef';
  assertError(await admin('setCandidate', json({ version, share: 0.5 })), 404, 'unknown_version');
  assertError(await admin('setShadow', json({ version, share: 0.5 })), 404, 'unknown_version');
});

for (const name of ['currentModel', 'modelVersion']) {
  test(`${name}: parts, tags and codings`, async () => {
    const whole = await ask(named(name), {});
    const tag = whole.headers.get('etag');
    for (const [status, headers] of [
      [206, { Range: 'bytes=0-9' }],
      [304, { 'If-None-Match': tag }],
      [406, { 'Accept-Encoding': 'identity;q=0, *;q=0' }],
      [412, { 'If-Match': '"another"' }],
      [416, { Range: 'bytes=999999999-' }],
    ]) {
      assert.equal((await ask(named(name), { headers })).status, status);
    }
  });
}

test('a version that is not needed is removed; a needed one is not', async () => {
  assertError(await admin('rollBack'), 409, 'no_previous_version');
  const described = await admin('describeModel');
  assert.deepEqual(
    described.json.versions.map(({ version, roles }) => [version, roles]),
    [[sample.version, ['current']]],
  );
  assertError(await admin('removeVersion'), 409, 'version_in_use');
  assertError(await admin('removeVersion', { path: `${addressOf(named('removeVersion'))}?force=1` }), 400, 'bad_value');
  const body = modelWith(({ spec }) => (spec.attribution += ' Another version.'));
  const { version } = (await admin('uploadModel', { body })).json;
  const path = `/v1/admin/models/${sample.name}/versions/${version}`;
  assert.equal((await admin('removeVersion', { path })).status, 204);
  assertError(await admin('removeVersion', { path }), 404, 'unknown_version');
});

test('a version with users is removed only by force, and comes back with its file', async () => {
  const user = { user: 'of the version' };
  const other = modelWith(({ spec }) => (spec.attribution += ' A version with users.'));
  const { version } = (
    await admin('uploadModel', { body: other, path: `/v1/admin/models/${sample.name}?current=true` })
  ).json;
  const ids = (await server.post('/v1/recommend', {}, { key: keys.recommend })).json.recommendations;
  await server.post('/v1/events', { ...user, events: ids.map(({ id }) => id) }, { key: keys.events });
  const state = await server.get('/v1/users/of%20the%20version/state', { key: keys.events });
  assert.equal((await server.put('/v1/users/of%20the%20version/state', state.bytes, { key: keys.events })).status, 204);
  const choose = (its) => admin('chooseCurrent', json({ version: its }));
  const third = modelWith(({ spec }) => (spec.attribution += ' A third version.'));
  const newest = (await admin('uploadModel', { body: third })).json.version;
  for (const next of [sample.version, newest, sample.version]) assert.equal((await choose(next)).status, 200);

  const path = `/v1/admin/models/${sample.name}/versions/${version}`;
  assert.match(assertError(await admin('removeVersion', { path }), 409, 'version_has_users'), /1 user/);
  assert.equal((await admin('removeVersion', { path: `${path}?force=true` })).status, 204);
  const asked = () => server.post('/v1/recommend', user, { key: keys.recommend });
  assertError(await asked(), 503, 'model_version_missing');
  assert.equal((await admin('uploadModel', { body: other })).status, 201);
  assert.equal((await asked()).json.model.version, sample.version);
});
