// The bundle: everything that a proof needs, in its one canonical form.

import { ascii, compare, equal, sha256, startsWith } from "#bytes";
import { ProofError } from "#errors";
import { read } from "#scale";

export const EMPTY = ascii("SPARSE_MERKLE_PLACEHOLDER_HASH__");
const MAGIC = ascii("ECOP");
const VERSION = 1;
/** Longest bundle. */
export const BYTES_MAX = 256 * 1024;
const LIMITS = {
  steps: 64,
  sets: 64,
  validators: 100,
  header: 512,
  records: 256,
  key: 256,
  value: 65536,
  leaf: 64,
  path: 20,
};

const malformed = (what) => new ProofError("Malformed", what);

/** Reads the binary form. */
export async function readBundle(bytes) {
  if (bytes.length > BYTES_MAX) throw new ProofError("TooLong", bytes.length);
  if (!startsWith(bytes, MAGIC)) throw malformed("first bytes");
  if (bytes.length < 5) throw malformed("length");
  if (bytes[4] !== VERSION) throw new ProofError("Version", bytes[4]);
  let bundle;
  try {
    bundle = read(bytes.subarray(5), decode);
  } catch (error) {
    throw malformed("encoding");
  }
  await check(bundle);
  return bundle;
}

function decode(reader) {
  return {
    genesis: reader.hash(),
    steps: reader.list(() => ({
      header: reader.bytes(),
      round: reader.u32(),
      set: reader.u8(),
      precommits: reader.list(() => ({ validator: reader.u8(), signature: reader.take(64) })),
    })),
    sets: reader.list(() => reader.list(reader.hash)),
    records: reader.list(() => ({
      key: reader.bytes(),
      value: reader.bytes(),
      depth: reader.u8(),
    })),
    siblings: decodeSiblings(reader),
    item: reader.option(() => ({
      leaf: reader.bytes(),
      index: reader.u32(),
      path: reader.list(reader.hash),
    })),
  };
}

function decodeSiblings(reader) {
  const count = Number(reader.compact());
  if (count > LIMITS.records * 255) throw new RangeError("number of hashes");
  const bits = reader.take(Math.ceil(count / 8));
  const isThere = (index) => ((bits[index >> 3] >> (index & 7)) & 1) === 1;
  for (let index = count; index < bits.length * 8; index++) {
    if (isThere(index)) throw new RangeError("bits behind the last hash");
  }
  return Array.from({ length: count }, (_, index) => {
    if (!isThere(index)) return EMPTY;
    const hash = reader.hash();
    if (equal(hash, EMPTY)) throw new RangeError("hash of an empty subtree in full");
    return hash;
  });
}

const within = (number, max) => number >= 1 && number <= max;
const ascending = (list) => list.every((it, at) => at === 0 || compare(list[at - 1], it) < 0);

/** The bounds and orders that make the form the only one. */
async function check(bundle) {
  if (!within(bundle.steps.length, LIMITS.steps)) throw malformed("number of headers");
  if (!within(bundle.sets.length, LIMITS.sets)) throw malformed("number of validator sets");
  bundle.sets.forEach((set, at) => {
    const fits = within(set.length, LIMITS.validators) && ascending(set);
    if (!fits) throw malformed("validators of a set");
    const same = (other) => other.length === set.length && other.every((key, i) => equal(key, set[i]));
    if (bundle.sets.slice(0, at).some(same)) throw malformed("a validator set twice");
  });
  for (const step of bundle.steps) {
    const set = bundle.sets[step.set];
    if (!set) throw malformed("a validator set that is not there");
    if (step.header.length > LIMITS.header) throw malformed("length of a header");
    const signers = step.precommits.map((it) => it.validator);
    const fits = signers.every((it, at) => it < set.length && (at === 0 || signers[at - 1] < it));
    if (!fits) throw malformed("signers");
  }
  if (!within(bundle.records.length, LIMITS.records)) throw malformed("number of records");
  for (const record of bundle.records) {
    const fits = within(record.key.length, LIMITS.key) && within(record.value.length, LIMITS.value);
    if (!fits) throw malformed("length of a record");
    record.keyHash = await sha256(record.key);
    record.valueHash = await sha256(record.value);
  }
  if (!ascending(bundle.records.map((it) => it.keyHash))) throw malformed("order of records");
  const { item } = bundle;
  if (item && !(within(item.leaf.length, LIMITS.leaf) && item.path.length <= LIMITS.path)) {
    throw malformed("item");
  }
}
