// The records' proofs in the JSON form, read by an ICS-23 library of others.

import { calculateExistenceRoot, ics23, verifyMembership } from "@confio/ics23";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const golden = JSON.parse(
  readFileSync(new URL("../testdata/proof-v1.json", process.env.ECOLEDGER_WEB)),
);
const bytes = (text) => Uint8Array.from(Buffer.from(text.slice(2), "hex"));

const { HashOp, LengthOp } = ics23;
// As `jmt` specifies its proofs.
const spec = {
  leafSpec: {
    hash: HashOp.SHA256,
    prehashKey: HashOp.SHA256,
    prehashValue: HashOp.SHA256,
    length: LengthOp.NO_PREFIX,
    prefix: Buffer.from("JMT::LeafNode"),
  },
  innerSpec: {
    hash: HashOp.SHA256,
    childOrder: [0, 1],
    minPrefixLength: 16,
    maxPrefixLength: 16,
    childSize: 32,
    emptyChild: Buffer.from("SPARSE_MERKLE_PLACEHOLDER_HASH__"),
  },
};

/** The root in a header: behind its parent and its height, which takes two bytes here. */
function stateRoot(header) {
  const encoded = bytes(header);
  assert.equal(encoded[32] & 3, 1, "the height takes two bytes");
  return encoded.subarray(34, 66);
}

test("every record is proven to the state of the decided block", () => {
  const root = stateRoot(golden.json.steps.at(-1).header);
  assert.ok(golden.json.records.length > 5);
  for (const record of golden.json.records) {
    const proof = ics23.CommitmentProof.decode(bytes(record.proof));
    const [key, value] = [bytes(record.key), bytes(record.value)];
    assert.deepEqual(Uint8Array.from(calculateExistenceRoot(proof.exist)), root);
    assert.ok(verifyMembership(proof, spec, root, key, value), record.key);
    assert.ok(!verifyMembership(proof, spec, root, key, Uint8Array.of(...value, 0)));
    assert.ok(!verifyMembership(proof, spec, bytes(golden.json.genesis), key, value));
  }
});
