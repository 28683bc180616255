// Devices report, leader and helper verify and add up, and the histogram is the plain sum.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { checkedFetch } from './contract.mjs';
import { mediaType, plainSum, startPair, uploadErrors } from './sync.mjs';

let pair;
before(async () => {
  pair = await startPair({ minBatch: 20 });
});
after(() => pair.kill());

const choices = Array.from({ length: 20 }, (_, n) => (n * n) % 64);

test('the sum of a batch is the plain sum, with duplicates and retries mixed in', async () => {
  const reports = await pair.makeReports(choices);
  for (const batch of [reports.slice(0, 3), reports.slice(1, 4), reports.slice(0, 1), reports.slice(4)]) {
    const response = await pair.upload(batch);
    assert.equal(response.status, 200);
    assert.equal((await response.arrayBuffer()).byteLength, 0);
  }
  const overview = await pair.released(1);
  assert.deepEqual(overview.histogram, plainSum(choices, 64));
  assert.equal(overview.releases[0].reports, 20);
  assert.equal(overview.waiting, 0);

  // A report that was counted counts no more, and its device is not told otherwise.
  assert.equal((await pair.upload(reports)).status, 200);
  assert.equal((await pair.overview()).waiting, 0);
});

test('the manifest has the trend, and its version goes up', async () => {
  await new Promise((resolve) => setTimeout(resolve, 1100)); // the manifest is made once a second at most
  const before = await pair.manifest();
  assert.equal(before.trend.version, 1);
  const trend = Buffer.from(await (await checkedFetch(new URL(before.trend.url, pair.leader.url))).arrayBuffer());
  assert.equal(trend.length, 28 + 2 * 64);
  const slots = Buffer.from(await (await checkedFetch(`${pair.leader.url}/v1/sync/slots`)).arrayBuffer());
  const hash = createHash('sha256').update(slots).digest('base64url');
  assert.ok(JSON.stringify(before.slots).includes(hash), JSON.stringify(before.slots));

  assert.equal((await pair.upload(await pair.makeReports(choices.map(() => 5)))).status, 200);
  const overview = await pair.released(2);
  assert.deepEqual(
    overview.histogram,
    plainSum(
      choices.map(() => 5),
      64,
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const next = await pair.manifest();
  assert.equal(next.trend.version, 2);
  assert.ok(next.version > before.version);
});

test('an earlier trend comes back with a higher version', async () => {
  const earlier = Buffer.from(await (await checkedFetch(`${pair.leader.url}/v1/sync/trend/1`)).arrayBuffer());
  const response = await checkedFetch(`${pair.leader.url}/v1/admin/sync/rollback`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${pair.adminKey}`, 'Content-Type': 'application/json' },
    body: '{"version": 1}',
  });
  assert.equal(response.status, 200);
  const { version } = await response.json();
  assert.equal(version, 3);
  const again = Buffer.from(await (await checkedFetch(`${pair.leader.url}/v1/sync/trend/3`)).arrayBuffer());
  assert.deepEqual(again.subarray(28), earlier.subarray(28));
  assert.equal((await pair.manifest()).trend.version, 3);
});

test('reports that are no votes, too early, or of other parameters are refused', async () => {
  const [good, early] = [
    (await pair.makeReports([1]))[0],
    (await pair.makeReports([1], { time: Math.floor(Date.now() / 3_600_000) + 5 }))[0],
  ];
  const flipped = Buffer.from(good);
  flipped[flipped.length - 1] ^= 1; // in the helper's sealed share: the leader cannot see it
  const { task } = await pair.manifest();
  const configuration = Buffer.from(task.configuration, 'base64url');
  configuration[5] ^= 1; // in task_info: another manifest
  const [other] = await pair.makeReports([1], { configuration: configuration.toString('base64url') });
  const response = await pair.upload([early, other]);
  assert.equal(response.headers.get('content-type'), mediaType('upload-errors'));
  assert.deepEqual(
    (await uploadErrors(response)).map(([, error]) => error),
    [9, 5], // report_too_early, hpke_decrypt_error
  );
  assert.equal((await pair.upload([flipped])).status, 200);
  for (let n = 0; (await pair.overview()).refused.hpke_decrypt_error !== 1; ++n) {
    assert.ok(n < 200, JSON.stringify(await pair.overview()));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

test('requests for a task that is not listed, of another type or without a token are refused', async () => {
  const unknown = Buffer.alloc(32, 7).toString('base64url');
  const [report] = await pair.makeReports([1]);
  const response = await pair.upload([report], { task: unknown });
  assert.equal(response.status, 404);
  assert.equal(response.headers.get('content-type'), 'application/problem+json');
  const problem = await response.json();
  assert.equal(problem.type, 'urn:ietf:params:ppm:dap:error:unrecognizedTask');
  assert.equal(problem.taskid, unknown);

  const { task } = await pair.manifest();
  const plain = await checkedFetch(`${pair.leader.url}/tasks/${task.id}/reports`, { method: 'POST', body: report });
  assert.equal(plain.status, 415);
  const malformed = await pair.upload([report.subarray(0, 100)]);
  assert.equal((await malformed.json()).type, 'urn:ietf:params:ppm:dap:error:invalidMessage');

  const job = (headers, id = task.id) =>
    checkedFetch(`${pair.helper.url}/tasks/${id}/aggregation_jobs`, {
      method: 'POST',
      headers: { 'Content-Type': mediaType('aggregation-job-init-req'), ...headers },
      body: Buffer.alloc(7),
    });
  assert.equal((await job({})).status, 401);
  assert.equal((await job({ Authorization: 'Bearer wrong' })).status, 401);
  assert.equal((await job({}, unknown)).status, 404);
  const share = await checkedFetch(`${pair.helper.url}/tasks/${task.id}/aggregate_shares`, {
    method: 'POST',
    headers: { 'Content-Type': mediaType('aggregate-share-req') },
    body: Buffer.alloc(7),
  });
  assert.equal(share.status, 401);
});

test('a request of a stranger is answered before its body is read', async () => {
  const { task } = await pair.manifest();
  const unknown = Buffer.alloc(32, 7).toString('base64url');
  /** Sends a head that promises a long body, and no body. */
  const answerOf = (url, path, name) =>
    new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      let text = '';
      socket.once('error', reject);
      socket.on('data', (chunk) => {
        text += chunk;
        if (!text.includes('\r\n')) return;
        socket.destroy();
        resolve(Number(text.split(' ')[1]));
      });
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: sotto\r\nContent-Type: ${mediaType(name)}\r\nContent-Length: 3000000\r\n\r\n`,
      );
    });
  const jobs = `/tasks/${task.id}/aggregation_jobs`;
  assert.equal(await answerOf(pair.helper.url, jobs, 'aggregation-job-init-req'), 401);
  assert.equal(await answerOf(pair.leader.url, `/tasks/${unknown}/reports`, 'upload-req'), 404);
});

test('the helper lists its tasks, signed', async () => {
  const response = await checkedFetch(`${pair.helper.url}/tasks.json`);
  assert.equal(response.status, 200);
  const envelope = await response.json();
  const list = JSON.parse(Buffer.from(envelope.tasks, 'base64url').toString());
  const { task } = await pair.manifest();
  assert.equal(list.tasks.length, 1);
  assert.equal(list.tasks[0].id, task.id);
  assert.equal(list.tasks[0].configuration, task.configuration);
});
