// The slot map, which says what item each slot of a report stands for, and the trend that belongs to it
// (docs/sync_protocol.md). src/sotto/sync/slot_map.cpp and trend_file.cpp write both.
import { SottoError } from '../errors.js';
import { Reader } from './reader.js';

const maxSlots = 65_536;
const format = 1;
const unitsPerNat = 1024;
const zeroProbability = -32_768;

function open(bytes: Uint8Array, what: string, magic: string): Reader {
  const from = new Reader(bytes, what);
  if (new TextDecoder().decode(from.take(magic.length)) !== magic) from.refuse('begins with other bytes');
  if (from.littleEndian(4) !== format) {
    throw new SottoError('unsupported_version', `${what} is of a format that this release does not read.`);
  }
  return from;
}

/**
 * Items have the index that the model's catalogue gives them. Slots have a number: 0 for "nothing, or an item without a
 * slot", then one for each item that training never saw, then for others.
 */
export class SlotMap {
  readonly count: number;
  /** How many items the catalogue has. */
  readonly catalogueItems: number;
  /** The items in the order of their slots, those that training never saw first. */
  readonly #items: readonly number[];
  readonly #untrained: number;

  /** Throws `truncated`, `malformed`, `unsupported_version`. */
  constructor(bytes: Uint8Array) {
    const from = open(bytes, 'The slot map', 'STSM');
    const number = () => from.littleEndian(4);
    this.count = number();
    this.catalogueItems = number();
    const [untrained, trained] = [number(), number()];
    const used = untrained + trained;
    if (this.count < 2 || this.count > maxSlots || used >= this.count) from.refuse(`has ${used} items`);
    this.#untrained = untrained;
    this.#items = [...this.#read(from, untrained), ...this.#read(from, trained)];
    if (new Set(this.#items).size !== used) from.refuse('has an item twice');
    if (!from.isAtEnd) from.refuse('has bytes beyond its end');
  }

  #read(from: Reader, count: number): number[] {
    let last = -1;
    return Array.from({ length: count }, () => {
      const item = from.littleEndian(4);
      if (item <= last || item >= this.catalogueItems) from.refuse(`has item ${item} after ${last}`);
      return (last = item);
    });
  }

  /** 0 for an item without a slot. */
  slotOf(item: number): number {
    return 1 + this.#items.indexOf(item);
  }

  /** The item of a slot, and whether its trend is a probability; undefined for a slot without an item. */
  itemOf(slot: number): { item: number; isProbability: boolean } | undefined {
    const item = this.#items[slot - 1];
    return item === undefined ? undefined : { item, isProbability: slot <= this.#untrained };
  }
}

/** What the trend says about one item. */
export interface TrendValue {
  readonly item: number;
  /** Whether the value is the logarithm of the item's probability, or of the ratio to what the model expects. */
  readonly isProbability: boolean;
  readonly nats: number;
}

/**
 * The trend of a slot map, without the values that say nothing.
 *
 * @param slotsHash the SHA-256 of the map
 * @throws SottoError as SlotMap, `mismatch` for a trend of another map, `out_of_range`
 */
export function readTrend(
  bytes: Uint8Array,
  slots: SlotMap,
  slotsHash: Uint8Array,
): { version: number; values: TrendValue[] } {
  const from = open(bytes, 'The trend', 'STTR');
  const version = from.littleEndian(8);
  if (from.take(8).join() !== slotsHash.slice(0, 8).join() || from.littleEndian(4) !== slots.count) {
    throw new SottoError('mismatch', 'The trend belongs to another slot map.');
  }
  const values: TrendValue[] = [];
  for (let slot = 0; slot < slots.count; ++slot) {
    const value = (from.littleEndian(2) << 16) >> 16;
    const known = slots.itemOf(slot);
    const isLegal = known === undefined ? value === 0 : known.isProbability ? value <= 0 : value !== zeroProbability;
    if (!isLegal) throw new SottoError('out_of_range', `The trend has ${value} at slot ${slot}.`);
    if (known === undefined || value === (known.isProbability ? zeroProbability : 0)) continue;
    values.push({ ...known, nats: value / unitsPerNat });
  }
  if (!from.isAtEnd) from.refuse('has bytes beyond its end');
  return { version, values };
}
