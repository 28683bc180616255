// A site with private sync, as far as a device sees it: a signed manifest, and two aggregators that keep what they get.
// The messages are written here from the draft, so that the package is not tested by its own encoders.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { Aes128Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';

export const slotCount = 4096;
const chunkLength = 66;
export const timePrecision = 3600;

export const base64url = (bytes) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const number = (value, bytes) => {
  const out = Buffer.alloc(bytes);
  for (let at = bytes - 1, left = BigInt(value); at >= 0; --at, left >>= 8n) out[at] = Number(left & 255n);
  return out;
};
const opaque = (bytes, lengthBytes) => Buffer.concat([number(bytes.length, lengthBytes), bytes]);

export const suite = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Aes128Gcm(),
});

/** An aggregator's key pair and its HpkeConfigList, which begins with a suite that nobody has. */
async function aggregator(id) {
  const keys = await suite.kem.generateKeyPair();
  const publicKey = Buffer.from(await suite.kem.serializePublicKey(keys.publicKey));
  const config = (kem) =>
    Buffer.concat([number(id, 1), number(kem, 2), number(1, 2), number(1, 2), opaque(publicKey, 2)]);
  return { id, keys, configs: opaque(Buffer.concat([config(0x0010), config(0x0020)]), 2) };
}

async function signer() {
  const { privateKey, publicKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const key = base64url(await crypto.subtle.exportKey('raw', publicKey));
  return {
    key,
    async envelope(member, body) {
      const bytes = Buffer.from(JSON.stringify(body));
      const signature = await crypto.subtle.sign('Ed25519', privateKey, bytes);
      return JSON.stringify({ [member]: base64url(bytes), signature: base64url(signature), key });
    },
  };
}

export function taskConfiguration({ taskInfo, leader, helper, minBatch }) {
  return Buffer.concat([
    opaque(taskInfo, 1),
    opaque(Buffer.from(leader), 2),
    opaque(Buffer.from(helper), 2),
    number(timePrecision, 8),
    number(minBatch, 8),
    number(2, 1),
    number(0, 2),
    number(4, 4),
    opaque(Buffer.concat([number(slotCount, 4), number(chunkLength, 4)]), 2),
    number(0, 2),
  ]);
}

const littleEndian = (value, bytes) => number(value, bytes).reverse();

/** A slot map of items that training never saw, and of trained ones. */
export function slotMap({ items, untrained = [], trained, count = slotCount }) {
  return Buffer.concat([
    Buffer.from('STSM'),
    ...[1, count, items, untrained.length, trained.length].map((value) => littleEndian(value, 4)),
    ...[...untrained, ...trained].map((item) => littleEndian(item, 4)),
  ]);
}

/** A trend: the values by their slots, in units of 1/1024. */
export function trendFile({ version, slots, values, count = slotCount }) {
  const numbers = Buffer.alloc(2 * count);
  for (const [slot, value] of Object.entries(values)) numbers.writeInt16LE(value, 2 * Number(slot));
  return Buffer.concat([
    Buffer.from('STTR'),
    littleEndian(1, 4),
    littleEndian(version, 8),
    sha256(slots).subarray(0, 8),
    littleEndian(count, 4),
    numbers,
  ]);
}

/**
 * A running site. `edit` changes the manifest's and the helper's bodies before they are signed, `files` what is served.
 * `uploads` collects the bodies that the leader got; `answer` is what it says.
 */
export async function startSite(fingerprint, items) {
  const [operator, helperOperator, leader, helper] = await Promise.all([
    signer(),
    signer(),
    aggregator(7),
    aggregator(9),
  ]);
  const files = new Map();
  const uploads = [];
  const requests = [];
  const site = {
    key: operator.key,
    operator,
    helperOperator,
    leader,
    helper,
    files,
    uploads,
    requests,
    answer: () => ({ status: 201, body: '' }),
    helperKey: helperOperator.key,
  };
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    requests.push({ method: request.method, pathname, headers: request.headers });
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', 'content-type, sotto-upload-token');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (request.method === 'POST') {
      const parts = [];
      for await (const part of request) parts.push(part);
      const upload = { path: pathname, type: request.headers['content-type'], body: Buffer.concat(parts) };
      const { status, body, drop } = site.answer(upload);
      if (drop === 'before') return void request.socket.destroy();
      uploads.push(upload);
      if (drop === 'after') return void request.socket.destroy();
      return void response.writeHead(status).end(body);
    }
    const file = files.get(pathname);
    response.writeHead(file === undefined ? 404 : 200).end(file);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  site.manifestUrl = `${origin}/sync/manifest.json`;
  site.helperUrl = `${origin}/helper`;
  site.taskId = Buffer.alloc(32, 5);
  site.close = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };

  /** Publishes a manifest and everything that belongs to it. */
  site.publish = async ({
    version = 1,
    trendVersion,
    trend = {},
    reports = 4,
    expires = 4_000_000_000,
    slots = slotMap({ items, untrained: [3], trained: [0, 1, 2, 5, 8] }),
    taskId = site.taskId,
    editManifest = () => {},
    editTasks = () => {},
    editEnvelope = (envelope) => envelope,
    parameters: edited = (text) => text,
    configuration: editConfiguration = () => {},
  } = {}) => {
    const minBatch = 2000;
    const text =
      `sotto private sync 1\nmodel ${fingerprint}\nslots_sha256 ${sha256(slots).toString('hex')}\nslots ${slotCount}\n` +
      `noise_thousandths 8000\nreports_per_28_days ${reports}\nmin_batch ${minBatch}\nexpires ${expires}\n`;
    const fields = { taskInfo: sha256(edited(text)), leader: `${origin}/leader/`, helper: site.helperUrl, minBatch };
    editConfiguration(fields);
    const configuration = taskConfiguration(fields);
    site.configuration = configuration;
    const trendBytes =
      trendVersion === undefined ? undefined : trendFile({ version: trendVersion, slots, values: trend });
    const manifest = {
      kind: 'sotto-manifest',
      format: 1,
      version,
      model: { name: 'test', fingerprint },
      task: { id: base64url(taskId), configuration: base64url(configuration) },
      slots: { url: 'slots.bin', sha256: base64url(sha256(slots)), count: slotCount },
      noise: 8,
      reports,
      min_batch: minBatch,
      expires,
      leader: `${origin}/leader/`,
      helper: site.helperUrl,
      operator: { single: true, words: 'A test.' },
      trend: trendBytes && {
        url: 'trend.bin',
        sha256: base64url(sha256(trendBytes)),
        version: trendVersion,
        prior: 0.5,
      },
    };
    editManifest(manifest);
    const tasks = {
      kind: 'sotto-tasks',
      format: 1,
      version: 1,
      tasks: [
        {
          id: base64url(taskId),
          configuration: base64url(configuration),
          model: fingerprint,
          expires: manifest.expires,
        },
      ],
    };
    editTasks(tasks);
    files.set('/sync/manifest.json', editEnvelope(await operator.envelope('manifest', manifest)));
    files.set('/sync/slots.bin', slots);
    files.set('/sync/trend.bin', trendBytes);
    files.set('/helper/tasks.json', await helperOperator.envelope('tasks', tasks));
    files.set('/leader/hpke_config', leader.configs);
    files.set('/helper/hpke_config', helper.configs);
  };
  await site.publish();
  return site;
}

/** Reads an upload with the aggregators' keys: the slot that both shares together say, after both verified it. */
export async function slotOf(site, { body }) {
  let at = 0;
  const take = (size) => body.subarray(at, (at += size));
  const length = (bytes) => Number(BigInt(`0x${take(bytes).toString('hex')}`));
  const reportId = take(16);
  const time = length(8);
  const extensions = take(length(2));
  const publicShare = take(length(4));
  const sealed = [0, 0].map(() => ({ config: length(1), enc: take(length(2)), payload: take(length(4)) }));
  if (at !== body.length || extensions.length > 0) throw new Error('the upload is not one report');

  const metadata = Buffer.concat([reportId, number(time, 8), number(0, 2)]);
  const aad = Buffer.concat([site.taskId, site.configuration, metadata, opaque(publicShare, 4)]);
  const shares = await Promise.all(
    [site.leader, site.helper].map(async ({ id, keys }, place) => {
      if (sealed[place].config !== id) throw new Error('sealed for another key');
      const info = Buffer.concat([Buffer.from('dap-18 input share'), Buffer.from([1, 2 + place])]);
      const opened = await suite.open(
        { recipientKey: keys.privateKey, enc: sealed[place].enc, info },
        sealed[place].payload,
        aad,
      );
      return Buffer.from(opened);
    }),
  );
  const check = await checkModule();
  const put = (bytes) => {
    const place = check.sotto_sync_check_alloc(bytes.length) >>> 0;
    new Uint8Array(check.memory.buffer).set(bytes, place);
    return place;
  };
  const [id, report, leader, helper] = [site.taskId, body, ...shares].map(put);
  const slot = check.sotto_sync_check_report(
    ...[id, slotCount, chunkLength, report, body.length, leader, shares[0].length, helper, shares[1].length],
  );
  if (slot < 0) throw new Error(`the report does not verify (${slot})`);
  return { slot, reportId: reportId.toString('hex'), time, publicShare, shares };
}

async function checkModule() {
  const folder = process.env.SOTTO_WASM_FOLDER ?? fileURLToPath(new URL('../../../build/wasm/bin', import.meta.url));
  const { instance } = await WebAssembly.instantiate(readFileSync(`${folder}/sotto-sync-check.wasm`), {
    env: { emscripten_notify_memory_growth: () => undefined },
  });
  instance.exports._initialize();
  return instance.exports;
}
