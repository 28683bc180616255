// Devices whose reports are no votes, and a leader that lies to the helper: each is refused, with the error that DAP has for
// it, and counted.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { checkedFetch } from './contract.mjs';
import { makeKey } from './server.mjs';
import { randomNumbers } from './shop.mjs';
import { base64url, lyingLeader, plainSum, startPair, uploadErrors } from './sync.mjs';
import { chooseSeed } from './visitors.mjs';

const slots = 16;
const minBatch = 20;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Report errors of DAP.
const [batchCollected, reportReplayed, reportDropped, hpkeDecryptError] = [1, 2, 3, 5];
const [taskExpired, reportTooEarly, outdatedConfig] = [7, 9, 11];

const newBatch = () => base64url(randomBytes(32));
const id = (report) => report.subarray(0, 16);

/** The exclusive or of the SHA-256 of the reports' ids. */
function checksum(reports) {
  const sum = Buffer.alloc(32);
  for (const report of reports) {
    const hash = createHash('sha256').update(id(report)).digest();
    for (let n = 0; n < sum.length; ++n) sum[n] ^= hash[n];
  }
  return sum;
}

/** The helper's answer to a job: for each report, 0 where it counts, else the report error. */
function jobErrors({ status, bytes }) {
  assert.equal(status, 201, bytes.toString());
  const errors = [];
  for (let at = 0; at < bytes.length; ) {
    const type = bytes[at + 16];
    assert.ok(type === 0 || type === 2);
    errors.push(type === 0 ? 0 : bytes[at + 17]);
    at += type === 0 ? 17 + 4 + bytes.readUInt32BE(at + 17) : 18;
  }
  return errors;
}

function assertProblem({ status, bytes }, type, expectedStatus = 400) {
  assert.equal(status, expectedStatus, bytes.toString());
  assert.equal(JSON.parse(bytes).type, `urn:ietf:params:ppm:dap:error:${type}`);
}

/** Waits until the leader has counted so many refused reports in all. */
async function refused(pair, count) {
  for (let n = 0; ; ++n) {
    const { refused } = await pair.overview();
    if (Object.values(refused).reduce((sum, reports) => sum + reports, 0) === count) return refused;
    assert.ok(n < 400, JSON.stringify(refused));
    await pause(50);
  }
}

test('two votes, a vote that counts twice, and parts in the wrong order: refused in the job, and counted', async () => {
  const pair = await startPair({ minBatch, slots });
  try {
    const choices = Array.from({ length: minBatch }, (_, n) => n % slots);
    const bad = ['3+7', '5*2', '5*0', '3+7*340282366920938462946865773367900766208', 'swapped 5'];
    const reports = await pair.makeReports([...bad, ...choices]);
    assert.equal((await (await pair.upload(reports)).arrayBuffer()).byteLength, 0);
    const { histogram } = await pair.released(1);
    assert.deepEqual(histogram, plainSum(choices, slots));
    assert.deepEqual(await refused(pair, bad.length), { vdaf_verify_error: bad.length });

    // Whoever swaps the parts on the way breaks the seal.
    const [swapped] = await pair.makeReports([1]);
    const at = 16 + 8 + 2 + 4;
    swapped.set(Buffer.concat([swapped.subarray(at + 32, at + 64), swapped.subarray(at, at + 32)]), at);
    assert.deepEqual(await uploadErrors(await pair.upload([swapped])), [[base64url(id(swapped)), hpkeDecryptError]]);
  } finally {
    await pair.kill();
  }
});

test('any flipped byte of a report: refused and counted, and the others count', async (context) => {
  const random = randomNumbers(chooseSeed(context));
  const pair = await startPair({ minBatch, slots });
  try {
    const { task } = await pair.manifest();
    const choices = Array.from({ length: minBatch }, (_, n) => n % slots);
    const { length } = (await pair.makeReports([1]))[0];
    // The parts of a report in their order; `as` is what becomes of a flipped byte.
    const helperPayload = 2 + 4 + 64 + 16;
    const head = [
      { part: 'report id', bytes: 16, as: hpkeDecryptError },
      { part: 'time', bytes: 8, as: 'time' },
      { part: 'lengths', bytes: 2 + 4, as: 'malformed' },
      { part: 'public share', bytes: 64, as: hpkeDecryptError },
      { part: "leader's key id", bytes: 1, as: outdatedConfig },
      { part: 'length', bytes: 2, as: 'malformed' },
      { part: 'encapsulated key', bytes: 32, as: hpkeDecryptError },
      { part: 'length', bytes: 4, as: 'malformed' },
    ];
    const tail = [
      { part: "helper's key id", bytes: 1, as: 'job' },
      { part: 'length', bytes: 2, as: 'malformed' },
      { part: 'encapsulated key', bytes: 32, as: 'job' },
      { part: 'length', bytes: 4, as: 'malformed' },
      { part: "helper's payload", bytes: helperPayload, as: 'job' },
    ];
    const fixed = [...head, ...tail].reduce((sum, { bytes }) => sum + bytes, 0);
    const parts = [...head, { part: "leader's payload", bytes: length - fixed, as: hpkeDecryptError }, ...tail];
    const places = parts.flatMap(({ part, bytes, as }) => Array.from({ length: bytes }, () => ({ part, as })));
    assert.equal(places.length, length);

    const reports = await pair.makeReports(places.map(() => 5));
    let refusedCount = 0;
    const flip = async (at) => {
      const { part, as } = places[at];
      reports[at][at] ^= 1 << Math.floor(random() * 8);
      const response = await pair.upload([reports[at]], { task: task.id });
      const bytes = Buffer.from(await response.arrayBuffer());
      if (as === 'malformed') return assertProblem({ status: response.status, bytes }, 'invalidMessage');
      assert.equal(response.status, 200);
      ++refusedCount;
      if (as === 'job') return assert.equal(bytes.length, 0, part);
      assert.equal(bytes.length, 17, `${part}, byte ${at}`);
      if (as === 'time') return assert.ok([hpkeDecryptError, taskExpired, reportTooEarly].includes(bytes[16]));
      return assert.equal(bytes[16], as, part);
    };
    const queue = places.keys();
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (const at of queue) await flip(at);
      }),
    );
    assert.equal((await (await pair.upload(await pair.makeReports(choices))).arrayBuffer()).byteLength, 0);
    const { histogram } = await pair.released(1);
    assert.deepEqual(histogram, plainSum(choices, slots));
    const counts = await refused(pair, refusedCount);
    assert.equal(counts.outdated_config, 1);
    assert.equal(counts.vdaf_verify_error, undefined);
    context.diagnostic(`${length} bytes: ${JSON.stringify(counts)}`);
  } finally {
    await pair.kill();
  }
});

describe('a leader that lies to the helper', () => {
  let pair;
  let task;
  let liar;
  let reports;
  before(async () => {
    pair = await startPair({ minBatch, slots });
    ({ task } = await pair.manifest());
    reports = await pair.makeReports(Array.from({ length: 3 * minBatch }, (_, n) => n % slots));
    liar = await lyingLeader(pair, task.id);
    pair.helperKey = await makeKey(pair.helperData, 'test', 'admin');
    await pair.helper.kill(); // it reads its keys when it starts
    pair.helper = await pair.startHelper();
  });
  after(() => pair.kill());

  /** What the helper's operator sees of the task. */
  const seen = async () => {
    const response = await checkedFetch(`${pair.helper.url}/v1/admin/sync/overview`, {
      headers: { Authorization: `Bearer ${pair.helperKey}` },
    });
    assert.equal(response.status, 200);
    return (await response.json()).tasks[0];
  };
  const taken = (count, error = 0) => Array.from({ length: count }, () => error);

  test('a report in two jobs counts in the first one, whatever the batch', async () => {
    const some = reports.slice(0, 5);
    const batch = newBatch();
    const first = await liar.job(batch, some);
    assert.deepEqual(jobErrors(first), taken(5));
    assert.deepEqual(await liar.job(batch, some), first, 'the same bytes again');
    assert.deepEqual(jobErrors(await liar.job(newBatch(), some)), taken(5, reportReplayed));
    assert.deepEqual(jobErrors(await liar.job(batch, reports.slice(0, 6))), [...taken(5, reportReplayed), 0]);
    assert.deepEqual((await seen()).refused, { report_replayed: 10 });
    // And in jobs at the same time.
    const racing = await Promise.all(Array.from({ length: 6 }, () => liar.job(newBatch(), [reports[7]])));
    assert.deepEqual(racing.flatMap(jobErrors).sort(), [0, ...taken(5, reportReplayed)]);
  });

  test('below the floor there is no share, whatever the leader says of the count', async () => {
    const batch = newBatch();
    const some = reports.slice(minBatch, 2 * minBatch - 1);
    assert.deepEqual(jobErrors(await liar.job(batch, some)), taken(minBatch - 1));
    assertProblem(await liar.collect(batch, minBatch - 1, checksum(some)), 'invalidBatchSize');
    assertProblem(await liar.collect(batch, minBatch, checksum(some)), 'batchMismatch');
    assertProblem(await liar.collect(batch, minBatch - 1, checksum(some.slice(1))), 'batchMismatch');
    assertProblem(await liar.collect(newBatch(), minBatch, checksum(some)), 'batchInvalid');
    assertProblem(await liar.collect(newBatch(), 0, Buffer.alloc(32)), 'batchInvalid');
    const { batches } = await seen();
    assert.ok(batches.every(({ state }) => state === 'open'));
  });

  test('a batch is given out once, and nothing is added to it afterwards', async () => {
    const batch = newBatch();
    const some = reports.slice(2 * minBatch);
    assert.deepEqual(jobErrors(await liar.job(batch, some)), taken(minBatch));
    const first = await liar.collect(batch, minBatch, checksum(some));
    assert.equal(first.status, 201);
    assert.deepEqual(await liar.collect(batch, minBatch, checksum(some)), first, 'the same bytes again');
    // One report less would be the difference of two batches: one device's choice.
    assertProblem(await liar.collect(batch, minBatch - 1, checksum(some.slice(1))), 'batchOverlap');
    assertProblem(await liar.collect(batch, minBatch + 1, checksum([...some, reports[8]])), 'batchOverlap');
    assert.deepEqual(jobErrors(await liar.job(batch, [reports[8]])), [batchCollected]);
    assert.deepEqual(jobErrors(await liar.job(newBatch(), some)), taken(minBatch, reportReplayed));
    const states = (await seen()).batches.map(({ state }) => state);
    assert.equal(states.filter((state) => state === 'released').length, 1);
    // The answers of its jobs are gone, and a job that is tried again is not verified again.
    const before = (await seen()).refused;
    assertProblem(await liar.job(batch, some), 'unrecognizedAggregationJob', 404);
    assert.deepEqual((await seen()).refused, before);
    // Of requests at the same time one gets the share.
    const raced = newBatch();
    const more = await makeMore();
    assert.deepEqual(jobErrors(await liar.job(raced, more)), taken(minBatch));
    const answers = await Promise.all([
      liar.collect(raced, minBatch, checksum(more)),
      liar.collect(raced, minBatch, checksum(more)),
      liar.collect(raced, minBatch, checksum(more)),
    ]);
    assert.ok(answers.every(({ status, bytes }) => status === 201 && bytes.equals(answers[0].bytes)));
  });
  const makeMore = () => pair.makeReports(Array.from({ length: minBatch }, () => 3));

  test('a job that was deleted is not verified again', async () => {
    const batch = newBatch();
    const some = await pair.makeReports([1, 2]);
    const job = await liar.job(batch, some);
    assert.deepEqual(jobErrors(job), taken(2));
    assert.equal((await liar.remove(job.location)).status, 204);
    assertProblem(await liar.job(batch, some), 'unrecognizedAggregationJob', 404);
    assertProblem(
      await liar.remove(`${job.location.slice(0, -22)}${'A'.repeat(22)}`),
      'unrecognizedAggregationJob',
      404,
    );
    assert.deepEqual(jobErrors(await liar.job(newBatch(), some)), taken(2, reportReplayed));
    assert.equal((await seen()).batches.find(({ id }) => id === batch).reports, 2);
  });

  test('another configuration than the helper agreed to opens nothing', async () => {
    // A device was told of batches of one report. It seals for this configuration.
    const lie = Buffer.from(task.configuration, 'base64url');
    const floor = lie.indexOf(Buffer.from([0, 0, 0, 0, 0, 0, 0, minBatch]));
    lie[floor + 7] = 1;
    const configuration = lie.toString('base64url');
    const victims = await pair.makeReports([1, 2], { configuration });
    assert.deepEqual(jobErrors(await liar.job(newBatch(), victims, { configuration })), taken(2, hpkeDecryptError));
    assert.equal((await seen()).refused.hpke_decrypt_error, 2);
    // And with the task's own id in another task, which the helper does not list.
    const unlisted = await lyingLeader(pair, task.id, base64url(randomBytes(32)));
    assertProblem(await unlisted.job(newBatch(), reports.slice(9, 10)), 'unrecognizedTask', 404);
    assertProblem(await unlisted.collect(newBatch(), minBatch, Buffer.alloc(32)), 'unrecognizedTask', 404);
  });
});

test('where the leader asks for tokens, each admits one report', async () => {
  const pair = await startPair({ minBatch, slots, leaderArgs: ['--sync-tokens'] });
  try {
    const response = await checkedFetch(`${pair.leader.url}/v1/admin/sync/tokens`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${pair.adminKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ count: minBatch + 1 }),
    });
    assert.equal(response.status, 200);
    const { tokens } = await response.json();
    const reports = await pair.makeReports(Array.from({ length: minBatch + 1 }, () => 4));
    const send = (report, token) =>
      pair.upload([report].flat(), { headers: token === undefined ? {} : { 'Sotto-Upload-Token': token } });
    const forged = Buffer.from(tokens[0], 'base64url');
    forged[8] ^= 1; // in the serial
    for (const token of [undefined, 'wrong', base64url(forged)]) {
      assert.equal((await send(reports[0], token)).status, 403);
    }
    assert.equal((await send(reports.slice(0, 2), tokens[0])).status, 403, 'a token admits one report');
    for (let n = 0; n < minBatch; ++n) {
      assert.equal((await (await send(reports[n], tokens[n])).arrayBuffer()).byteLength, 0);
    }
    // The same report may come again, and another one may not.
    assert.equal((await (await send(reports[0], tokens[0])).arrayBuffer()).byteLength, 0);
    assert.deepEqual(await uploadErrors(await send(reports[minBatch], tokens[0])), [
      [base64url(id(reports[minBatch])), reportDropped],
    ]);
    const { histogram } = await pair.released(1);
    assert.deepEqual(
      histogram,
      plainSum(
        reports.slice(1).map(() => 4),
        slots,
      ),
    );
    assert.deepEqual(await refused(pair, 1), { report_dropped: 1 });
  } finally {
    await pair.kill();
  }
});
