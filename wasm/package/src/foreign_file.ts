// Files that are not what was asked for, told by their first bytes. Servers answer with a page where a file is missing,
// and tools leave their own files in the place of large ones.
import { SottoError } from './errors.js';

const modelFileName = 'a safetensors file';

const beginnings: readonly [beginning: string, name: string][] = [
  ['\x1f\x8b', 'a gzip file that was sent without “Content-Encoding: gzip”'],
  ['PK\x03\x04', 'a zip archive'],
  ['\0asm', 'a WebAssembly module'],
  ['version https://git-lfs', 'a pointer of Git LFS, which “git lfs pull” replaces by the file'],
];

/** What a file with these bytes is; undefined where that cannot be told. */
export function nameOfFile(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  if (start === '') return 'empty';
  const known = beginnings.find(([beginning]) => start.startsWith(beginning))?.[1];
  if (known !== undefined) return known;
  if (start[8] === '{') return modelFileName; // behind the 8 bytes of the header's size
  if (/^(\xef\xbb\xbf)?\s*</.test(start)) return 'a web page';
  return /^\s*[[{"]/.test(start) ? 'JSON' : undefined;
}

/** Refuses what cannot be a model file, by its name; the core judges the rest. */
export function refuseForeignFile(bytes: Uint8Array, origin: string): void {
  const name = nameOfFile(bytes);
  if (name === undefined) return;
  throw new SottoError('malformed', `What came from ${origin} is ${name}, not a Sotto model: check the address.`);
}
