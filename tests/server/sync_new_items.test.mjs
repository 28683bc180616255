// An item that training never saw: `sotto extend` puts it into the model's file, devices choose it, and the next trend has
// other devices recommend it, before anything is trained again.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { IDBFactory } from 'fake-indexeddb';
import { Recommender, memoryStore } from 'sotto';
import { follow, sync } from 'sotto/sync';
import { modelPath, run, temporaryFolder } from './server.mjs';
import { startPair } from './sync.mjs';

test('a new item is in the catalogue, gets reports, and is recommended by the next trend', async (context) => {
  const folder = temporaryFolder();
  const model = join(folder, 'extended.safetensors');
  const items = join(folder, 'items.csv');
  const counts = join(folder, 'counts.csv');
  writeFileSync(items, 'item_id,title,price\nFRESH1,Fresh teapot,3.50\n');
  const { code, stderr } = await run(['extend', '--model', modelPath, '--items', items, '--out', model]);
  assert.equal(code, 0, stderr);
  const bytes = new Uint8Array(readFileSync(model));
  const open = () => {
    globalThis.indexedDB = new IDBFactory();
    return Recommender.open(bytes, { store: memoryStore() });
  };
  const first = await open();
  const fresh = first.item('FRESH1');
  assert.equal(fresh.title, 'Fresh teapot');
  const known = first.catalogue.filter(({ id }) => id !== 'FRESH1').map(({ id }) => id);
  writeFileSync(counts, known.map((id) => `${id},10\n`).join(''));
  await first.close();

  const minBatch = 20;
  const pair = await startPair({
    minBatch,
    slots: 4096,
    noise: 0.001, // a device reports to no task without noise
    model,
    leaderArgs: ['--sync-counts', counts],
  });
  try {
    const options = {
      manifest: `${pair.endpoint}/v1/sync/manifest`,
      key: pair.pinnedKey('leader'),
      helper: { url: pair.helperUrl, key: pair.pinnedKey('helper') },
      consent: true,
      maxDelay: 0,
    };
    const real = crypto.getRandomValues.bind(crypto);
    context.mock.method(crypto, 'getRandomValues', (array) =>
      array instanceof Uint32Array ? array.fill(0xe0000000) : real(array),
    ); // chance never says "nothing"
    for (let n = 0; n < 2 * minBatch; ++n) {
      const device = await open();
      device.observe(n % 4 === 0 ? known[n] : 'FRESH1');
      assert.equal((await sync(device, options)).sent, true);
      await device.close();
    }
    // The rule has tested the first trend on the second batch, and found it good.
    const { releases } = await pair.released(2);
    assert.deepEqual(
      releases.map(({ prior }) => prior > 0),
      [true, false],
    );
    await new Promise((resolve) => setTimeout(resolve, 1100)); // the manifest is made once a second at most
    const newcomer = await open();
    const place = () => newcomer.recommend(newcomer.items).findIndex(({ id }) => id === 'FRESH1');
    const before = place();
    assert.deepEqual(await follow(newcomer, options), { version: 2, applied: true });
    context.diagnostic(`place ${before} before, ${place()} with the trend`);
    assert.ok(before > 100 && place() < 10);
    assert.equal(newcomer.why('FRESH1').trend?.text, 'wanted by many this week');
    await newcomer.close();
  } finally {
    await pair.kill();
  }
});
