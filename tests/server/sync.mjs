// A leader and a helper as real processes, and devices that report to them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { checkedFetch } from './contract.mjs';
import { makeKey, modelPath, program, startServer, temporaryFolder } from './server.mjs';

const clientProgram = process.env.SOTTO_SYNC_CLIENT ?? join(dirname(program), 'sotto_sync_client');
const sideProgram = join(dirname(program), 'sotto_sync_side');

/**
 * A port that nobody has, and that no outgoing connection takes meanwhile: below the range from which the system hands out
 * ports (32768 and up on Linux). A restarted server needs the same one again, and the demo takes those that follow it.
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const probe = createServer().listen(port, '127.0.0.1');
    const isFree = await Promise.race([
      once(probe, 'listening').then(() => true),
      new Promise((resolve) => probe.once('error', () => resolve(false))),
    ]);
    if (!isFree) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

export const mediaType = (name) => `application/ppm-dap;message=${name}`;
export const base64url = (bytes) => Buffer.from(bytes).toString('base64url');

/**
 * Starts a leader and a helper that trust each other, with a small batch and without noise.
 *
 * @param options.minBatch the floor of a batch
 * @param options.leaderArgs further arguments of the leader
 * @param options.helperArgs further arguments of the helper
 * @param options.throughProxy the leader's way to the helper: makes of the helper's address that of a proxy
 * @param options.devicesThroughProxy the devices' way to the leader, likewise
 * @param options.origin pages of this origin may call both sides
 * @param options.noise deviation of the noise
 * @param options.model the leader's model
 * @param options.postgres URL of a database for both sides, instead of SQLite files
 */
export async function startPair({
  minBatch = 20,
  noise = 0,
  slots = 64,
  leaderArgs = [],
  helperArgs = [],
  leaderEnv = {},
  helperEnv = {},
  postgres = undefined,
  model = modelPath,
  throughProxy = async (url) => url,
  devicesThroughProxy = async (url) => url,
  origin = undefined,
} = {}) {
  const leaderPort = await freePort();
  const helperPort = await freePort();
  const helperUrl = await throughProxy(`http://127.0.0.1:${helperPort}`);
  const endpoint = await devicesThroughProxy(`http://127.0.0.1:${leaderPort}`);
  const leaderData = temporaryFolder();
  const helperData = temporaryFolder();
  const place = postgres === undefined ? [] : ['--postgres', postgres];
  const common = [
    ...['--sync-min-batch', String(minBatch), '--sync-noise', String(noise), ...place],
    ...(origin === undefined ? [] : ['--origin', origin]),
  ];
  const tasks = join(leaderData, 'sync/tasks');
  const startLeader = ({ slotCount = slots, ...extra } = {}) =>
    startServer({
      data: leaderData,
      port: leaderPort,
      model,
      args: [
        ...['--role', 'leader', '--sync-endpoint', endpoint, '--sync-helper', helperUrl],
        ...['--sync-slots', String(slotCount), '--single-operator'],
        ...common,
        ...leaderArgs,
      ],
      env: leaderEnv,
      ...extra,
    });
  const startHelper = (extra = {}) =>
    startServer({
      data: helperData,
      port: helperPort,
      model: null,
      untilReady: false,
      args: ['--role', 'helper', '--sync-tasks', tasks, ...common, ...helperArgs],
      env: helperEnv,
      ...extra,
    });
  const pair = { leaderData, helperData, tasks, startLeader, startHelper, minBatch, slots, endpoint, helperUrl };
  pair.adminKey = await makeKey(leaderData, 'test', 'admin', place);
  pair.leader = await startLeader();
  pair.helper = await startHelper();
  pair.kill = async () => Promise.all([pair.leader.kill(), pair.helper.kill()]);

  /** What a page pins: the key that a side prints when it starts. */
  pair.pinnedKey = (side) => /pages pin the key ([\w-]{43})/.exec(pair[side].output())[1];

  /** What the operator sees. */
  pair.overview = async () => {
    const response = await checkedFetch(`${pair.leader.url}/v1/admin/sync/overview`, {
      headers: { Authorization: `Bearer ${pair.adminKey}` },
    });
    assert.equal(response.status, 200, await response.clone().text());
    return response.json();
  };
  /** The manifest as a device reads it, without checking its signature. */
  pair.manifest = async () => {
    const response = await checkedFetch(`${pair.leader.url}/v1/sync/manifest`);
    assert.equal(response.status, 200, await response.clone().text());
    return JSON.parse(Buffer.from((await response.json()).manifest, 'base64url').toString());
  };
  /** Reports for these slots, as bytes. `changes` replaces what the device believes of the task. */
  pair.makeReports = async (choices, changes = {}) => {
    const { task } = await pair.manifest();
    const configs = async (url) => base64url(await (await checkedFetch(`${url}/hpke_config`)).arrayBuffer());
    const time = Math.floor(Date.now() / 3_600_000);
    const facts = {
      id: task.id,
      configuration: task.configuration,
      leader: await configs(pair.leader.url),
      helper: await configs(pair.helper.url),
      time,
      ...changes,
    };
    const args = [facts.id, facts.configuration, facts.leader, facts.helper, facts.time];
    const output = await runProgram(clientProgram, args, choices);
    return output.map((line) => Buffer.from(line, 'base64url'));
  };
  /** Uploads reports in one request. */
  pair.upload = async (reports, { task, headers = {} } = {}) => {
    const id = task ?? (await pair.manifest()).task.id;
    return checkedFetch(`${endpoint}/tasks/${id}/reports`, {
      method: 'POST',
      headers: { 'Content-Type': mediaType('upload-req'), ...headers },
      body: Buffer.concat(reports),
    });
  };
  /** Waits until that many releases are out, and returns the overview. */
  pair.released = async (count, seconds = 60) => {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const overview = await pair.overview();
      if (overview.releases.length >= count) return overview;
      assert.ok(Date.now() < until, `no release ${count}: ${JSON.stringify(overview)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  /** The sum of all released histograms. */
  pair.allHistograms = async (count) => {
    const { releases } = await pair.overview();
    assert.equal(releases.length, count);
    const sum = new Array(slots).fill(0);
    for (const { version } of releases) {
      const response = await checkedFetch(`${pair.leader.url}/v1/admin/sync/histogram/${version}`, {
        headers: { Authorization: `Bearer ${pair.adminKey}` },
      });
      assert.equal(response.status, 200);
      (await response.json()).histogram.forEach((counted, slot) => {
        sum[slot] += counted;
      });
    }
    return sum;
  };
  return pair;
}

async function runProgram(name, args, lines) {
  const child = spawn(name, args.map(String), { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stdin.end(`${lines.join('\n')}\n`);
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 0);
  return output.trim().split('\n');
}

/**
 * A leader that says what it likes to the helper: it has the real leader's keys and the task's token.
 *
 * @param said the task's id in what it says
 * @returns its `token`; `job`, which asks the helper to verify reports in a batch; `collect`, which asks for its share of
 *   one; `send`, which posts a message to one of the task's paths; `again`, which asks for what is at a location; and
 *   `remove`, which deletes it. All functions resolve with the response, whose body is read as `bytes`.
 */
export async function lyingLeader(pair, task, said = task) {
  const files = [join(pair.leaderData, 'sync/keys.json'), join(pair.tasks, `${task}.json`)];
  const side = async (args, lines = []) => (await runProgram(sideProgram, args, lines))[0];
  const token = await side(['token', ...files]);
  const ask = async (method, path, headers = {}, body = undefined) => {
    const response = await checkedFetch(pair.helper.url + path, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, location: response.headers.get('location'), bytes };
  };
  const post = (path, type, body) => ask('POST', `/tasks/${said}/${path}`, { 'Content-Type': mediaType(type) }, body);
  return {
    token,
    async job(batch, reports, { configuration } = {}) {
      const args = ['job', ...files, batch, ...(configuration === undefined ? [] : [configuration])];
      const body = Buffer.from(await side(args, reports.map(base64url)), 'base64url');
      return post('aggregation_jobs', 'aggregation-job-init-req', body);
    },
    async collect(batch, count, checksum) {
      const body = Buffer.from(await side(['collect', batch, count, base64url(checksum)]), 'base64url');
      return post('aggregate_shares', 'aggregate-share-req', body);
    },
    send: post,
    again: (location) => ask('GET', location),
    remove: (location) => ask('DELETE', location),
  };
}

/** The plain sum of choices. */
export function plainSum(choices, slots) {
  const sum = new Array(slots).fill(0);
  for (const slot of choices) ++sum[slot];
  return sum;
}

/** The report errors of an upload's answer: [[id in base64url, number]]. */
export async function uploadErrors(response) {
  const bytes = Buffer.from(await response.arrayBuffer());
  const errors = [];
  for (let at = 0; at < bytes.length; at += 17) {
    errors.push([bytes.subarray(at, at + 16).toString('base64url'), bytes[at + 16]]);
  }
  return errors;
}
