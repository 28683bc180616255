// Bytes by what they are. They may come from another realm (a frame, a vm context, a test's environment), whose classes
// are others, and may lie in memory that workers share.
import { refused, tagOf } from './arguments.js';

/** The bytes of a buffer or of a view on one; undefined for everything else. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  let bytes: Uint8Array;
  if (ArrayBuffer.isView(value)) bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  else if (/^(Shared)?ArrayBuffer$/.test(tagOf(value))) bytes = new Uint8Array(value as ArrayBuffer);
  else return undefined;
  // What decodes text or compiles does not take shared memory, which may change meanwhile.
  return tagOf(bytes.buffer) === 'SharedArrayBuffer' ? bytes.slice() : bytes;
}

/** The bytes of a state that a method was given. */
export function stateBytes(value: unknown, call: string): Uint8Array {
  const bytes = bytesOf(value);
  if (bytes === undefined) throw refused(`${call}(bytes)`, 'the bytes that exportState returned', value);
  return bytes;
}

export function isModule(value: unknown): value is WebAssembly.Module {
  return tagOf(value) === 'WebAssembly.Module';
}

export function isResponse(value: unknown): value is Response {
  return tagOf(value) === 'Response';
}

export function isBlob(value: unknown): value is Blob {
  return /^(Blob|File)$/.test(tagOf(value));
}
