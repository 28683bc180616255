// What an engine does at a start, done with a small model while the page's own is on its way. Browsers compile a function of a
// WebAssembly module when it is first called: what was called here is ready when the model arrives.
import type { Engine } from './engine.js';

/**
 * Rehearses in short steps, and ends early once `isOver`.
 *
 * @param open makes an engine of the bytes of a model file
 */
export async function rehearse(open: (model: Uint8Array) => Promise<Engine>, isOver: () => boolean): Promise<void> {
  if (isOver()) return;
  const engine = await open(smallModel());
  const time = 0;
  const visit = [
    () => engine.popular(items),
    () => engine.recommend(time, items),
    () => engine.feedback(0, 0, 0, time),
    () => engine.recommend(time, items),
    () => engine.importState(engine.exportState()),
  ];
  for (const step of visit) {
    await new Promise((resolve) => setTimeout(resolve)); // the page has its turn
    if (isOver()) break;
    step();
  }
  engine.close();
}

const items = 2;

/** Those of a model of one unit with every term (docs/format.md), the wider types first. */
const tensors: readonly (readonly [name: string, type: keyof typeof widths, shape: readonly number[]])[] = [
  ['embedding.multiplier', 'I32', [items]],
  ['lstm.0.input.multiplier', 'I32', [4]],
  ['lstm.0.hidden.multiplier', 'I32', [4]],
  ['lstm.0.bias', 'I32', [4]],
  ['skip.multiplier', 'I32', [1]],
  ['head.multiplier', 'I32', [items]],
  ['head.bias', 'I32', [items]],
  ['history.age', 'I32', [20]],
  ['history.count', 'I32', [5]],
  ['history.follow', 'I32', [1]],
  ['counts.multiplier', 'I32', [items]],
  ['counts.decay', 'I32', [16]],
  ['counts.curve', 'I32', [30]],
  ['memory.temperature', 'I32', [1]],
  ['memory.weight', 'I32', [308]],
  ['memory.recent', 'I32', [3]],
  ['counts.begin', 'U32', [items + 1]],
  ['counts.neighbour', 'U16', [items]],
  ['embedding.weight', 'I8', [items, 1]],
  ['lstm.0.input.weight', 'I8', [4, 1]],
  ['lstm.0.hidden.weight', 'I8', [4, 1]],
  ['skip.weight', 'I8', [1, 1]],
  ['counts.weight', 'U8', [items]],
  ['memory.direction', 'I8', [1, 1]],
];
/** Bytes. */
const widths = { I32: 4, U32: 4, U16: 2, I8: 1, U8: 1 };

const catalogue = '{"item_id":["0","1"]}';
const spec = {
  architecture: {
    kind: 'embedding-lstm-head',
    items,
    embedding_dim: 1,
    hidden_dim: 1,
    layers: 1,
    tied_head: true,
    skip_connection: true,
    history_term: true,
    count_expert: true,
    head: 'softmax',
    gate_order: 'ifgo',
    memory_term: true,
  },
  numbers: { format: 'fixed', hidden_multiplier: [1], cell_fraction_bits: [15], head_bits: 8 },
};

/** A model file without a meaning, whose numbers are all within what opening checks. */
function smallModel(): Uint8Array {
  const parts = [...tensors, ['catalogue', 'U8', [catalogue.length]] as const].map(([name, type, shape]) => {
    const length = shape.reduce((product, extent) => product * extent);
    return { name, type, shape, length };
  });
  let size = 0;
  const places = parts.map(({ name, type, shape, length }) => {
    const begin = size;
    size += length * widths[type];
    return [name, { dtype: type, shape, data_offsets: [begin, size] }];
  });
  const metadata = { format: 'sotto', format_version: '4', sotto: JSON.stringify(spec) };
  const header = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(places) });
  const start = 64 * Math.ceil((8 + header.length) / 64);

  const bytes = new Uint8Array(start + size).fill(' '.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, start - 8, true);
  view.setUint32(4, 0, true);
  new TextEncoder().encodeInto(header, bytes.subarray(8));
  let at = start;
  for (const { name, type, length } of parts) {
    for (let place = 0; place < length; ++place, at += widths[type]) {
      if (name === 'counts.begin') view.setUint32(at, place, true);
      else if (name === 'catalogue') view.setUint8(at, catalogue.charCodeAt(place));
      else if (type === 'I32') view.setInt32(at, 1024, true);
      else if (type === 'U16') view.setUint16(at, 1, true);
      else view.setUint8(at, 1);
    }
  }
  return bytes;
}
