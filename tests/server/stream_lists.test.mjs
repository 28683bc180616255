// Lists of the stream: what the server makes of the answers of its workers. A real worker answers in the tests of the
// stream (ServerBesideStreamTest).
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { assertError, run, startServer } from './server.mjs';

const list = { user: 'ada/1', events: 3, model: '0011223344556677', at: 5, items: ['85123A'] };
let answer = (response) => response.end(JSON.stringify(list));
const asked = [];
const worker = createServer((request, response) => {
  asked.push(request.url);
  answer(response);
});
let server;
let plain;
before(async () => {
  await new Promise((resolve) => worker.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${worker.address().port}`;
  [server, plain] = await Promise.all([
    startServer({ args: ['--stream-worker', `http://127.0.0.1:9,${address}`] }),
    startServer({ model: null, untilReady: false }),
  ]);
});
after(async () => {
  worker.close();
  await Promise.all([server?.stop(), plain?.stop()]);
});

test("a user's list is the worker's, and the server says at its start whom it asks", async () => {
  const { status, json } = await server.get('/v1/users/ada%2F1/recommendations?k=1&at=5');
  assert.equal(status, 200);
  assert.deepEqual(json, list);
  assert.deepEqual(asked, ['/v1/users/ada%2F1/recommendations?k=1&at=5']);
  assert.match(server.output(), /lists of the stream come from: http:\/\/127\.0\.0\.1:9, http:/);
});

test('values that a parameter cannot have', async () => {
  assertError(await server.get('/v1/users/ada/recommendations?k=0'), 400, 'bad_value');
  assertError(await server.get('/v1/users/ada/recommendations?at=now'), 400, 'bad_value');
});

test('while no worker has the user: 503 with the time to come again', async () => {
  const before = answer;
  answer = (response) => response.writeHead(503).end('{"error":{"code":"not_ready","message":"Ask again."}}');
  const refused = await server.get('/v1/users/ada/recommendations');
  assertError(refused, 503, 'stream_not_ready');
  assert.equal(refused.headers.get('retry-after'), '1');
  answer = before;
});

test('a server that was started without workers: 501', async () => {
  assertError(await plain.get('/v1/users/ada/recommendations'), 501, 'no_stream');
});

test('an address that is none is refused at the start', async () => {
  const { code, stderr } = await run(['serve', '--stream-worker', 'worker:8090', '--port', '0']);
  assert.notEqual(code, 0);
  assert.match(stderr, /'worker:8090' is no address of a worker, such as http:\/\/worker:8090/);
});
