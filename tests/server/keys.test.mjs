// API keys, their scopes, and pages of other origins.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertError, makeKey, run, startServer, temporaryFolder } from './server.mjs';

const origin = 'https://shop.example';
let open; // a server without keys, as it starts by default
let locked; // a server with a key of each scope
const keys = {};
before(async () => {
  const data = temporaryFolder();
  for (const scope of ['recommend', 'events', 'admin']) keys[scope] = await makeKey(data, `for ${scope}`, scope);
  [open, locked] = await Promise.all([startServer(), startServer({ data, args: ['--origin', origin] })]);
});
after(() => Promise.all([open?.stop(), locked?.stop()]));

const calls = {
  recommend: (server, options) => server.post('/v1/recommend', {}, options),
  classic: (server, options) => server.post('/recommend', { input: [] }, options),
  events: (server, options) => server.post('/v1/events', { user: 'ada', events: [] }, options),
  state: (server, options) => server.delete('/v1/users/ada/state', options),
  admin: (server, options) => server.get('/v1/admin/keys', options),
  overview: (server, options) => server.get('/v1/admin/overview', options),
};
const scopeOf = {
  recommend: 'recommend',
  classic: 'recommend',
  events: 'events',
  state: 'events',
  admin: 'admin',
  overview: 'admin',
};

test('on loopback, without keys: recommend and events are open, admin calls are off', async () => {
  for (const [name, call] of Object.entries(calls)) {
    const answer = await call(open, {});
    if (scopeOf[name] === 'admin') assertError(answer, 403, 'admin_off');
    else assert.ok(answer.status < 300, `${name}: ${answer.status}`);
  }
  assertError(await calls.admin(open, { key: 'sk_made_up' }), 403, 'admin_off');
});

test('with keys every call needs one of its scope', async () => {
  for (const [name, call] of Object.entries(calls)) {
    const missing = await call(locked, {});
    assertError(missing, 401, 'key_needed');
    assert.match(missing.headers.get('www-authenticate'), /^Bearer/);
    for (const [scope, key] of Object.entries(keys)) {
      const answer = await call(locked, { key });
      if (scope === scopeOf[name]) assert.ok(answer.status < 300, `${name}: ${answer.status}`);
      else assertError(answer, 403, 'missing_scope');
    }
  }
});

test('a key with any character changed is no key', async () => {
  const key = keys.recommend;
  for (let place = 0; place < key.length; ++place) {
    const wrong = key.slice(0, place) + (key[place] === 'x' ? 'y' : 'x') + key.slice(place + 1);
    assert.equal((await calls.recommend(locked, { key: wrong })).status, 401, wrong);
  }
  for (const wrong of [key.slice(0, -1), `${key}A`, key.toUpperCase(), 'sk_', '']) {
    assert.equal((await calls.recommend(locked, { key: wrong })).status, 401, wrong);
  }
  for (const Authorization of [key, `Basic ${key}`, `Bearer  ${key} x`, 'Bearer']) {
    assert.equal((await calls.recommend(locked, { headers: { Authorization } })).status, 401, Authorization);
  }
});

test('keys are made, listed without secrets, and removed by admin calls', async () => {
  const { admin: key } = keys;
  const made = await locked.post('/v1/admin/keys', { name: 'a shop', scopes: ['recommend', 'events'] }, { key });
  assert.equal(made.status, 201);
  assert.equal((await calls.recommend(locked, { key: made.json.key })).status, 200);
  const list = await locked.get('/v1/admin/keys', { key });
  assert.ok(list.json.keys.some(({ id, name }) => id === made.json.id && name === 'a shop'));
  const secret = made.json.key.split('_').slice(2).join('_');
  assert.ok(!JSON.stringify(list.json).includes(secret));
  assert.equal((await locked.delete(`/v1/admin/keys/${made.json.id}`, { key })).status, 204);
  assert.equal((await calls.recommend(locked, { key: made.json.key })).status, 401);
  assertError(await locked.delete(`/v1/admin/keys/${made.json.id}`, { key }), 404, 'unknown_key_id');
  for (const wrong of [
    { name: 'x', scopes: ['everything'] },
    { name: 'x', scopes: [] },
    { name: 'x', scopes: ['admin', 'admin'] },
    { name: '', scopes: ['admin'] },
    { name: 'x' },
    { scopes: ['admin'] },
    { name: 'x', scopes: 'admin' },
    { name: 'x', scopes: ['admin'], more: 1 },
  ]) {
    assert.equal((await locked.post('/v1/admin/keys', wrong, { key })).status, 400, JSON.stringify(wrong));
  }
});

test('the last key of a scope stays', async () => {
  const { admin: key } = keys;
  const own = key.split('_')[1];
  assertError(await locked.delete(`/v1/admin/keys/${own}`, { key }), 409, 'last_key');
  assert.equal((await calls.admin(locked, { key })).status, 200);
});

test('what tells whether the server lives needs no key', async () => {
  for (const path of ['/healthz', '/readyz', '/openapi.json', '/metrics', '/v1/models']) {
    assert.equal((await locked.get(path)).status, 200, path);
  }
});

test('no key is printed or stored as it is', async () => {
  const secrets = Object.values(keys).map((key) => key.split('_').slice(2).join('_'));
  for (const secret of secrets) assert.ok(!locked.output().includes(secret));
});

test('pages of allowed origins may ask, others may not', async () => {
  const preflight = (from) =>
    locked.call('OPTIONS', '/v1/events', {
      headers: {
        Origin: from,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization, content-type, idempotency-key',
      },
    });
  const allowed = await preflight(origin);
  assert.ok(allowed.status === 204 || allowed.status === 200);
  assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
  assert.match(allowed.headers.get('access-control-allow-methods'), /POST/);
  for (const header of ['authorization', 'content-type', 'idempotency-key']) {
    assert.ok(allowed.headers.get('access-control-allow-headers').toLowerCase().includes(header), header);
  }
  assert.match(allowed.headers.get('vary') ?? '', /origin/i);
  for (const other of ['https://evil.example', 'http://shop.example', 'https://shop.example.evil.example', 'null']) {
    assert.equal((await preflight(other)).headers.get('access-control-allow-origin'), null, other);
    const answer = await locked.post('/v1/recommend', {}, { key: keys.recommend, headers: { Origin: other } });
    assertError(answer, 403, 'origin_not_allowed');
    assert.equal(answer.headers.get('access-control-allow-origin'), null, other);
  }
  const answer = await locked.post('/v1/recommend', {}, { key: keys.recommend, headers: { Origin: origin } });
  assert.equal(answer.headers.get('access-control-allow-origin'), origin);
  // A page must be able to read errors too.
  const refused = await locked.post('/v1/recommend', {}, { headers: { Origin: origin } });
  assert.equal(refused.status, 401);
  assert.equal(refused.headers.get('access-control-allow-origin'), origin);
  // A form of any page could otherwise change what a server on the visitor's own machine knows.
  assertError(await open.post('/v1/events', {}, { headers: { Origin: origin } }), 403, 'origin_not_allowed');
  assert.equal((await open.post('/v1/recommend', {}, { headers: { Origin: open.url } })).status, 200);
});

test('an address that is not loopback needs keys or --open', async () => {
  const data = temporaryFolder();
  const { code, stderr, stdout } = await run(['serve', '--data', data, '--address', '0.0.0.0', '--port', '0']);
  assert.notEqual(code, 0);
  assert.match(stderr + stdout, /--open/);
});

test('keys with scopes that there are not are refused', async () => {
  const data = temporaryFolder();
  for (const wrong of ['x', 'x:', 'x:everything', ':admin', 'x:admin,admin']) {
    assert.notEqual((await run(['serve', '--data', data, '--make-key', wrong])).code, 0, wrong);
  }
});
