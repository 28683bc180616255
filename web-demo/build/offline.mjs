// Writes the service worker beside the built page, with the list of all its files and a version made from their contents.
import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

const workerName = 'offline.js';

export function offline() {
  let folder;
  return {
    name: 'offline',
    apply: 'build',
    configResolved({ root, build }) {
      folder = join(root, build.outDir);
    },
    // After everything else has been written.
    closeBundle: { order: 'post', sequential: true, handler: () => writeWorker(folder) },
  };
}

export async function writeWorker(folder) {
  const files = await filesOf(folder);
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(await readFile(join(folder, file)));
  const kept = { version: hash.digest('hex').slice(0, 16), files };
  const worker = await readFile(new URL('offline_worker.js', import.meta.url), 'utf8');
  await writeFile(join(folder, workerName), `const kept = ${JSON.stringify(kept)};\n${worker}`);
}

async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      relative(folder, join(entry.parentPath ?? entry.path, entry.name))
        .split(sep)
        .join('/'),
    )
    .filter((file) => file !== workerName && file !== 'preview.png')
    .sort();
}
