// The sender of sync_load.sh: node sync_load.mjs SECONDS RATE.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, rmSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { base64url, mediaType, startPair } from '../../tests/server/sync.mjs';

const [seconds, rate] = process.argv.slice(2).map(Number);
const count = seconds * rate;
const pair = await startPair({
  minBatch: 2000,
  noise: 8,
  slots: 4096,
  leaderArgs: ['--quiet'],
  helperArgs: ['--quiet'],
});
const file = join(tmpdir(), `sotto-reports-${process.pid}`);
process.on('exit', () => rmSync(file, { force: true }));
const { task } = await pair.manifest();
const configs = async (url) => base64url(await (await fetch(`${url}/hpke_config`)).arrayBuffer());
const facts = [task.id, task.configuration, await configs(pair.leader.url), await configs(pair.helper.url)];
const client = spawn(
  join(dirname(process.env.SOTTO_CLI), 'sotto_sync_client'),
  [...facts, String(Math.floor(Date.now() / 3_600_000)), file],
  { stdio: ['pipe', 'inherit', 'inherit'] },
);
const made = Date.now();
client.stdin.end(Array.from({ length: count }, (_, n) => `${(n * 7919) % 4096}\n`).join(''));
await new Promise((resolve) => client.once('close', resolve));
const size = statSync(file).size / count;
console.log(`${count} reports of ${size} bytes made in ${((Date.now() - made) / 1000).toFixed(1)} s`);

const descriptor = openSync(file, 'r');
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const times = [];
let failures = 0;
const post = (body) =>
  new Promise((resolve) => {
    const start = performance.now();
    const sent = request(
      `${pair.leader.url}/tasks/${task.id}/reports`,
      { method: 'POST', agent, headers: { 'Content-Type': mediaType('upload-req'), 'Content-Length': body.length } },
      (response) => {
        response.resume();
        response.once('end', () => {
          times.push(performance.now() - start);
          if (response.statusCode !== 200) ++failures;
          resolve();
        });
      },
    );
    sent.once('error', () => {
      ++failures;
      resolve();
    });
    sent.end(body);
  });
const begin = performance.now();
const open = [];
for (let sent = 0; sent < count; ) {
  const due = Math.min(count, Math.floor(((performance.now() - begin) / 1000) * rate));
  for (; sent < due; ++sent) {
    const body = Buffer.alloc(size);
    readSync(descriptor, body, 0, size, sent * size);
    open.push(post(body));
  }
  await new Promise((resolve) => setTimeout(resolve, 2));
}
await Promise.all(open);
const sending = (performance.now() - begin) / 1000;
let overview = await pair.overview();
const backlog = overview.waiting;
while (overview.waiting > 0 && overview.batches[0].reports + overview.waiting >= 2000) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  overview = await pair.overview();
}
const done = (performance.now() - begin) / 1000;
closeSync(descriptor);
times.sort((a, b) => a - b);
const at = (share) => times[Math.min(times.length - 1, Math.floor(share * times.length))].toFixed(1);
console.log(`sent ${(count / sending).toFixed(0)} reports a second for ${sending.toFixed(1)} s, ${failures} failures`);
console.log(`POST: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`);
console.log(`added up ${((count - overview.waiting) / done).toFixed(0)} a second; ${backlog} waited at the end`);
console.log(`released ${overview.releases.length} batches; refused ${JSON.stringify(overview.refused)}`);
for (const side of [pair.leader, pair.helper]) {
  const [user, system] = readFileSync(`/proc/${side.child.pid}/stat`, 'utf8').split(' ').slice(13, 15).map(Number);
  console.log(
    `processor of the ${side === pair.leader ? 'leader' : 'helper'}: ${user / 100} s, system ${system / 100} s`,
  );
}
await pair.kill();
