// kill -9 at random moments under load: no acknowledged event is lost, none counts twice.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run, startServer, temporaryFolder } from './server.mjs';
import { randomNumbers } from './shop.mjs';
import { chooseSeed, startVisitors } from './visitors.mjs';

test('50 kills under load', async (context) => {
  const seed = chooseSeed(context);
  const random = randomNumbers(seed);
  const data = temporaryFolder();
  const args = ['--snapshot-every', '8'];
  let server = await startServer({ data, args });
  const { port } = server;
  const visitors = await startVisitors({ seed, users: 12, addresses: [server.url] });
  try {
    for (let kill = 0; kill < 50; ++kill) {
      await visitors.more(5); // a kill that nothing was under way for would prove nothing
      await new Promise((resolve) => setTimeout(resolve, random() * 100));
      await server.kill();
      server = await startServer({ data, args, port });
    }
    await visitors.more(100);
    assert.ok((await visitors.finish()) > 0);
    await visitors.assertStates(server.url);
    assert.equal(await server.stop(), 0);
  } finally {
    visitors.stop();
    await server.kill();
  }
  const { code, stdout, stderr } = await run(['serve', '--data', data, '--check']);
  assert.equal(code, 0, stdout + stderr);
});
