// Both sides are killed at random moments, replies are lost and requests doubled on the way, the disk is full and the clock
// jumps. Each batch is still the sum of reports that count once, or is given up; it is never released twice.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { checkedFetch } from './contract.mjs';
import { repository, startServer, temporaryFolder } from './server.mjs';
import { randomNumbers } from './shop.mjs';
import { lyingLeader, plainSum, startPair } from './sync.mjs';
import { chooseSeed } from './visitors.mjs';

const library = process.env.SOTTO_FAULTS_LIBRARY ?? join(repository, 'build/release/tests/server/faults.so');
const skip = existsSync(library) ? false : `there is no ${library}: build sotto_faults`;
const slots = 64;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Uploads until the leader has acknowledged all, whatever happens to it meanwhile; `allowed` holds it back. */
async function uploadAll(pair, task, reports, random, allowed = () => reports.length) {
  for (let at = 0; at < reports.length; ) {
    if (at >= allowed()) {
      await pause(2);
      continue;
    }
    const count = 1 + Math.floor(random() * 4);
    try {
      const response = await pair.upload(reports.slice(at, at + count), { task });
      const body = await response.arrayBuffer();
      if (response.status === 200) {
        assert.equal(body.byteLength, 0);
        at += count;
        continue;
      }
      assert.equal(response.status, 503);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
    }
    await pause(5 + random() * 20);
  }
}

/** Adds up what was released, of which each batch counts once. */
async function releasedSum(pair) {
  const overview = await pair.overview();
  const batches = overview.batches.filter(({ state }) => state === 'released');
  assert.equal(overview.releases.length, batches.length);
  for (const batch of batches) assert.ok(batch.reports >= pair.minBatch, JSON.stringify(batch));
  return overview;
}

const kills = 36;

/** Kills both sides under load, and demands the plain sum at the end. */
async function killUnderLoad(context, options) {
  const random = randomNumbers(chooseSeed(context));
  const batches = 12;
  const minBatch = 25;
  const pair = await startPair({ minBatch, slots, ...options, leaderArgs: ['--sync-job-reports', '5'] });
  try {
    const choices = Array.from({ length: batches * minBatch }, () => Math.floor(random() * slots));
    const reports = await pair.makeReports(choices);
    const { task } = await pair.manifest();
    // Something is under way at each kill.
    let kill = 0;
    const all = [...reports, ...reports.slice(0, 40)];
    const allowed = () => (all.length * (kill + 1)) / kills;
    const uploading = uploadAll(pair, task.id, all, random, allowed);
    for (; kill < kills; ++kill) {
      await pause(random() * 200);
      if (random() < 0.5) {
        await pair.leader.kill();
        pair.leader = await pair.startLeader({ untilReady: false });
      } else {
        await pair.helper.kill();
        pair.helper = await pair.startHelper();
      }
    }
    await uploading;
    const overview = await pair.released(batches, 120);
    const end = await releasedSum(pair);
    assert.equal(end.releases.length, batches);
    assert.equal(end.waiting, 0);
    assert.ok(end.batches.every(({ state }) => state === 'released' || state === 'open'));
    assert.deepEqual(overview.refused, {});
    assert.deepEqual(await pair.allHistograms(batches), plainSum(choices, slots));
  } finally {
    await pair.kill();
  }
}

test('36 kills of either side: every batch is the sum of reports that count once', (context) =>
  killUnderLoad(context, {}));

test('the same with both sides in one PostgreSQL', async (context) => {
  const script = (name) => join(repository, 'tests/store', name);
  const link = join(temporaryFolder(), 'postgres');
  await promisify(execFile)('bash', [script('start_postgres.sh'), link]);
  if (!existsSync(link)) return context.skip('PostgreSQL is not installed');
  try {
    const postgres = `postgresql://postgres@/postgres?host=${encodeURIComponent(readlinkSync(link))}`;
    await killUnderLoad(context, { postgres });
  } finally {
    await promisify(execFile)('bash', [script('stop_postgres.sh'), link]);
  }
});

/** A way to the helper on which replies are lost and requests come twice. */
async function lossyWay(target, random) {
  const lost = { replies: 0, doubled: 0 };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const send = () =>
        fetch(target + request.url, {
          method: request.method,
          headers: {
            'Content-Type': request.headers['content-type'],
            ...(request.headers.authorization ? { Authorization: request.headers.authorization } : {}),
          },
          ...(request.method === 'GET' ? {} : { body: Buffer.concat(chunks) }),
        });
      try {
        if (random() < 0.3) {
          ++lost.doubled;
          await Promise.all([send(), send()]);
        }
        const answer = await send();
        const body = Buffer.from(await answer.arrayBuffer());
        if (random() < 0.4) {
          ++lost.replies;
          if (random() < 0.5) response.write(body.subarray(0, body.length / 2));
          request.socket.destroy();
          return;
        }
        response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') ?? '' });
        response.end(body);
      } catch {
        request.socket.destroy();
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, lost, close: () => server.close() };
}

test('lost replies and doubled requests between leader and helper change nothing', async (context) => {
  const random = randomNumbers(chooseSeed(context));
  let way;
  const pair = await startPair({
    minBatch: 20,
    slots,
    leaderArgs: ['--sync-job-reports', '4'],
    throughProxy: async (url) => {
      way = await lossyWay(url, random);
      return way.url;
    },
  });
  try {
    const choices = Array.from({ length: 60 }, () => Math.floor(random() * slots));
    const reports = await pair.makeReports(choices);
    const { task } = await pair.manifest();
    await uploadAll(pair, task.id, reports, random);
    const overview = await pair.released(3, 120);
    assert.deepEqual(overview.refused, {});
    assert.deepEqual(await pair.allHistograms(3), plainSum(choices, slots));
    assert.ok(way.lost.replies > 0 && way.lost.doubled > 0);
  } finally {
    await pair.kill();
    way.close();
  }
});

/** A pair whose disks and clocks fail as `set` says: set(side, ...lines), with the lines of faults/README.md. */
async function failingPair(options) {
  const controls = {};
  const env = (side) => {
    controls[side] = join(realpathSync(temporaryFolder()), 'control');
    writeFileSync(controls[side], '');
    return { LD_PRELOAD: library, SOTTO_FAULTS: controls[side] };
  };
  const pair = await startPair({ slots, ...options, leaderEnv: env('leader'), helperEnv: env('helper') });
  const set = (side, ...lines) =>
    writeFileSync(controls[side], [`data ${realpathSync(pair[`${side}Data`])}`, ...lines, ''].join('\n'));
  return { pair, set };
}

/** Waits until the leader has counted so many refused reports. */
async function refusedReports(pair, expected) {
  for (let n = 0; ; ++n) {
    const { refused } = await pair.overview();
    if (JSON.stringify(refused) === JSON.stringify(expected)) return;
    assert.ok(n < 400, JSON.stringify(refused));
    await pause(50);
  }
}

test('full and read-only disks of either side lose nothing that was acknowledged', { skip }, async (context) => {
  const random = randomNumbers(chooseSeed(context));
  const batches = 4;
  const minBatch = 20;
  const { pair, set } = await failingPair({ minBatch, leaderArgs: ['--sync-job-reports', '5'] });
  try {
    const choices = Array.from({ length: batches * minBatch }, () => Math.floor(random() * slots));
    const reports = await pair.makeReports(choices);
    const { task } = await pair.manifest();
    set('leader', 'full');
    const refused = await pair.upload(reports.slice(0, 2), { task: task.id });
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('retry-after'), '1');
    assert.match(pair.leader.output(), /POST \/tasks\/\{task\}\/reports 503, .*: .*disk/);
    set('leader');
    let faults = 0;
    const uploading = uploadAll(pair, task.id, reports, random, () => 1 + (reports.length * faults) / 8);
    for (const side of ['helper', 'leader', 'helper', 'leader']) {
      for (const fault of ['full', 'read-only']) {
        set(side, fault);
        ++faults;
        await pause(200 + random() * 400);
        set(side);
        await pause(random() * 200);
      }
    }
    await uploading;
    await pair.released(batches, 120);
    assert.deepEqual((await releasedSum(pair)).refused, {});
    assert.deepEqual(await pair.allHistograms(batches), plainSum(choices, slots));
  } finally {
    await pair.kill();
  }
});

test('a clock that jumps, at either side: each report counts once or is refused and counted as such', {
  skip,
}, async (context) => {
  const random = randomNumbers(chooseSeed(context));
  const minBatch = 20;
  const { pair, set } = await failingPair({ minBatch });
  const day = 86_400;
  const jump = async (side, seconds) => {
    set(side, ...(seconds === 0 ? [] : [`clock ${seconds > 0 ? '+' : ''}${seconds}`]));
    await pause(1500); // a side looks after its tasks once a second
  };
  try {
    const choices = Array.from({ length: 3 * minBatch }, () => Math.floor(random() * slots));
    const reports = await pair.makeReports(choices);
    const { task } = await pair.manifest();
    const upload = (from, to) => uploadAll(pair, task.id, reports.slice(from, to), random);

    // A few days forwards change nothing, at either side.
    await upload(0, 5);
    await jump('leader', 10 * day);
    await jump('helper', 10 * day);
    await upload(5, 15);
    // Backwards, reports come from the future. The leader refuses them at once, the helper in the job.
    await jump('helper', 0);
    await jump('leader', -3 * 3600);
    const early = await pair.upload(reports.slice(15, 16), { task: task.id });
    assert.equal(early.status, 200);
    assert.equal((await early.arrayBuffer()).byteLength, 17);
    await jump('leader', 0);
    await upload(15, minBatch);
    await pair.released(1);
    await refusedReports(pair, { report_too_early: 1 });
    assert.deepEqual(await pair.allHistograms(1), plainSum(choices.slice(0, minBatch), slots));
    await jump('helper', -3 * 3600);
    await upload(minBatch, minBatch + 3);
    await refusedReports(pair, { report_too_early: 4 });
    // Beyond the end of the task the helper takes none.
    await jump('helper', 100 * day);
    await upload(minBatch + 3, minBatch + 5);
    await refusedReports(pair, { report_too_early: 4, task_expired: 2 });
    await jump('helper', 0);
    await upload(minBatch + 5, 2 * minBatch + 5);
    await pair.released(2);
    const counted = [...choices.slice(0, minBatch), ...choices.slice(minBatch + 5, 2 * minBatch + 5)];
    assert.deepEqual(await pair.allHistograms(2), plainSum(counted, slots));

    // Beyond the end of the task the leader begins another one, and what it had of the first is given up.
    await upload(2 * minBatch + 5, 2 * minBatch + 10);
    await jump('leader', 100 * day);
    await jump('leader', 0);
    const next = await pair.manifest();
    assert.notEqual(next.task.id, task.id);
    assert.equal((await pair.upload(reports.slice(-1), { task: task.id })).status, 404);
    const fresh = await pair.makeReports(choices.slice(0, minBatch));
    await uploadAll(pair, next.task.id, fresh, random);
    await pair.released(3);
    assert.deepEqual(await pair.allHistograms(3), plainSum([...counted, ...choices.slice(0, minBatch)], slots));
  } finally {
    await pair.kill();
  }
});

test('a job that the helper has forgotten when it is tried again ends its batch, and nothing of it comes out', async () => {
  // The reply to the first job is lost, and the job is deleted before the leader asks again.
  let forget = async (location) => assert.fail(location);
  let isForgotten = false;
  const server = createServer((request, response) => {
    const carry = async () => {
      const parts = [];
      for await (const part of request) parts.push(part);
      const { 'content-type': type, authorization } = request.headers;
      const answer = await fetch(pair.helper.url + request.url, {
        method: request.method,
        headers: { 'Content-Type': type, ...(authorization ? { Authorization: authorization } : {}) },
        ...(parts.length > 0 ? { body: Buffer.concat(parts) } : {}),
      });
      if (request.url.endsWith('/aggregation_jobs') && !isForgotten) {
        isForgotten = true;
        await forget(answer.headers.get('location'));
        return request.socket.destroy();
      }
      response.writeHead(answer.status, { 'Content-Type': answer.headers.get('content-type') });
      return response.end(Buffer.from(await answer.arrayBuffer()));
    };
    carry().catch(() => request.socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pair = await startPair({
    minBatch: 20,
    slots,
    throughProxy: async () => `http://127.0.0.1:${server.address().port}`,
  });
  try {
    const { task } = await pair.manifest();
    const leader = await lyingLeader(pair, task.id);
    forget = leader.remove;
    const choices = Array.from({ length: 40 }, (_, n) => n);
    const lost = await pair.makeReports(choices.slice(0, 20));
    assert.equal((await pair.upload(lost)).status, 200);
    const givenUp = async () => (await pair.overview()).batches.filter(({ state }) => state === 'given_up');
    for (let n = 0; (await givenUp()).length === 0; ++n) {
      assert.ok(n < 200, JSON.stringify(await pair.overview()));
      await pause(50);
    }
    assert.match((await givenUp())[0].reason, /unrecognizedAggregationJob/);
    assert.equal((await pair.overview()).releases.length, 0);
    // The next batch is sound. The lost reports do not come again, not even by their devices.
    assert.equal((await pair.upload(lost)).status, 200);
    assert.equal((await pair.upload(await pair.makeReports(choices.slice(20)))).status, 200);
    const { histogram } = await pair.released(1);
    assert.deepEqual(histogram, plainSum(choices.slice(20), slots));
    assert.equal((await pair.overview()).waiting, 0);
  } finally {
    await pair.kill();
    server.closeAllConnections();
    server.close();
  }
});

test('a batch below the floor is not given out, and a batch is given out once', async () => {
  // The helper's floor is above the leader's: it takes no such task at all.
  const pair = await startPair({ minBatch: 20, slots, helperArgs: [] });
  try {
    await pair.helper.kill();
    const strict = await startServer({
      data: pair.helperData,
      model: null,
      port: pair.helper.port,
      untilReady: false,
      args: ['--role', 'helper', '--sync-tasks', pair.tasks, '--sync-min-batch', '50', '--sync-noise', '0'],
    });
    const list = JSON.parse(
      Buffer.from((await (await checkedFetch(`${strict.url}/tasks.json`)).json()).tasks, 'base64url').toString(),
    );
    assert.equal(list.tasks.length, 0);
    assert.match(strict.output(), /this helper's floor is 50/);
    pair.helper = strict;
    const choices = Array.from({ length: 20 }, () => 1);
    const reports = await pair.makeReports(choices);
    assert.equal((await pair.upload(reports)).status, 200);
    await pause(1500);
    assert.equal((await pair.overview()).releases.length, 0);

    // The operator agrees after all, and the batch goes on.
    await strict.kill();
    pair.helper = await pair.startHelper();
    const overview = await pair.released(1);
    assert.deepEqual(overview.histogram, plainSum(choices, slots));
  } finally {
    await pair.kill();
  }
});
