// Records of the chain's state: where they lie, and how they are laid out.

import { equal, fromHex, startsWith } from "#bytes";
import { ProofError } from "#errors";
import { read } from "#scale";

const place = (name, prefix, hashBytes, decode) => ({
  name,
  prefix: fromHex(prefix),
  hashBytes,
  decode,
});

const moment = (reader) => Number(reader.u64());

export const SERIES = place(
  "label series",
  "0x8f89edbefe12c262007eb4e777955f6971619794279c0b5457fd37b7916a648b",
  8,
  (r) => ({
    batch: r.take(16),
    gtin: r.take(14),
    labeller: r.u32(),
    root: r.hash(),
    codes: r.u32(),
    scheme: r.variant("Gs1Serial", () => ({ certifier: r.take(3), year: r.take(2) })),
    list: r.hash(),
    state: r.variant(
      "Active",
      () => `Frozen ${r.variant("Duplicate", "Malformed", "Disordered", "Ordered")}`,
      "Void",
    ),
    stateSince: moment(r),
    certificate: r.option(r.u32),
    madeWhileSuspended: r.boolean(),
    licence: r.option(r.u32),
    period: r.u32(),
    content: r.compact(),
    leftBefore: r.compact(),
    createdAt: moment(r),
    sold: r.u32(),
    returned: r.u32(),
    destroyed: r.u32(),
  }),
);

export const ITEM_MARK = place(
  "item",
  "0x8f89edbefe12c262007eb4e777955f69ee4276d10d112456653ddae02710bafd",
  8,
  (r) => ({
    life: r.variant("Sold", "Returned", "Destroyed"),
    at: moment(r),
    by: r.u32(),
    marks: r.u32(),
  }),
);

const STAGES = [
  "Growing",
  "Harvested",
  "Stored",
  "Processed",
  "Packed",
  "InTransit",
  "Retail",
  "Sold",
  "Consumed",
  "Destroyed",
];

export const BATCH = place(
  "batch",
  "0xe96db6265ce9201866cb06c22e8f1869693613c6489d72d2393dccb449b7d452",
  0,
  (r) => ({
    gtin: r.take(14),
    lot: r.bytes(),
    producer: r.u32(),
    holder: r.u32(),
    stage: r.variant(...STAGES),
    quantities: Array.from({ length: 7 }, r.compact),
    declared: { value: r.compact(), decimals: r.u8(), unit: r.take(3) },
    hold: r.option(() => ({
      authority: r.variant("Holder", "FailedTest", "MarketSupervision"),
      by: r.u32(),
      since: moment(r),
      reason: r.option(r.hash),
    })),
    recalls: r.u32(),
    test: r.option(() => ({
      lab: r.u32(),
      passed: r.boolean(),
      sampledAt: moment(r),
      report: r.hash(),
    })),
    transit: r.option(() => ({
      consignee: r.u32(),
      purpose: r.variant("Delivery", "Return"),
      stageBefore: r.variant(...STAGES),
    })),
    unit: r.option(() => r.take(18)),
    origins: r.list(r.u32),
    claims: r.list(() => ({ certificate: r.u32(), madeWhileSuspended: r.boolean() })),
    producedAt: moment(r),
    lastEventTime: moment(r),
    formedBy: r.option(() => r.take(16)),
    derivations: r.u32(),
    events: r.u32(),
    history: r.hash(),
    ruleSet: r.u32(),
  }),
);

export const BASE = place(
  "production base",
  "0xe96db6265ce9201866cb06c22e8f1869133c0e3edbfb1100c3b8ceba40090442",
  8,
  (r) => ({
    owner: r.u32(),
    region: r.u32(),
    gln: r.option(() => r.take(13)),
    areaUnits: r.compact(),
  }),
);

export const OPEN_RECALLS = place(
  "open recalls",
  "0xe96db6265ce9201866cb06c22e8f1869564e3f54f73aea49926c469422c6406f",
  0,
  (r) => r.list(r.u32),
);

export const CERTIFICATE = place(
  "certificate",
  "0xcf28a86dca42f8eb29f15755df897e10eb8f749cac30d481f2731d971c2994e1",
  8,
  (r) => ({
    number: r.bytes(),
    holder: r.u32(),
    body: r.u32(),
    scheme: r.u32(),
    application: r.u32(),
    products: r.list(() => ({
      gtin: r.take(14),
      quantity: r.compact(),
      areaUnits: r.compact(),
      drawn: r.compact(),
      sold: r.compact(),
    })),
    bases: r.list(r.u32),
    issuedAt: moment(r),
    validFrom: r.u32(),
    expires: r.u32(),
    state: r.variant(
      "InForce",
      () => ({
        finding: r.u32(),
        since: moment(r),
        earliestEnd: moment(r),
        latestEnd: moment(r),
        byAuthority: r.boolean(),
      }),
      () => ({ finding: r.u32() }),
      "Cancelled",
    ),
    request: r.option(r.u32),
    changes: r.list(() => ({
      at: moment(r),
      status: r.variant("Valid", "Suspended", "Revoked", "Cancelled", "Expired"),
    })),
    ruleSet: r.u32(),
  }),
);

export const LICENCE = place(
  "licence",
  "0xdf79def5054f09a83576a69c55719ee8093fdfc24869cc2df14d3de5a0e9ea99",
  8,
  (r) => ({
    brand: r.u32(),
    licensee: r.u32(),
    status: r.variant(
      "Applied",
      "Inspected",
      "Granted",
      "Suspended",
      "Restored",
      "Revoked",
      "Expired",
      "Withdrawn",
      "Refused",
    ),
    statusSince: moment(r),
    subBrand: r.option(r.bytes),
    products: r.list(() => ({ gtin: r.take(14), quota: r.compact() })),
    bases: r.list(r.u32),
    certificate: r.option(r.u32),
    validFrom: moment(r),
    validUntil: moment(r),
    grantedAt: r.option(() => moment(r)),
    period: r.variant("CalendarYear", () => r.u16()),
    feeFen: r.compact(),
    rulesVersion: r.u32(),
    ruleSet: r.u32(),
    changes: r.u32(),
    inspections: r.u32(),
  }),
);

export const ORGANISATION = place(
  "organisation",
  "0x6b90665159f1fdee7725e53eebea950ec23781d711d0b132d19075ebf1516ee3",
  8,
  (r) => ({
    name: r.bytes(),
    did: r.option(r.bytes),
    registeredAt: moment(r),
    registrar: r.variant("Governance", () => r.u32()),
  }),
);

/** A number as a part of a key. */
export function part(number) {
  return Uint8Array.of(number, number >>> 8, number >>> 16, number >>> 24);
}

// The hashes within keys are not computed: only the runtime writes keys, so that no other than the
// right ones are in the state.
function isKey(key, { prefix, hashBytes }, parts) {
  if (!startsWith(key, prefix)) return false;
  let at = prefix.length;
  for (const it of parts) {
    at += hashBytes;
    if (!equal(key.subarray(at, at + it.length), it)) return false;
    at += it.length;
  }
  return at === key.length;
}

/** The number of the only record of a place that is kept by number. */
export function onlyNumber(bundle, place) {
  const start = place.prefix.length + place.hashBytes;
  const found = bundle.records.filter(
    ({ key }) => startsWith(key, place.prefix) && key.length === start + 4,
  );
  if (found.length !== 1) throw new ProofError("RecordMissing", place.name);
  return read(found[0].key.subarray(start), (reader) => reader.u32());
}

/** The record with these parts, if the bundle has it. */
export function find(bundle, place, ...parts) {
  const record = bundle.records.find(({ key }) => isKey(key, place, parts));
  if (!record) return undefined;
  try {
    return read(record.value, place.decode);
  } catch (error) {
    throw new ProofError("RecordMalformed", place.name);
  }
}

/** The record with these parts. */
export function get(bundle, place, ...parts) {
  const record = find(bundle, place, ...parts);
  if (record === undefined) throw new ProofError("RecordMissing", place.name);
  return record;
}
