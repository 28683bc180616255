// A WebAssembly module from its bytes: where it is not compiled while it streams in.
import type { WholeFile } from './byte_source.js';
import { SottoError } from './errors.js';
import { nameOfFile } from './foreign_file.js';
import { notCompiled } from './module_errors.js';

/** Throws `wrong_module` for what is none. What went wrong is found out from the bytes, the same in every browser. */
export async function compileBytes(
  { bytes, origin }: WholeFile,
  mayCompile: () => boolean,
): Promise<WebAssembly.Module> {
  const isWasm = bytes[0] === 0x00 && bytes[1] === 0x61 && bytes[2] === 0x73 && bytes[3] === 0x6d;
  if (!isWasm) {
    throw new SottoError(
      'wrong_module',
      `What came from ${origin} is ${nameOfFile(bytes) ?? 'something else'}, not a WebAssembly module.`,
    );
  }
  try {
    return await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  } catch (error) {
    throw notCompiled(origin, error, mayCompile());
  }
}
