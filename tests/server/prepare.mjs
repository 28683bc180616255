// Runs before the tests: forgets which answers earlier tests have seen, and lets a server prepare the encodings of the shipped model once, which takes seconds of each
// server's processor time otherwise. The tests of models do it again.
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { answersFolder } from './contract.mjs';
import { preparedModels, startServer } from './server.mjs';

rmSync(answersFolder, { recursive: true, force: true });
rmSync(preparedModels, { recursive: true, force: true });
const server = await startServer();
const [{ name }] = (await server.get('/v1/models')).json.models;
for (const coding of ['br', 'zstd']) {
  const headers = { 'Accept-Encoding': coding };
  const encoding = async () =>
    (await fetch(`${server.url}/v1/models/${name}/current`, { method: 'HEAD', headers })).headers.get(
      'content-encoding',
    );
  while ((await encoding()) === null) await new Promise((resolve) => setTimeout(resolve, 20));
}
await server.stop();
mkdirSync(preparedModels, { recursive: true });
cpSync(join(server.data, 'models'), preparedModels, { recursive: true });
