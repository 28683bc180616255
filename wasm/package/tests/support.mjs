// The model that the tests use, and variants of it.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const modelPath =
  process.env.SOTTO_TEST_MODEL ??
  fileURLToPath(new URL('../../../models/online-retail/model.safetensors', import.meta.url));

export const modelBytes = new Uint8Array(readFileSync(modelPath));

export const wasmPath = fileURLToPath(new URL('../dist/sotto-simd128.wasm', import.meta.url));

/** The model as another version of it: the same weights, the spec as `edit` leaves it. */
export function modelWithSpec(edit) {
  const headerSize = Number(new DataView(modelBytes.buffer, modelBytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(modelBytes.subarray(8, 8 + headerSize)));
  const spec = JSON.parse(header.__metadata__.sotto);
  edit(spec);
  header.__metadata__.sotto = JSON.stringify(spec);
  const text = new TextEncoder().encode(JSON.stringify(header));
  const paddedSize = Math.ceil((8 + text.length) / 64) * 64 - 8;
  const tensors = modelBytes.subarray(8 + headerSize);
  const file = new Uint8Array(8 + paddedSize + tensors.length).fill(0x20);
  new DataView(file.buffer).setBigUint64(0, BigInt(paddedSize), true);
  file.set(text, 8);
  file.set(tensors, 8 + paddedSize);
  return file;
}

/** Collects warnings instead of printing them. */
export function warnings() {
  const codes = [];
  return { codes, onWarning: (warning) => codes.push(warning.code) };
}
