// Records of the chain's state, read by the layouts of the runtime.

import { equal, fromHex, hex, startsWith } from "#bytes";
import { ProofError } from "#errors";
import { PLACES, TYPES } from "#layouts";
import { read } from "#scale";

const places = new Map(
  PLACES.map(([name, prefix, keys, value]) => [name, { name, prefix: fromHex(prefix), keys, value }]),
);

const isExact = (value) => -Number.MAX_SAFE_INTEGER <= value && value <= Number.MAX_SAFE_INTEGER;
/** A number where it is exact, else a BigInt. */
const exact = (value) => (isExact(value) ? Number(value) : value);

const SIMPLE = {
  bool: (reader) => reader.boolean(),
  u8: (reader) => reader.u8(),
  u16: (reader) => reader.u16(),
  u32: (reader) => reader.u32(),
  u64: (reader) => exact(reader.u64()),
  u128: (reader) => exact(reader.u128()),
  i64: (reader) => exact(BigInt.asIntN(64, reader.u64())),
  i128: (reader) => exact(BigInt.asIntN(128, reader.u128())),
  compact: (reader) => exact(reader.compact()),
  bytes: (reader) => reader.bytes(),
};

/** A structure is an object, a variant its name or `{ name: fields }`, an absent option undefined. */
function decode(reader, layout) {
  if (typeof layout === "number") return decode(reader, TYPES[layout]);
  if (typeof layout === "string") return SIMPLE[layout](reader);
  const { bytes, option, list, length, tuple, fields, variants } = layout;
  if (bytes !== undefined) return reader.take(bytes);
  if (option !== undefined) return reader.option(() => decode(reader, option));
  if (list !== undefined) {
    const item = () => decode(reader, list);
    return length === undefined ? reader.list(item) : Array.from({ length }, item);
  }
  if (tuple !== undefined) return tuple.map((part) => decode(reader, part));
  if (fields !== undefined) {
    return Object.fromEntries(fields.map(([name, part]) => [name, decode(reader, part)]));
  }
  const index = reader.u8();
  const variant = variants.find(([it]) => it === index);
  if (!variant) throw new RangeError("no such variant");
  const [, name, part] = variant;
  return part === undefined ? name : { [name]: decode(reader, part) };
}

/** The name of a variant. */
export const nameOf = (variant) =>
  typeof variant === "string" ? variant : Object.keys(variant)[0];

/**
 * A value as the Rust client writes it in JSON: bytes as text where they are printable and do not
 * begin like digits, else as digits; integers that are not exact as text.
 */
export function toJson(value) {
  if (value === undefined) return null;
  if (typeof value === "bigint") return String(value);
  if (value instanceof Uint8Array) {
    const text = String.fromCharCode(...value);
    return /^(?!0x)[ -~]+$/.test(text) ? text : `0x${hex(value)}`;
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]));
}

/** A number as a part of a key. */
export function part(number) {
  return Uint8Array.of(number, number >>> 8, number >>> 16, number >>> 24);
}

// The hashes within keys are not computed: only the runtime writes keys, so that no other than the
// right ones are in the state.
function isKey(key, { prefix, keys }, parts) {
  if (!startsWith(key, prefix)) return false;
  let at = prefix.length;
  for (const [index, it] of parts.entries()) {
    at += keys[index][0];
    if (!equal(key.subarray(at, at + it.length), it)) return false;
    at += it.length;
  }
  return at === key.length;
}

function valueOf({ value }, { name, value: layout }) {
  try {
    return read(value, (reader) => decode(reader, layout));
  } catch (error) {
    throw new ProofError("RecordMalformed", name);
  }
}

/** The number of the only record of a place that is kept by number. */
export function onlyNumber(bundle, name) {
  const { prefix, keys } = places.get(name);
  const start = prefix.length + keys[0][0];
  const found = bundle.records.filter(
    ({ key }) => startsWith(key, prefix) && key.length === start + 4,
  );
  if (found.length !== 1) throw new ProofError("RecordMissing", name);
  return read(found[0].key.subarray(start), (reader) => reader.u32());
}

/** The record of a place with these parts of its key, if the bundle has it. */
export function find(bundle, name, ...parts) {
  const place = places.get(name);
  const record = bundle.records.find(({ key }) => isKey(key, place, parts));
  return record && valueOf(record, place);
}

/** The record of a place with these parts of its key. */
export function get(bundle, name, ...parts) {
  const record = find(bundle, name, ...parts);
  if (record === undefined) throw new ProofError("RecordMissing", name);
  return record;
}

/** All records of a bundle by name, such as `Compensation.Settlements[3,2026]`. */
export function named(bundle) {
  const found = new Map();
  for (const record of bundle.records) {
    const place = [...places.values()].find(({ prefix }) => startsWith(record.key, prefix));
    if (!place) continue;
    const parts = read(record.key.subarray(place.prefix.length), (reader) =>
      place.keys.map(([hash, layout]) => {
        reader.take(hash);
        return decode(reader, layout);
      }),
    );
    found.set(`${place.name}${JSON.stringify(toJson(parts))}`, valueOf(record, place));
  }
  return found;
}
