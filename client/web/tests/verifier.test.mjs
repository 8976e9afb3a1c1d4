// The modules of the verifier against what the Rust verifier found.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL(process.env.ECOLEDGER_VERIFIER);
const { scan, against, STEPS } = await import(new URL("scan.js", folder));
const { setBuiltIn, verifySignature } = await import(new URL("ed25519.js", folder));
const { BOUNDS } = await import(new URL("trust.js", folder));
const { fromHex, text } = await import(new URL("bytes.js", folder));
const { isCodeOf } = await import(new URL("code.js", folder));
const { TEXTS } = await import(new URL("texts.js", folder));

const golden = JSON.parse(readFileSync(new URL("../testdata/proof-v1.json", process.env.ECOLEDGER_WEB)));
const bytes = fromHex(golden.binary);
const bounds = { ...BOUNDS, nowMs: golden.now };
const verdict = async (changed, within = bounds, from = golden.checkpoint) => {
  try {
    await scan(changed, from, within);
    return "passes";
  } catch (error) {
    return error.name;
  }
};

for (const [who, builtIn] of [["the browser", true], ["the library", false]]) {
  test(`with signatures verified by ${who}`, async () => {
    setBuiltIn(builtIn);
    const steps = [];
    const found = await scan(bytes, golden.checkpoint, bounds, (step) => steps.push(step));
    assert.deepEqual(steps, STEPS);
    const expected = golden.scan;
    for (const name of ["height", "code", "series", "gtin", "lot", "producer", "recall"]) {
      assert.equal(found[name], expected[name], name);
    }
    assert.equal(found.timeMs, expected.time);
    assert.equal(found.producedAt, expected.producedAt);
    assert.deepEqual([...found.names], expected.names);
    assert.equal(found.certificates[0].number, expected.certificates[0].number);
    assert.equal(found.certificates[0].now, expected.certificates[0].now);
    assert.equal(found.certificates[0].whenMade, expected.certificates[0].whenMade);
    assert.equal(found.licence.isInForce, expected.licence.isInForce);
    assert.equal(found.origins[0].region, expected.origins[0].region);
    assert.deepEqual(against(found), []);
  });
}

test("what stands against an item is what stands against it in Rust, and each has its words", async () => {
  setBuiltIn(true);
  const named = new Set();
  for (const { name, binary, against: expected } of golden.others) {
    const found = await scan(fromHex(binary), golden.checkpoint, bounds);
    assert.deepEqual(against(found), expected, name);
    assert.ok(expected.length > 0, name);
    for (const objection of expected) named.add(objection);
  }
  for (const texts of Object.values(TEXTS)) {
    assert.deepEqual(Object.keys(texts.against).sort(), [...named].sort());
  }
  const found = await scan(bytes, golden.checkpoint, bounds);
  const mark = (life) => against({ ...found, mark: { life, at: found.timeMs } });
  assert.deepEqual(["Sold", "Returned", "Destroyed"].map(mark), [[], [], ["itemDestroyed"]]);
  const certificate = (now, isOnLabel) =>
    against({ ...found, certificates: [{ ...found.certificates[0], now, isOnLabel }] }).length === 0;
  const statuses = ["Valid", "Suspended", "Revoked", "Cancelled", "Expired", undefined];
  const verdicts = (isOnLabel) => statuses.map((now) => certificate(now, isOnLabel));
  assert.deepEqual(verdicts(true), [true, false, false, false, false, false]);
  assert.deepEqual(verdicts(false), [true, false, false, true, true, true]);
});

test("labels are held to the item as the gateway does it", () => {
  const labels = JSON.parse(
    readFileSync(new URL("../testdata/labels.json", process.env.ECOLEDGER_WEB)),
  );
  const item = { gtin: "09506000200033", lot: "R-1", code: "S102-0777", isSerial: true };
  const organic = { ...item, code: "13426123456789012", isSerial: false };
  for (const [label, isOf] of labels.serial) assert.equal(isCodeOf(label, item), isOf, label);
  for (const [label, isOf] of labels.organic) assert.equal(isCodeOf(label, organic), isOf, label);
  // Digits alone are no serial number, and a serial number is no organic code.
  assert.ok(!isCodeOf("13426123456789012", { ...organic, isSerial: true }));
  assert.ok(!isCodeOf("(01)09506000200033(21)13426123456789012", organic));
});

test("texts are read as Rust reads them", () => {
  assert.equal(text(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41)), "\ufeffA");
  assert.throws(() => text(Uint8Array.of(0xff)));
});

test("every tampering has the verdict that Rust gives it", async () => {
  setBuiltIn(true);
  for (const [at, name] of golden.verdicts) {
    const changed = Uint8Array.from(bytes);
    changed[at] ^= 1;
    assert.equal(await verdict(changed), name, `byte ${at}`);
  }
});

test("open recalls reach what they reach in Rust", async () => {
  setBuiltIn(true);
  const verdicts = new Set();
  for (const { name, binary, recall } of golden.open) {
    const found = await scan(fromHex(binary), golden.checkpoint, bounds);
    assert.equal(found.recall, recall, name);
    assert.equal(against(found).length === 0, recall === "clear", name);
    verdicts.add(found.recall);
  }
  assert.deepEqual([...verdicts].sort(), ["beingAssessed", "clear"]);
  const [{ binary }] = golden.open;
  for (const [at, name] of golden.openVerdicts) {
    const changed = fromHex(binary);
    changed[at] ^= 1;
    assert.equal(await verdict(changed), name, `byte ${at}`);
  }
});

test("a header with a third digest item is not read", async () => {
  setBuiltIn(true);
  // The two items stand behind their number; a third, of no bytes, is put behind them.
  const binary = golden.binary.slice(2);
  const items = "080642465443";
  assert.equal(binary.split(items).length, 3);
  const header = golden.json.steps[0].header.slice(2);
  const longer = `${header.replace(items, "0c0642465443")}064246544300`;
  const compact = (bytes) => {
    const value = (bytes << 2) | 1;
    return Buffer.from([value & 0xff, value >> 8]).toString("hex");
  };
  const [before, behind] = [header, longer].map((it) => compact(it.length / 2) + it);
  assert.ok(binary.includes(before));
  const changed = fromHex(`0x${binary.replace(before, behind)}`);
  assert.equal(await verdict(changed), "HeaderMalformed");
});

test("no third byte may change, and none be missing", async () => {
  for (let at = 0; at < bytes.length; at += 3) {
    const changed = Uint8Array.from(bytes);
    changed[at] ^= 0x80;
    assert.notEqual(await verdict(changed), "passes", `byte ${at}`);
  }
  for (let length = 0; length < bytes.length; length += 5) {
    assert.equal(await verdict(bytes.subarray(0, length)), "Malformed", `cut at ${length}`);
  }
  assert.equal(await verdict(Uint8Array.of(...bytes, 0)), "Malformed");
});

test("bounds are kept", async () => {
  const time = golden.scan.time;
  const at = (nowMs) => verdict(bytes, { ...BOUNDS, nowMs });
  assert.equal(await at(time - BOUNDS.skewMs), "passes");
  assert.equal(await at(time - BOUNDS.skewMs - 1), "FromFuture");
  assert.equal(await at(time + BOUNDS.ageMaxMs), "passes");
  assert.equal(await at(time + BOUNDS.ageMaxMs + 1), "Stale");
  const { checkpoint } = golden;
  assert.equal(await at(checkpoint.timeMs + BOUNDS.trustingPeriodMs), "CheckpointExpired");
  const from = (change) => verdict(bytes, bounds, { ...checkpoint, ...change });
  assert.equal(await from({ genesis: `0x${"08".repeat(32)}` }), "WrongChain");
  assert.equal(await from({ height: 1000 }), "BeforeCheckpoint");
  const stranger = [`0x${"05".repeat(32)}`];
  assert.equal(await from({ next: stranger, afterNext: stranger }), "NotEndorsed");
  assert.equal(await from({ height: 999, next: stranger }), "WrongValidators");
});

// R = r·B and A = a·B + T, where T has order 8, and s = r + k·a: the equation holds only if both sides
// are multiplied by the cofactor. The chain refuses it, and so does each of the two here.
const cofactored = [
  "0xedc876d6831fd2105d0b4389ca2e283166469289146e2ce06faefe98b22548df2fbfaae57e1c3db345e8865936206d75a6ff21b93a2efa7cbed62fb69be3c201",
  "0x00",
  "0x528b312e93bc0c3705c89c20dcd85600e229ad3d6872b1c656d3873fbe62e6e2",
];
test("no cofactor is multiplied by", async () => {
  for (const builtIn of [true, false]) {
    setBuiltIn(builtIn);
    const [signature, message, key] = cofactored.map(fromHex);
    assert.equal(await verifySignature(signature, message, key), false, `built in ${builtIn}`);
  }
});

// Test vectors of others, where they are at hand: one verdict on every path.
const fixtures = process.env.ECOLEDGER_FIXTURES;
test("Ed25519 is judged as Wycheproof's vectors want", { skip: !fixtures && "ECOLEDGER_FIXTURES is not set" }, async () => {
  const file = `${fixtures}/wycheproof/ed25519_test.json`;
  const { testGroups } = JSON.parse(readFileSync(file));
  let count = 0;
  for (const builtIn of [true, false]) {
    setBuiltIn(builtIn);
    for (const { publicKey, tests } of testGroups) {
      const key = fromHex(`0x${publicKey.pk}`);
      for (const { tcId, msg, sig, result } of tests) {
        const signature = fromHex(`0x${sig}`);
        const holds =
          signature.length === 64 && (await verifySignature(signature, fromHex(`0x${msg}`), key));
        assert.equal(holds, result === "valid", `test ${tcId}, built in ${builtIn}`);
        count += 1;
      }
    }
  }
  assert.ok(count > 200);
});
if (!fixtures && process.env.CI === "true") {
  test("outside vectors are required", () => assert.fail("set ECOLEDGER_FIXTURES"));
}
