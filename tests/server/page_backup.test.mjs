// A page's state moves to another device through the real server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Recommender, memoryStore } from 'sotto';
import { assertError, modelBytes, startServer } from './server.mjs';

let server;
const pages = [];
const openPage = async () => {
  pages.push(await Recommender.open(modelBytes, { store: memoryStore() }));
  return pages.at(-1);
};
before(async () => {
  server = await startServer();
});
after(async () => {
  await server?.stop();
  await Promise.all(pages.map((page) => page.close()));
});

test('a backup goes to another device, is replaced, and is removed', async () => {
  const [phone, laptop] = [await openPage(), await openPage()];
  for (const { id } of phone.catalogue.slice(2, 20)) phone.observe(id);
  const code = await phone.backup(server.url);
  await laptop.restore(server.url, code);
  assert.deepEqual(laptop.exportState(), phone.exportState());

  phone.observe(phone.catalogue[30].id);
  assert.equal(await phone.backup(server.url, { code }), code);
  await laptop.restore(server.url, code, { merge: false });
  assert.deepEqual(laptop.exportState(), phone.exportState());

  await phone.forgetBackup(server.url, code);
  await assert.rejects(laptop.restore(server.url, code), { code: 'backup_not_found' });
  await phone.forgetBackup(server.url, code);
});

test('a backup outlives a kill of the server', async () => {
  const [phone, laptop] = [await openPage(), await openPage()];
  for (const { id } of phone.catalogue.slice(2, 20)) phone.observe(id);
  const code = await phone.backup(server.url);
  const { data, port } = server;
  await server.kill();
  server = await startServer({ data, port });
  await laptop.restore(server.url, code);
  assert.deepEqual(laptop.exportState(), phone.exportState());
});

test('ids, owners and lengths that are wrong are refused', async () => {
  const id = 'A'.repeat(43);
  const path = `/v1/backups/${id}`;
  const owner = { 'X-Backup-Owner': 'B'.repeat(43) };
  const bytes = new Uint8Array(100).fill(7);
  assertError(await server.get(path), 404, 'unknown_backup');
  assertError(await server.put(path, bytes), 401, 'owner_needed');
  assertError(await server.put(path, bytes, { headers: { 'X-Backup-Owner': 'short' } }), 401, 'owner_needed');
  assert.equal((await server.put(path, bytes, { headers: owner })).status, 204);
  assert.deepEqual((await server.get(path)).bytes, bytes);
  const stranger = { 'X-Backup-Owner': `${'C'.repeat(42)}A` };
  assertError(await server.put(path, bytes, { headers: stranger }), 403, 'other_owner');
  assertError(await server.delete(path, { headers: stranger }), 404, 'unknown_backup');
  assertError(await server.delete(path), 401, 'owner_needed');
  assertError(await server.put(path, new Uint8Array(256 * 1024 + 1), { headers: owner }), 413, 'body_too_large');
  assert.equal((await server.put(path, new Uint8Array(256 * 1024), { headers: owner })).status, 204);
  assertError(await server.put(path, new Uint8Array(), { headers: owner }), 400, 'empty_backup');
  assert.equal((await server.delete(path, { headers: owner })).status, 204);
  for (const bad of ['A', 'A'.repeat(44), `${'A'.repeat(42)}+`, '..%2f..%2fetc', `${'A'.repeat(42)}%00`]) {
    const { status } = await server.get(`/v1/backups/${bad}`);
    assert.equal(status, 400, bad);
  }
});
