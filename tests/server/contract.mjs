// openapi.json as a contract: what the server answers must be what the document says, in every test.
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export const documentFile = new URL('../../src/sotto/serve/openapi.json', import.meta.url);
export const document = JSON.parse(readFileSync(documentFile, 'utf8'));

const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
ajv.addFormat('binary', true);
// The document is no schema itself, but has schemas inside.
ajv.addVocabulary(Object.keys(document));
ajv.addSchema({ ...document, $id: 'openapi.json' });

const compiled = new Map();

/** What is wrong with a value; undefined where nothing is. */
export function problemOf(value, schema) {
  const text = JSON.stringify(schema).replaceAll('"#/', '"openapi.json#/');
  if (!compiled.has(text)) compiled.set(text, ajv.compile(JSON.parse(text)));
  const validate = compiled.get(text);
  return validate(value) ? undefined : ajv.errorsText(validate.errors, { separator: '; ' });
}

/** The part of the document that `$ref` leads to. */
export function resolved(part) {
  if (part?.$ref === undefined) return part;
  return part.$ref
    .slice(2)
    .split('/')
    .reduce((at, name) => at[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

const patterns = Object.keys(document.paths).map((path) => [
  path,
  new RegExp(`^${path.replace(/[.]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+')}$`),
]);

/** The path of the document that an address belongs to. Literal paths win. */
export function pathOf(pathname) {
  return (
    patterns.find(([path]) => path === pathname)?.[0] ?? patterns.find(([, pattern]) => pattern.test(pathname))?.[0]
  );
}

const error = { $ref: '#/components/schemas/Error' };

/** One file for each process of the tests, with a line for each kind of answer that it has seen. */
export const answersFolder = fileURLToPath(
  new URL('../../node_modules/.cache/sotto-server-tests/answers', import.meta.url),
);
const seen = new Set();

function remember(answer) {
  if (seen.has(answer)) return;
  seen.add(answer);
  mkdirSync(answersFolder, { recursive: true });
  appendFileSync(`${answersFolder}/${process.pid}`, `${answer}\n`);
}

/** fetch, whose answer must be one that the document describes. */
export async function checkedFetch(input, init) {
  const response = await fetch(input, { redirect: 'error', ...init });
  const bytes = new Uint8Array(await response.clone().arrayBuffer());
  const request = input instanceof Request ? input : { url: String(input), method: init?.method ?? 'GET' };
  checkAnswer(request.method, new URL(request.url).pathname, response, bytes);
  return response;
}

/** Checks an answer of a server, and remembers that the tests have seen its status. */
export function checkAnswer(method, pathname, response, bytes) {
  check(method, pathname, response, bytes);
  const path = pathOf(pathname);
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (operation !== undefined) remember(`${operation.operationId} ${response.status}`);
}

/** Throws where an answer is not as the document describes it. */
export function check(method, pathname, response, bytes) {
  const what = `${method} ${pathname} → ${response.status} ${new TextDecoder().decode(bytes.subarray(0, 400))}`;
  assert.ok(response.headers.get('x-request-id'), `${what}: no X-Request-Id`);
  if (method === 'OPTIONS') {
    assert.equal(bytes.length, 0, what);
    return;
  }
  const path = pathOf(pathname);
  const operation = document.paths[path]?.[(method === 'HEAD' ? 'GET' : method).toLowerCase()];
  if (operation === undefined) {
    assert.equal(response.status, path === undefined ? 404 : 405, what);
    if (method !== 'HEAD') assertJson(bytes, error, what);
    if (path !== undefined) assert.ok(response.headers.get('allow'), `${what}: no Allow`);
    return;
  }
  const described = resolved(operation.responses[response.status]);
  assert.ok(described, `${what}: openapi.json has no such status`);
  for (const [name, reference] of Object.entries(described.headers ?? {})) {
    const header = resolved(reference);
    const value = response.headers.get(name);
    if (value === null) assert.ok(!header.required, `${what}: no ${name}`);
    else assert.equal(problemOf(value, header.schema), undefined, `${what}: ${name}: ${value}`);
  }
  if (described.content === undefined || method === 'HEAD') {
    assert.equal(bytes.length, 0, `${what}: openapi.json has no body here`);
    return;
  }
  const type = response.headers.get('content-type');
  // A body of no bytes, for messages that may have nothing to say.
  if (described['x-empty-body'] && type === null && bytes.length === 0) return;
  // The messages of private sync differ in the type's parameter.
  const content = described.content[type] ?? described.content[type?.split(';')[0]];
  assert.ok(content, `${what}: openapi.json has no ${type} here`);
  if (/^application\/(problem\+)?json\b/.test(type)) assertJson(bytes, content.schema, what);
}

function assertJson(bytes, schema, what) {
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    assert.fail(`${what}: no JSON (${cause.message})`);
  }
  assert.equal(problemOf(value, schema), undefined, what);
}
