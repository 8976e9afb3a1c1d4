// Signatures of validators, judged as the chain judges them.

import { equal, fromHex, hex } from "#bytes";

// Points of small order, in every encoding that decodes: with them one signature fits many
// messages. Browsers differ on them; here they are refused before any is asked.
const SMALL_ORDER = [
  "0x0100000000000000000000000000000000000000000000000000000000000000",
  "0x0100000000000000000000000000000000000000000000000000000000000080",
  "0xecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0xecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "0x0000000000000000000000000000000000000000000000000000000000000000",
  "0x0000000000000000000000000000000000000000000000000000000000000080",
  "0x26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "0x26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "0xc7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "0xc7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  "0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
  "0xeeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0xeeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
].map(fromHex);

const isSmallOrder = (point) => SMALL_ORDER.some((it) => equal(it, point));

// The field's prime and the group's order, little-endian.
const PRIME = fromHex("0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
const ORDER = fromHex("0xedd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

function isBelow(bytes, bound) {
  for (let i = 31; i >= 0; i--) {
    if (bytes[i] !== bound[i]) return bytes[i] < bound[i];
  }
  return false;
}

/** Whether a point's y is below the prime, its sign bit left aside. */
function isCanonical(point) {
  const y = Uint8Array.from(point);
  y[31] &= 0x7f;
  return isBelow(y, PRIME);
}

let library;

/** Whether the browser verifies Ed25519 itself. */
export async function isBuiltIn() {
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32).fill(1), "Ed25519", false, ["verify"]);
    return true;
  } catch (error) {
    // A browser that knows Ed25519 may still refuse the key.
    return error.name !== "NotSupportedError";
  }
}

async function byBrowser(signature, message, key) {
  try {
    const imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", imported, signature, message);
  } catch (error) {
    return false;
  }
}

const littleEndian = (bytes) => BigInt(`0x${hex(Uint8Array.from(bytes).reverse())}`);

// The library's own check multiplies both sides by the cofactor, by which keys with a part of small
// order pass that the chain refuses. Here R is what s·B − k·A is, byte for byte.
async function byLibrary(signature, message, key) {
  library ??= await import("#noble-ed25519");
  const { CURVE, Point, etc } = library;
  const [r, s] = [signature.subarray(0, 32), littleEndian(signature.subarray(32))];
  try {
    const k = littleEndian(await etc.sha512Async(r, key, message)) % CURVE.n;
    const minusKA = Point.fromHex(key).negate().multiply(k, false);
    return equal(Point.BASE.multiply(s, false).add(minusKA).toBytes(), r);
  } catch (error) {
    return false;
  }
}

/** Whether it is a signature of `key` on `message`. */
export async function verifySignature(signature, message, key) {
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  if (!isBelow(s, ORDER) || [r, key].some((it) => isSmallOrder(it) || !isCanonical(it))) {
    return false;
  }
  builtIn ??= await isBuiltIn();
  return builtIn ? byBrowser(signature, message, key) : byLibrary(signature, message, key);
}

let builtIn;

/** For tests: which of the two verifies. */
export function setBuiltIn(value) {
  builtIn = value;
}
