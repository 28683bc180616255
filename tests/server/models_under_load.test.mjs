// The current version changes while hundreds of requests run: none fails, and none mixes versions.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { makeKey, modelBytes, modelWith, startServer, temporaryFolder } from './server.mjs';

// Of the second version's items every other one has another id.
const second = modelWith(({ catalogue }) => {
  catalogue.item_id = catalogue.item_id.map((id, index) => (index % 2 === 0 ? id : `new ${id}`));
});
const third = modelWith(({ spec }) => (spec.attribution += ' The third version.'));
const itemsOf = new Map(); // version → its items' ids
let server;
let key;
before(async () => {
  const data = temporaryFolder();
  key = await makeKey(data, 'tests', 'admin');
  server = await startServer({ data });
  for (const model of [modelBytes, second, third]) {
    const page = await Recommender.open(model, { store: memoryStore() });
    itemsOf.set(page.modelInfo.fingerprint, new Set(page.catalogue.map(({ id }) => id)));
    await page.close();
  }
});
after(() => server?.stop());

test('versions change 30 times under load', async () => {
  const [{ name }] = (await server.get('/v1/models')).json.models;
  const admin = `/v1/admin/models/${encodeURIComponent(name)}`;
  const versions = [...itemsOf.keys()];
  const ids = [...itemsOf.get(versions[0])];
  for (const model of [second, third]) assert.ok((await server.put(admin, model, { key })).status < 300);

  let isDone = false;
  let answered = 0;
  const seen = new Set();
  const client = async (number) => {
    const user = `user ${number % 40}`;
    for (let round = 0; !isDone; ++round) {
      const item = ids[(number * 31 + round * 7) % 500];
      const added = await server.post('/v1/events', { user, id: item });
      assert.equal(added.status, 200, JSON.stringify(added.json));
      const { status, json } = await server.post('/v1/recommend', {
        user,
        k: 50,
        ...(round % 3 === 0 ? { events: [item] } : {}),
      });
      assert.equal(status, 200, JSON.stringify(json));
      const known = itemsOf.get(json.model.version);
      assert.ok(known, json.model.version);
      seen.add(json.model.version);
      assert.equal(json.recommendations.length, 50);
      for (const { id } of json.recommendations) assert.ok(known.has(id), `${id} is not of ${json.model.version}`);
      ++answered;
    }
  };
  const clients = Array.from({ length: 150 }, (_, number) => client(number));
  const changes = (async () => {
    for (let change = 0; change < 30; ++change) {
      const version = versions[(change + 1) % versions.length];
      const { status, json } =
        change % 5 === 4
          ? await server.post(`${admin}/rollback`, undefined, { key })
          : await server.post(`${admin}/current`, { version }, { key });
      assert.equal(status, 200, JSON.stringify(json));
      const before = answered;
      while (answered < before + 25) await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })().finally(() => (isDone = true));
  await Promise.all([
    changes,
    ...clients.map((running) => running.catch((error) => (isDone = true) && Promise.reject(error))),
  ]);
  assert.equal(seen.size, 3);
});
