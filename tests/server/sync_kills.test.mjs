// Either side is killed at every state transition of a report, a job and a batch: before a request is taken, and after it is
// answered and before the asker knows. Each batch is still the sum of reports that count once, and is released once.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { randomNumbers } from './shop.mjs';
import { plainSum, startPair } from './sync.mjs';
import { chooseSeed } from './visitors.mjs';

const slots = 64;
const minBatch = 10;
const batches = 6;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Who is killed at the next times that a request comes to this point. */
const plan = () => ({
  'upload asked': ['leader', 'leader', 'leader'],
  'upload answered': ['leader', 'leader', 'leader'],
  'job asked': ['leader', 'helper', 'leader', 'helper', 'leader', 'helper', 'leader', 'helper'],
  'job answered': ['helper', 'leader', 'helper', 'leader', 'helper', 'leader', 'helper', 'leader'],
  'share asked': ['leader', 'helper', 'leader', 'helper'],
  'share answered': ['leader', 'helper', 'leader', 'helper'],
});

const kindOf = (path) => (path.endsWith('/reports') ? 'upload' : path.endsWith('/aggregation_jobs') ? 'job' : 'share');

/** A proxy that tells `at` of both moments of each request. Where it says so, the asker gets no reply. */
async function watchedWay(target, at) {
  const carry = async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const isWatched = request.method === 'POST';
    if (isWatched && (await at(`${kindOf(request.url)} asked`))) return request.socket.destroy();
    const body = Buffer.concat(parts);
    const init = { method: request.method, headers, ...(body.length > 0 ? { body } : {}) };
    const answer = await fetch(target + request.url, init);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (isWatched && answer.ok && (await at(`${kindOf(request.url)} answered`))) return request.socket.destroy();
    const { connection: ____, 'transfer-encoding': _____, ...theirs } = Object.fromEntries(answer.headers);
    return response.writeHead(answer.status, { ...theirs, 'content-length': bytes.length }).end(bytes);
  };
  const server = createServer((request, response) => {
    carry(request, response).catch(() => request.socket.destroy());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, close };
}

test('30 kills at every state transition: every batch is the sum of reports that count once', async (context) => {
  const random = randomNumbers(chooseSeed(context));
  const planned = plan();
  const ways = [];
  let pair;
  let kills = 0;
  let turn = Promise.resolve();
  /** Kills whom the plan says, one at a time; resolves with whether the reply is lost. */
  const at = (point) => {
    const mine = turn.then(async () => {
      const side = planned[point].shift();
      if (side === undefined) return false;
      ++kills;
      await pair[side].kill();
      pair[side] = side === 'leader' ? await pair.startLeader({ untilReady: false }) : await pair.startHelper();
      return point.endsWith('asked') || random() < 0.5;
    });
    turn = mine.catch(() => undefined);
    return mine;
  };
  const through = async (url) => {
    ways.push(await watchedWay(url, at));
    return ways.at(-1).url;
  };
  try {
    pair = await startPair({
      minBatch,
      slots,
      leaderArgs: ['--sync-job-reports', '5'],
      throughProxy: through,
      devicesThroughProxy: through,
    });
    const choices = Array.from({ length: batches * minBatch }, () => Math.floor(random() * slots));
    const reports = await pair.makeReports(choices);
    const { task } = await pair.manifest();
    const left = [...reports, ...reports.slice(0, 8)]; // some come again later
    while (left.length > 0) {
      const count = 1 + Math.floor(random() * 4);
      const response = await pair.upload(left.slice(0, count), { task: task.id }).catch(() => undefined);
      if (response?.status === 200) {
        assert.equal((await response.arrayBuffer()).byteLength, 0);
        left.splice(0, count);
      }
      await pause(5);
    }
    const seen = async () => pair.overview().catch(() => ({ releases: [] })); // the leader may be down
    for (let n = 0; (await seen()).releases.length < batches; ++n) {
      assert.ok(n < 1200, JSON.stringify([planned, await seen()]));
      await pause(50);
    }
    await turn;
    context.diagnostic(`${kills} kills`);
    assert.deepEqual(Object.values(planned).flat(), []);
    const overview = await pair.overview();
    assert.equal(overview.releases.length, batches);
    assert.equal(overview.waiting, 0);
    assert.deepEqual(overview.refused, {});
    const released = overview.batches.filter(({ state }) => state === 'released');
    assert.deepEqual(
      released.map(({ reports }) => reports),
      Array.from({ length: batches }, () => minBatch),
    );
    assert.ok(overview.batches.every(({ state }) => state === 'released' || state === 'open'));
    assert.deepEqual(await pair.allHistograms(batches), plainSum(choices, slots));
  } finally {
    await pair?.kill();
    for (const way of ways) way.close();
  }
});
