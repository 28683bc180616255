// Starts the real server on a free port, with a data folder of its own, for one file of tests.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { checkedFetch } from './contract.mjs';

export const repository = fileURLToPath(new URL('../../', import.meta.url));
export const program = process.env.SOTTO_CLI ?? join(repository, 'build/release/bin/sotto');
/** The registry with the shipped model as prepare.mjs leaves it. */
export const preparedModels = join(repository, 'node_modules/.cache/sotto-server-tests/models');
export { ids, modelBytes, modelPath, modelWith } from '../../wasm/package/tests/support.mjs';
import { modelPath } from '../../wasm/package/tests/support.mjs';

assert.ok(existsSync(program), `There is no ${program}: build it with SOTTO_BUILD_SERVER, or name it in SOTTO_CLI.`);

/** A folder that is removed at the end. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-server-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the command line to its end: `{ code, stdout, stderr }`. */
export async function run(args, options = {}) {
  try {
    return { code: 0, ...(await promisify(execFile)(program, args, { timeout: 60_000, ...options })) };
  } catch (error) {
    return { code: error.code, stdout: error.stdout, stderr: error.stderr };
  }
}

/** Makes an API key, before or while a server runs on the folder. */
export async function makeKey(data, name, scopes, extra = []) {
  const { code, stdout, stderr } = await run(['serve', '--data', data, '--make-key', `${name}:${scopes}`, ...extra]);
  assert.equal(code, 0, stderr);
  const key = /sk_[0-9a-f]+_[\w-]+/.exec(stdout)?.[0];
  assert.ok(key, `no key in: ${stdout}`);
  return key;
}

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a server and waits until it is ready.
 *
 * @param options.data the data folder; by default a new one
 * @param options.model the model's file; null for none
 * @param options.prepared whether the shipped model's encodings may be those that are prepared already
 * @param options.args further arguments
 * @param options.env further environment
 * @param options.port by default any free one
 * @param options.untilReady whether to wait until it says that it is ready, or only until it listens
 * @param options.command runs the program by this instead: [program, ...arguments before "serve"]
 */
export async function startServer({
  data = temporaryFolder(),
  model = modelPath,
  prepared = true,
  args = [],
  env = {},
  port = 0,
  command = [program],
  untilReady = true,
} = {}) {
  const models = join(data, 'models');
  if (prepared && model === modelPath && !existsSync(models) && existsSync(preparedModels)) {
    cpSync(preparedModels, models, { recursive: true });
  }
  const all = ['serve', '--data', data, '--port', String(port), ...(model === null ? [] : ['--model', model]), ...args];
  const child = spawn(command[0], [...command.slice(1), ...all], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  const server = {
    data,
    child,
    /** Everything that the server has printed. */
    output: () => output,
    /** Resolves with the exit code, or the signal's name. */
    exited: new Promise((resolve) => {
      child.once('close', (code, signal) => {
        running.delete(child);
        resolve(code ?? signal);
      });
    }),
    async kill() {
      child.kill('SIGKILL');
      return server.exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return server.exited;
    },
  };
  server.url = await new Promise((resolve, reject) => {
    const onOutput = (chunk) => {
      output += chunk;
      const found = /listening on (https?:\/\/(?:127\.0\.0\.1|0\.0\.0\.0|localhost|\[::1\]):\d+)/.exec(output);
      if (found) resolve(found[1].replace('0.0.0.0', '127.0.0.1'));
    };
    child.stdout.on('data', onOutput);
    child.stderr.on('data', onOutput);
    child.once('error', reject);
    server.exited.then((code) => reject(new Error(`The server has ended with ${code}: ${output}`)));
  });
  server.port = Number(new URL(server.url).port);
  while (untilReady && (await fetch(`${server.url}/readyz`).catch(() => undefined))?.status !== 200) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The server has ended: ${output}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }

  /** A call that is checked against openapi.json. JSON bodies go in as objects and come out as `json`. */
  server.call = async (method, path, { body, headers = {}, key } = {}) => {
    const isBytes = body instanceof Uint8Array;
    const response = await checkedFetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': isBytes ? 'application/octet-stream' : 'application/json' }),
        ...(key === undefined ? {} : { Authorization: `Bearer ${key}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isBytes || typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      json: isJson && bytes.length > 0 ? JSON.parse(new TextDecoder().decode(bytes)) : undefined,
    };
  };
  server.get = (path, options) => server.call('GET', path, options);
  server.post = (path, body, options) => server.call('POST', path, { ...options, body });
  server.put = (path, body, options) => server.call('PUT', path, { ...options, body });
  server.delete = (path, options) => server.call('DELETE', path, options);
  return server;
}

/** Expects an error by its status and code, and returns its sentence. */
export function assertError({ status, json }, expectedStatus, code) {
  assert.equal(json?.error?.code, code, JSON.stringify(json));
  assert.equal(status, expectedStatus);
  return json.error.message;
}
