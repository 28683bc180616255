// A record as bytes, for what must see it as bytes: JSON in UTF-8, and behind it the contents of its byte arrays.
//
//   4 bytes  size of the JSON, little-endian
//   n bytes  the JSON; null, booleans, strings, arrays and most numbers are themselves, everything else is an object
//            of one field: {"fields": {…}}, {"bytes": SIZE}, {"number": "NaN"} or {"undefined": true}
//   the rest the byte arrays, in the order of the JSON
import { tagOf } from './arguments.js';
import { SottoError } from './errors.js';

type Json = null | boolean | number | string | Json[] | { [field: string]: Json };

/**
 * @throws SottoError `invalid_argument` when the record holds anything but null, undefined, booleans, numbers, strings,
 *   `Uint8Array`s, arrays and plain objects
 */
export function recordToBytes(record: unknown): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const json = new TextEncoder().encode(JSON.stringify(toJson(record, parts)));
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 4 + json.length));
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  let place = 4;
  for (const part of [json, ...parts]) {
    bytes.set(part, place);
    place += part.length;
  }
  return bytes;
}

/** @throws SottoError `malformed` when the bytes are not those of a record */
export function recordFromBytes(bytes: Uint8Array): unknown {
  try {
    const end = 4 + new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    const json: Json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, end)));
    let place = end;
    const take = (size: number) => {
      if (!(size >= 0 && place + size <= bytes.length)) throw new RangeError('a byte array is cut off');
      return bytes.slice(place, (place += size));
    };
    const record = fromJson(json, take);
    if (place !== bytes.length) throw new RangeError('there are bytes left over');
    return record;
  } catch (error) {
    throw new SottoError('malformed', 'These bytes are not those of a record.', error);
  }
}

function toJson(value: unknown, parts: Uint8Array[]): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (value === undefined) return { undefined: true };
  if (typeof value === 'number') {
    // JSON has neither these nor the sign of zero.
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { number: Object.is(value, -0) ? '-0' : String(value) };
  }
  if (isBytes(value)) {
    parts.push(value);
    return { bytes: value.length };
  }
  if (Array.isArray(value)) return Array.from(value, (element) => toJson(element, parts));
  if (isPlainObject(value)) {
    return { fields: Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toJson(field, parts)])) };
  }
  throw new SottoError(
    'invalid_argument',
    'A record is made of null, undefined, booleans, numbers, strings, Uint8Arrays, arrays and plain objects, ' +
      `not of ${Object.prototype.toString.call(value)}.`,
  );
}

function fromJson(json: Json, take: (size: number) => Uint8Array): unknown {
  if (json === null || typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map((element) => fromJson(element, take));
  const { fields, bytes, number } = json;
  if (typeof bytes === 'number') return take(bytes);
  if (typeof number === 'string') return Number(number);
  if (json.undefined === true) return undefined;
  if (typeof fields !== 'object' || fields === null) throw new TypeError('an object of no known kind');
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, fromJson(field, take)]));
}

const isBytes = (value: unknown): value is Uint8Array => tagOf(value) === 'Uint8Array';

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Of another frame, or of a structured clone there, the prototype is that frame's.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
