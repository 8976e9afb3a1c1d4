// The two Merkle trees: of the state, and of a label series.

import { ascii, equal, sha256 } from "#bytes";
import { ProofError } from "#errors";

const LEAF = ascii("JMT::LeafNode");
const INNER = ascii("JMT::IntrnalNode");

const bit = (hash, depth) => (hash[depth >> 3] >> (7 - (depth & 7))) & 1;

/** The root of the state above a bundle's records. */
export async function stateRoot({ records, siblings }) {
  const rest = siblings.values();
  const root = await node(records, 0, rest);
  if (!rest.next().done) throw new ProofError("Malformed", "surplus hashes");
  return root;
}

async function node(records, depth, rest) {
  if (records.length === 0) {
    const { value, done } = rest.next();
    if (done) throw new ProofError("Malformed", "too few hashes");
    return value;
  }
  if (records.length === 1 && records[0].depth === depth) {
    return sha256(LEAF, records[0].keyHash, records[0].valueHash);
  }
  if (!records.every((record) => record.depth > depth)) {
    throw new ProofError("Malformed", "depths of values");
  }
  const left = await node(records.filter((it) => bit(it.keyHash, depth) === 0), depth + 1, rest);
  const right = await node(records.filter((it) => bit(it.keyHash, depth) === 1), depth + 1, rest);
  return sha256(INNER, left, right);
}

/** Whether a leaf is at its place in the tree of a series: RFC 9162 §2.1.3.2. */
export async function isInSeries(root, count, { index, leaf, path }) {
  if (index >= count) return false;
  let at = index;
  let last = count - 1;
  let hash = await sha256([0], leaf);
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = await sha256([1], sibling, hash);
      // A last node on the left goes up unchanged until it is on the right.
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = await sha256([1], hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(hash, root);
}
