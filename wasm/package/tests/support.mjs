// The model that the tests use, and variants of it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const modelPath =
  process.env.SOTTO_TEST_MODEL ??
  fileURLToPath(new URL('../../../models/online-retail/model.safetensors', import.meta.url));

export const modelBytes = new Uint8Array(readFileSync(modelPath));

export const wasmPath = fileURLToPath(new URL('../dist/sotto-simd128.wasm', import.meta.url));

/** The model as another version of it: the same weights, the spec and the catalogue as `edit` leaves them. */
export function modelWith(edit) {
  const headerSize = Number(new DataView(modelBytes.buffer, modelBytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(modelBytes.subarray(8, 8 + headerSize)));
  const spec = JSON.parse(header.__metadata__.sotto);
  const [begin, end] = header.catalogue.data_offsets;
  const tensors = modelBytes.subarray(8 + headerSize);
  assert.equal(end, tensors.length, 'the catalogue is the last tensor');
  const catalogue = JSON.parse(new TextDecoder().decode(tensors.subarray(begin, end)));
  edit({ spec, catalogue });
  const catalogueText = new TextEncoder().encode(JSON.stringify(catalogue));
  header.__metadata__.sotto = JSON.stringify(spec);
  delete header.__metadata__.checksum; // of the file as it was; one without a checksum is read as well
  header.catalogue.data_offsets[1] = begin + catalogueText.length;
  header.catalogue.shape[0] = catalogueText.length;
  const text = new TextEncoder().encode(JSON.stringify(header));
  const paddedSize = Math.ceil((8 + text.length) / 64) * 64 - 8;
  const file = new Uint8Array(8 + paddedSize + begin + catalogueText.length).fill(0x20);
  new DataView(file.buffer).setBigUint64(0, BigInt(paddedSize), true);
  file.set(text, 8);
  file.set(tensors.subarray(0, begin), 8 + paddedSize);
  file.set(catalogueText, 8 + paddedSize + begin);
  return file;
}

/** For `modelWith`: another version of the model. */
export const otherVersion = ({ spec }) => (spec.attribution += ' Another version.');

/** For `modelWith`: a model of other items. */
export const otherIds = ({ catalogue }) => {
  catalogue.item_id = catalogue.item_id.map((id) => `other ${id}`);
};

/** The ids of items, or of events. */
export const ids = (items) => items.map(({ id }) => id);

/** Collects warnings instead of printing them. */
export function warnings() {
  const codes = [];
  const messages = [];
  const onWarning = ({ code, message }) => {
    codes.push(code);
    messages.push(message);
  };
  return { codes, messages, onWarning };
}

/** Where the default user's record is, for a model that states no lineage. */
export const recordKey = 'sotto::default';
export const setAsideKey = `${recordKey} (set aside)`;

/** The state that a store has for the default user: that of the version that wrote last. */
export const storedPart = async (store) => (await store.load(recordKey))?.parts[0];
