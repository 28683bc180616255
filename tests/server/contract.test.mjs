// What watches the other tests must itself be able to fail.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check } from './contract.mjs';

const id = { 'x-request-id': 'r1' };
const json = { ...id, 'content-type': 'application/json' };
const answer = (status, headers, body) => [{ status, headers: new Headers(headers) }, new TextEncoder().encode(body)];
const accepts = (method, path, ...rest) => check(method, path, ...answer(...rest));
const refuses = (message, method, path, ...rest) =>
  assert.throws(() => accepts(method, path, ...rest), { name: 'AssertionError', message });
const events = '{"accepted":1,"unknown_items":0,"events":1}';
const error = (code, status = 400) => [
  status,
  json,
  JSON.stringify({ error: { code, message: 'No.', request_id: 'r1' } }),
];

const reports = `/tasks/${'A'.repeat(43)}/reports`;
const uploadErrors = { ...id, 'content-type': 'application/ppm-dap;message=upload-errors' };
const problem = { ...id, 'content-type': 'application/problem+json' };

test('answers that openapi.json describes are accepted', () => {
  accepts('POST', '/v1/events', 200, json, events);
  accepts('POST', '/v1/events', ...error('bad_value'));
  accepts('DELETE', '/v1/users/a%2Fb/state', 204, id, '');
  accepts('GET', '/nothing', ...error('not_found', 404));
  accepts('POST', reports, 200, id, '');
  accepts('POST', reports, 200, uploadErrors, 'x');
  accepts('POST', reports, 404, problem, '{"type":"about:blank","status":404}');
});

test('all others are not', () => {
  refuses(/no X-Request-Id/, 'POST', '/v1/events', 200, { 'content-type': 'application/json' }, events);
  refuses(/no such status/, 'POST', '/v1/events', 418, json, events);
  refuses(/no text\/plain here/, 'POST', '/v1/events', 200, { ...id, 'content-type': 'text/plain' }, events);
  refuses(/no JSON/, 'POST', '/v1/events', 200, json, '{');
  refuses(/must NOT have additional/, 'POST', '/v1/events', 200, json, events.replace('}', ',"more":1}'));
  refuses(/must have required/, 'POST', '/v1/events', 200, json, '{"accepted":1,"events":1}');
  refuses(/must be integer/, 'POST', '/v1/events', 200, json, events.replace('1', '1.5'));
  refuses(/one of the allowed values/, 'POST', '/v1/events', ...error('made_up'));
  refuses(/no Retry-After/, 'POST', '/v1/events', ...error('overloaded', 503));
  refuses(/no body here/, 'DELETE', '/v1/users/ada/state', 204, id, 'x');
  refuses(/405/, 'PATCH', '/v1/events', ...error('not_found', 404));
  refuses(/no Allow/, 'PATCH', '/v1/events', ...error('method_not_allowed', 405));
  refuses(/404/, 'GET', '/nothing', 200, json, '{}');
  refuses(/no null here/, 'POST', reports, 200, id, 'x');
  refuses(
    /no application\/ppm-dap;message=other here/,
    'POST',
    reports,
    200,
    {
      ...id,
      'content-type': 'application/ppm-dap;message=other',
    },
    'x',
  );
  refuses(/one of the allowed values/, 'POST', reports, 404, problem, '{"type":"made-up","status":404}');
  refuses(/ETag/, 'GET', '/v1/models/shop/current', 200, { ...id, 'content-type': 'application/octet-stream' }, 'x');
});
