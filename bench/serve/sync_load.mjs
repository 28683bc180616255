// The sender of sync_load.sh: node sync_load.mjs SECONDS RATE.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
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

// The kernel would write the reports to the disk during the measurement.
execFileSync('sync');

const begin = performance.now();
const sender = spawn(
  join(dirname(process.env.SOTTO_CLI), '../bench/sync_sender'),
  [new URL(pair.leader.url).port, `/tasks/${task.id}/reports`, mediaType('upload-req'), file, count, rate].map(String),
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
let output = '';
sender.stdout.on('data', (chunk) => {
  output += chunk;
});
const status = await new Promise((resolve) => sender.once('close', (code, signal) => resolve(code ?? signal)));
if (status !== 0) throw new Error(`the sender ended with ${status}`);
const sent = JSON.parse(output);
let overview = await pair.overview();
const backlog = overview.waiting;
while (overview.waiting > 0 && overview.batches[0].reports + overview.waiting >= 2000) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  overview = await pair.overview();
}
const done = (performance.now() - begin) / 1000;
const perReport = ({ user, system }) =>
  `${((1000 * user) / count).toFixed(2)} ms a report, and ${((1000 * system) / count).toFixed(2)} in the kernel`;
console.log(
  `sent ${(count / sent.seconds).toFixed(0)} reports a second for ${sent.seconds.toFixed(1)} s, ${sent.failures} failures`,
);
console.log(`POST: p50 ${sent.p50.toFixed(1)} ms, p99 ${sent.p99.toFixed(1)} ms, longest ${sent.max.toFixed(1)} ms`);
console.log(`added up ${((count - overview.waiting) / done).toFixed(0)} a second; ${backlog} waited at the end`);
console.log(`released ${overview.releases.length} batches; refused ${JSON.stringify(overview.refused)}`);
for (const side of ['leader', 'helper']) {
  const [user, system] = readFileSync(`/proc/${pair[side].child.pid}/stat`, 'utf8').split(' ').slice(13, 15);
  console.log(`processor of the ${side}: ${perReport({ user: user / 100, system: system / 100 })}`);
}
console.log(`processor of the sender: ${perReport(sent)}`);
await pair.kill();
