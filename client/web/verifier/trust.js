// From a checkpoint to a block that the validators decided.

import { ascii, concat, equal, fromHex, hex, sha256 } from "#bytes";
import { verifySignature } from "#ed25519";
import { ProofError } from "#errors";
import { read } from "#scale";

const PRECOMMIT = ascii("ecoledger:pc:v1\0");
const ENGINE = ascii("BFTC");
const DAY_MS = 24 * 3600 * 1000;

/** The usual bounds, in milliseconds. */
export const BOUNDS = { ageMaxMs: DAY_MS, trustingPeriodMs: 183 * DAY_MS, skewMs: 30_000 };

/** The hash by which headers announce a set. */
export function setHash(keys) {
  const count = keys.length < 64 ? [keys.length << 2] : [((keys.length & 63) << 2) | 1, keys.length >> 6];
  return sha256(count, ...keys);
}

function readHeader(bytes) {
  return read(bytes, (reader) => {
    reader.hash();
    const height = Number(reader.compact());
    const stateRoot = reader.hash();
    reader.hash();
    const items = reader.list(() => [reader.u8(), reader.take(4), reader.bytes()]);
    if (items.length !== 2) throw new RangeError("digest");
    const [before, after] = items;
    const fits = (item, kind, length) =>
      item[0] === kind && equal(item[1], ENGINE) && item[2].length === length;
    if (!fits(before, 6, 40) || !fits(after, 4, 64)) throw new RangeError("digest");
    return {
      height,
      stateRoot,
      timeMs: Number(read(before[2].subarray(0, 8), (it) => it.u64())),
      next: after[2].subarray(0, 32),
      afterNext: after[2].subarray(32),
    };
  });
}

function bigEndian(value, length) {
  const bytes = new Uint8Array(length);
  for (let i = length - 1; i >= 0; i--, value = Math.floor(value / 256)) bytes[i] = value % 256;
  return bytes;
}

async function headersOf(bundle) {
  const headers = [];
  for (const [index, step] of bundle.steps.entries()) {
    let header;
    try {
      header = readHeader(step.header);
      if (header.height >= 2 ** 32) throw new RangeError("height");
    } catch (error) {
      throw new ProofError("HeaderMalformed", index);
    }
    if (headers.length > 0 && headers.at(-1).height >= header.height) {
      throw new ProofError("BrokenTrust");
    }
    headers.push({ ...header, step, value: await sha256(step.header) });
  }
  return headers;
}

/** The keys that signed, each signature verified. */
async function signersOf(genesis, header, set) {
  const { step, height, value } = header;
  const message = concat(PRECOMMIT, genesis, bigEndian(height, 8), bigEndian(step.round, 4), value);
  const signers = [];
  for (const { validator, signature } of step.precommits) {
    if (!(await verifySignature(signature, message, set[validator]))) {
      throw new ProofError("BadSignature", height);
    }
    signers.push(set[validator]);
  }
  return signers;
}

/**
 * Follows a bundle's headers from the checkpoint to its last, which is proven to be decided.
 *
 * @param bundle as `readBundle` gives it
 * @param checkpoint as `ecoledger proof checkpoint` writes it
 * @param bounds `nowMs`, `ageMaxMs`, `trustingPeriodMs`, `skewMs`
 */
export async function follow(bundle, checkpoint, bounds) {
  if (!equal(bundle.genesis, fromHex(checkpoint.genesis))) {
    throw new ProofError("WrongChain", `0x${hex(bundle.genesis)}`);
  }
  const known = [checkpoint.next, checkpoint.afterNext].map((keys) => keys.map(fromHex));
  const sets = new Map();
  for (const set of [...bundle.sets, ...known]) sets.set(hex(await setHash(set)), set);
  let trusted = {
    height: checkpoint.height,
    timeMs: checkpoint.timeMs,
    next: await setHash(known[0]),
    afterNext: await setHash(known[1]),
  };
  const headers = await headersOf(bundle);
  const last = headers.at(-1);
  if (last.height <= checkpoint.height) throw new ProofError("BeforeCheckpoint", last.height);
  let endorsed;
  for (const header of headers.filter((it) => it.height > checkpoint.height)) {
    const { height, step } = header;
    const set = bundle.sets[step.set];
    if (trusted.timeMs + bounds.trustingPeriodMs <= bounds.nowMs) {
      throw new ProofError("CheckpointExpired", new Date(trusted.timeMs).toISOString());
    }
    let announced;
    if (endorsed) {
      if (height !== endorsed.height + 1) throw new ProofError("BrokenTrust");
      announced = endorsed.next;
      endorsed = undefined;
    } else if (height === trusted.height + 1) {
      announced = trusted.next;
    } else if (height === trusted.height + 2) {
      announced = trusted.afterNext;
    } else {
      const signers = await signersOf(bundle.genesis, header, set);
      const trustedSet = sets.get(hex(trusted.afterNext));
      if (!trustedSet) throw new ProofError("WrongValidators", height);
      const count = signers.filter((key) => trustedSet.some((it) => equal(it, key))).length;
      if (count * 3 <= trustedSet.length) throw new ProofError("NotEndorsed", height);
      endorsed = header;
      continue;
    }
    if (!equal(await setHash(set), announced)) throw new ProofError("WrongValidators", height);
    const signers = await signersOf(bundle.genesis, header, set);
    if (signers.length * 3 <= set.length * 2) throw new ProofError("NoQuorum", height);
    trusted = header;
  }
  if (endorsed) throw new ProofError("BrokenTrust");
  const time = new Date(trusted.timeMs).toISOString();
  if (trusted.timeMs > bounds.nowMs + bounds.skewMs) throw new ProofError("FromFuture", time);
  if (trusted.timeMs + bounds.ageMaxMs < bounds.nowMs) throw new ProofError("Stale", time);
  return trusted;
}
