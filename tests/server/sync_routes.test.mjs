// What an operator asks a leader for, and what a leader asks a helper for again.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { checkAnswer, checkedFetch } from './contract.mjs';
import { assertError, makeKey, startServer, temporaryFolder } from './server.mjs';
import { base64url, lyingLeader, mediaType, plainSum, startPair } from './sync.mjs';

const minBatch = 20;

let pair;
before(async () => {
  pair = await startPair({ minBatch, slots: 64 });
  const choices = Array.from({ length: minBatch }, (_, n) => n);
  assert.equal((await pair.upload(await pair.makeReports(choices))).status, 200);
  await pair.released(1);
});
after(() => pair.kill());

const asOperator = () => ({ key: pair.adminKey });
const post = (path, body) => pair.leader.post(path, body, asOperator());

test('the counts of a release', async () => {
  const { json } = await pair.leader.get('/v1/admin/sync/histogram/1', asOperator());
  assert.deepEqual(json, { version: 1, histogram: plainSum([...Array(minBatch).keys()], 64) });
});

test('a trend, a histogram and a way back that there are not: 404', async () => {
  for (const version of ['2', '99999999999999999999', 'one']) {
    const code = version === '2' ? 'missing' : 'not_found';
    assertError(await pair.leader.get(`/v1/sync/trend/${version}`), 404, code);
    assertError(await pair.leader.get(`/v1/admin/sync/histogram/${version}`, asOperator()), 404, code);
  }
  assertError(await post('/v1/admin/sync/rollback', { version: 2 }), 404, 'missing');
  // A rollback has no counts of its own.
  const { json } = await post('/v1/admin/sync/rollback', { version: 0 });
  assertError(await pair.leader.get(`/v1/admin/sync/histogram/${json.version}`, asOperator()), 404, 'missing');
});

test('bodies of the operator that are none: 400', async () => {
  for (const body of [
    '',
    '[]',
    '{',
    {},
    { version: -1 },
    { version: 1.5 },
    { version: '1' },
    { version: 1, more: 1 },
  ]) {
    assertError(await post('/v1/admin/sync/rollback', body), 400, 'bad_value');
  }
  for (const body of [{}, { count: 0 }, { count: 1001 }, { count: '1' }]) {
    assertError(await post('/v1/admin/sync/tokens', body), 400, 'bad_value');
  }
  const { json } = await post('/v1/admin/sync/tokens', { count: 1000 });
  assert.equal(new Set(json.tokens).size, 1000);
});

test('a leader without a model has nothing to show yet', async () => {
  const data = temporaryFolder();
  const key = await makeKey(data, 'test', 'admin');
  const nobody = 'http://127.0.0.1:9';
  const args = ['--role', 'leader', '--sync-endpoint', nobody, '--sync-helper', nobody];
  const leader = await startServer({ data, model: null, untilReady: false, args });
  try {
    assertError(await leader.get('/v1/sync/manifest'), 404, 'missing');
    assertError(await leader.get('/v1/sync/slots'), 404, 'not_found');
    assertError(await leader.post('/v1/admin/sync/tokens', { count: 1 }, { key }), 404, 'missing');
    assertError(await leader.post('/v1/admin/sync/rollback', { version: 0 }, { key }), 404, 'missing');
    const { json } = await leader.get('/v1/admin/sync/overview', { key });
    assert.equal(json.task, null);
    assert.deepEqual(json.releases, []);
  } finally {
    await leader.stop();
  }
});

test('the helper gives its answers again, to the task’s leader alone', async () => {
  const { task } = await pair.manifest();
  const leader = await lyingLeader(pair, task.id);
  const reports = await pair.makeReports(Array.from({ length: minBatch }, () => 3));
  const batch = base64url(randomBytes(32));
  const job = await leader.job(batch, reports);
  assert.equal(job.status, 201);
  assert.deepEqual(await leader.again(job.location), { ...job, status: 200 });
  assert.deepEqual((await leader.again(`${job.location}?step=0`)).bytes, job.bytes);

  const checksum = Buffer.alloc(32);
  for (const report of reports) {
    createHash('sha256')
      .update(report.subarray(0, 16))
      .digest()
      .forEach((byte, n) => {
        checksum[n] ^= byte;
      });
  }
  const share = await leader.collect(batch, minBatch, checksum);
  assert.equal(share.status, 201, share.bytes.toString());
  assert.deepEqual(await leader.again(share.location), { ...share, status: 200 });

  const nothing = 'A'.repeat(22);
  for (const location of [
    `/tasks/${task.id}/aggregation_jobs/${nothing}`,
    `/tasks/${task.id}/aggregate_shares/no-id`,
  ]) {
    assert.equal((await leader.again(location)).status, 404);
  }
  const strangers = [
    ['GET', job.location],
    ['DELETE', job.location],
    ['GET', share.location],
  ];
  for (const [method, location] of strangers) {
    const response = await checkedFetch(pair.helper.url + location, { method });
    assert.equal(response.status, 401, `${method} ${location}`);
  }
  assert.equal((await leader.remove(job.location)).status, 204);
  assert.equal((await leader.again(job.location)).status, 404);
  assert.equal((await leader.remove(`/tasks/${task.id}/aggregation_jobs/${nothing}`)).status, 404);

  const unlisted = await lyingLeader(pair, task.id, base64url(randomBytes(32)));
  assert.equal((await unlisted.job(batch, reports)).status, 404);
  // The messages differ in their media type, and one is not taken for another.
  for (const path of ['aggregation_jobs', 'aggregate_shares']) {
    const refused = await leader.send(path, 'upload-req', Buffer.alloc(7));
    assert.equal(refused.status, 415);
    const type = path === 'aggregation_jobs' ? 'aggregation-job-init-req' : 'aggregate-share-req';
    assert.equal((await leader.send(path, type, Buffer.alloc(7))).status, 400);
  }
});

/** Sends the head of a request with a body that is too long, and reads the answer. */
function tooLong(side, path, message, headers) {
  return new Promise((resolve, reject) => {
    const type = mediaType(message);
    const asked = request(
      `${side.url}${path}`,
      { method: 'POST', agent: false, headers: { 'Content-Type': type, 'Content-Length': 2 ** 40, ...headers } },
      async (answer) => {
        const chunks = [];
        for await (const chunk of answer) chunks.push(chunk);
        asked.destroy();
        const response = { status: answer.statusCode, headers: new Headers(Object.entries(answer.headers)) };
        checkAnswer('POST', path, response, Buffer.concat(chunks));
        resolve({ ...response, json: JSON.parse(Buffer.concat(chunks)) });
      },
    );
    asked.on('error', reject);
    asked.flushHeaders();
  });
}

test('messages that are too long: 413 for whoever may send one', async () => {
  const { task } = await pair.manifest();
  const { token } = await lyingLeader(pair, task.id);
  const headers = { Authorization: `Bearer ${token}` };
  const { leader, helper } = pair;
  for (const [side, path, message] of [
    [leader, 'reports', 'upload-req'],
    [helper, 'aggregation_jobs', 'aggregation-job-init-req'],
    [helper, 'aggregate_shares', 'aggregate-share-req'],
  ]) {
    assertError(await tooLong(side, `/tasks/${task.id}/${path}`, message, headers), 413, 'body_too_large');
  }
});

test('a trend of another slot map does not come back', async () => {
  await pair.leader.kill();
  pair.leader = await pair.startLeader({ slotCount: 32 });
  assert.match(assertError(await post('/v1/admin/sync/rollback', { version: 1 }), 409, 'mismatch'), /slot map/);
});
