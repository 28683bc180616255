// Files of Node's file system.
import { SottoError, interruptedError, reasonOf } from './errors.js';

interface FileSystem {
  readFile(path: string | URL, options: { signal?: AbortSignal }): Promise<Uint8Array>;
}

/** The bytes of the file at this path. */
export async function readFromDisk(path: string | URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
  // Asked for in ways that bundlers for browsers leave alone, and minifiers too; Node 18 has only the second.
  const name = ['node:fs', 'promises'].join('/');
  try {
    const fileSystem = (process?.getBuiltinModule?.(name) ??
      (await import(/* @vite-ignore */ /* webpackIgnore: true */ /* turbopackIgnore: true */ name))) as FileSystem;
    return await fileSystem.readFile(path, signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted) throw interruptedError(signal);
    throw new SottoError('io', `Could not read ${path} (${reasonOf(error)}): check the path.`, error);
  }
}
