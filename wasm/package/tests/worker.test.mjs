// sotto/worker without a worker: what does not need one. tests/browser/worker.test.mjs has the rest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { Recommender as InWorker } from 'sotto/worker';
import { modelBytes } from './support.mjs';

test('the recommender in a worker has every member of the one in the page', async () => {
  const recommender = await Recommender.open(modelBytes, { store: memoryStore() });
  const members = [...Reflect.ownKeys(Object.getPrototypeOf(recommender)), ...Object.keys(recommender)];
  for (const member of ['observe', 'recommend', 'close', 'subscribe']) assert.ok(members.includes(member), member);
  const fields = ['modelInfo', 'items', 'temperature', 'subscribe', 'getSnapshot'];
  for (const member of members) assert.ok(fields.includes(member) || member in InWorker.prototype, String(member));
  await recommender.close();
});

test('where there are no workers it says so', async () => {
  await assert.rejects(InWorker.open(modelBytes), { code: 'unsupported', message: /"sotto"/ });
});
