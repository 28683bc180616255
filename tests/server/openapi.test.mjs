// The document itself: it is valid, its examples are, and a client that is generated from it works.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { checkedFetch, document, documentFile, problemOf, resolved } from './contract.mjs';
import { repository, startServer, temporaryFolder } from './server.mjs';

let server;
before(async () => {
  server = await startServer();
});
after(() => server?.stop());

const operations = Object.entries(document.paths).flatMap(([path, item]) =>
  ['get', 'put', 'post', 'delete'].flatMap((method) => (item[method] ? [[method, path, item[method]]] : [])),
);

test('the document is valid OpenAPI 3.1', async () => {
  const config = await createConfig({ extends: ['spec'] });
  const problems = await lintFromString({ source: JSON.stringify(document), config });
  assert.deepEqual(
    problems.map(({ message, location }) => `${location[0].pointer}: ${message}`),
    [],
  );
});

test('the server answers with this document', async () => {
  assert.deepEqual((await server.get('/openapi.json')).json, document);
});

test('every object is closed, and every operation has a name of its own', () => {
  const names = operations.map(([, , { operationId }]) => operationId);
  assert.equal(new Set(names).size, names.length);
  const visit = (part, place) => {
    if (typeof part !== 'object' || part === null) return;
    if (part.properties !== undefined) assert.equal(part.additionalProperties, false, place);
    for (const [name, child] of Object.entries(part)) visit(child, `${place}/${name}`);
  };
  visit(document.components.schemas, '#/components/schemas');
});

test('every example is what its schema says', () => {
  let examples = 0;
  const look = (content, place) => {
    for (const [type, { schema, example, examples: several = {} }] of Object.entries(content ?? {})) {
      for (const value of [example, ...Object.values(several).map((each) => each.value)]) {
        if (value === undefined) continue;
        ++examples;
        assert.equal(problemOf(value, schema), undefined, `${place} ${type}`);
      }
    }
  };
  for (const [method, path, operation] of operations) {
    look(operation.requestBody?.content, `${method} ${path}`);
    for (const [status, response] of Object.entries(operation.responses)) {
      look(resolved(response).content, `${method} ${path} ${status}`);
    }
  }
  assert.ok(examples > 50, `${examples} examples`);
});

test('every error has the form of all errors, or of the problems that the protocol of private sync has', () => {
  const isOfSync = (path) => path.startsWith('/tasks/');
  for (const [method, path, operation] of operations) {
    for (const [status, response] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue;
      const where = `${method} ${path} ${status}`;
      const { 'application/json': error, 'application/problem+json': problem, ...more } = resolved(response).content;
      assert.deepEqual(more, {}, where);
      assert.ok(error !== undefined || isOfSync(path), where);
      if (error !== undefined) assert.deepEqual(error.schema, { $ref: '#/components/schemas/Error' }, where);
      if (problem === undefined) continue;
      assert.ok(isOfSync(path), where);
      assert.deepEqual(problem.schema, { $ref: '#/components/schemas/SyncProblem' }, where);
    }
  }
});

test('the document’s examples of requests are accepted', async () => {
  for (const path of ['/v1/recommend', '/v1/recommend/batch', '/recommend', '/v1/events']) {
    const { examples } = document.paths[path].post.requestBody.content['application/json'];
    for (const [name, { value }] of Object.entries(examples)) {
      assert.equal((await server.post(path, value)).status, 200, `${path}: ${name}`);
    }
  }
});

const client = `
import createClient from 'openapi-fetch';
import type { paths } from './api.js';

export async function visit(baseUrl: string, fetch: (request: Request) => Promise<Response>, seen: string) {
  const client = createClient<paths>({ baseUrl, fetch });
  const added = await client.POST('/v1/events', {
    params: { header: { 'Idempotency-Key': 'generated-1' } },
    body: { user: 'generated client', events: [seen, { id: seen, kind: 'purchase' }] },
  });
  if (added.error) throw new Error(added.error.error.message);
  const accepted: number = added.data.accepted;
  const answer = await client.POST('/v1/recommend', { body: { user: 'generated client', k: 3, explain: true } });
  if (answer.error) throw new Error(answer.error.error.message);
  const titles: (string | undefined)[] = answer.data.recommendations.map(({ title }) => title);
  const state = await client.GET('/v1/users/{id}/state', {
    params: { path: { id: 'generated client' } },
    parseAs: 'arrayBuffer',
  });
  const refused = await client.POST('/v1/recommend', { body: { k: 0 } });
  const code: string | undefined = refused.error?.error.code;
  const forgotten = await client.DELETE('/v1/users/{id}/state', { params: { path: { id: 'generated client' } } });
  return { accepted, titles, state: state.response.status, code, forgotten: forgotten.response.status };
}
`;

test('a client that is generated from the document compiles, and works', async () => {
  const folder = temporaryFolder();
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'src/api.ts'), astToString(await openapiTypescript(documentFile)));
  writeFileSync(join(folder, 'src/client.ts'), client);
  const tsc = join(repository, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom,dom.iterable'];
  await promisify(execFile)(
    process.execPath,
    [tsc, ...options, '--skipLibCheck', '--outDir', 'dist', 'src/client.ts'],
    {
      cwd: folder,
    },
  ).catch(({ stdout }) => assert.fail(stdout));
  const { visit } = await import(join(folder, 'dist/client.js'));
  const seen = (await server.post('/recommend', { input: [0], k: 1 })).json.recommendations[0];
  const result = await visit(server.url, checkedFetch, seen);
  assert.deepEqual(result, { ...result, accepted: 2, state: 200, code: 'bad_value', forgotten: 204 });
  assert.equal(result.titles.length, 3);
});

test('docs/server.md explains every code, and no other', () => {
  const text = readFileSync(join(repository, 'docs/server.md'), 'utf8');
  const table = /\| status \| code \| meaning \|\n(.*?)\n\n/s.exec(text)[1];
  const explained = [...table.matchAll(/^\| \d{3} \| (.*?) \|/gm)].flatMap(([, codes]) =>
    codes.replaceAll('`', '').split(', '),
  );
  const { code } = document.components.schemas.Error.properties.error.properties;
  assert.deepEqual([...new Set(explained)].sort(), [...code.enum].sort());
});
