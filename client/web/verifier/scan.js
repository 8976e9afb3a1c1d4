// What a proof says of an item.

import { equal, text } from "#bytes";
import { readBundle } from "#bundle";
import { ProofError } from "#errors";
import * as state from "#records";
import { isInSeries, stateRoot } from "#trees";
import { follow } from "#trust";

/** The steps of a proof, in their order. */
export const STEPS = ["bundle", "validators", "records", "item", "story"];

const DAY_MS = 24 * 3600 * 1000;
// Dates are China Standard Time's.
const startOf = (days) => days * DAY_MS - 8 * 3600 * 1000;

/**
 * Verifies a bundle whatever its records are about.
 *
 * @param run does each step, given its name and its work
 * @throws {ProofError}
 */
export async function prove(bytes, checkpoint, bounds, run = (_, work) => work()) {
  const bundle = await run("bundle", () => readBundle(bytes));
  const decided = await run("validators", () => follow(bundle, checkpoint, bounds));
  await run("records", async () => {
    if (!equal(await stateRoot(bundle), decided.stateRoot)) throw new ProofError("WrongRecords");
  });
  return { bundle, decided };
}

/**
 * Verifies a bundle and says what it proves.
 *
 * @param {Uint8Array} bytes of the binary form
 * @param {(step: string) => void} done called behind each step that succeeded
 * @throws {ProofError} with the step that failed
 */
export async function scan(bytes, checkpoint, bounds, done = () => {}) {
  let step;
  const run = async (name, work) => {
    step = name;
    const result = await work();
    done(name);
    return result;
  };
  try {
    const { bundle, decided } = await prove(bytes, checkpoint, bounds, run);
    const [id, series] = await run("item", () => itemOf(bundle));
    return await run("story", async () => storyOf(bundle, decided, id, series));
  } catch (error) {
    const named = error instanceof ProofError ? error : new ProofError("Malformed", error.message);
    named.step = step;
    throw named;
  }
}

async function itemOf(bundle) {
  const { item } = bundle;
  if (!item) throw new ProofError("NoItem");
  const id = state.onlyNumber(bundle, "Labels.Series");
  const series = state.get(bundle, "Labels.Series", state.part(id));
  if (!(await isInSeries(series.root, series.n_codes, item))) throw new ProofError("NotInSeries");
  codeOf(series, item.leaf);
  return [id, series];
}

/** The code as it stands on the label; an error if the series may not have it. */
function codeOf({ scheme, gtin }, leaf) {
  const code = String.fromCharCode(...leaf.subarray(1));
  const [before, behind, pattern] =
    scheme === "Gs1Serial"
      ? [text(gtin), 14, /^[0-9]{14}[A-Za-z0-9._-]{1,20}$/]
      : [text(scheme.Organic.certifier) + text(scheme.Organic.year), 0, /^[0-9]{17}$/];
  const kind = scheme === "Gs1Serial" ? 0 : 1;
  if (leaf[0] !== kind || !code.startsWith(before) || !pattern.test(code)) {
    throw new ProofError("CodeMalformed");
  }
  return code.slice(behind);
}

function storyOf(bundle, decided, id, series) {
  const { item } = bundle;
  const batch = state.get(bundle, "Traceability.Batches", series.batch);
  const recall = recallOf(bundle, series.batch, batch);
  const mark = state.find(bundle, "Labels.ItemMarks", state.part(id), state.part(item.index));
  const ids = new Set(batch.claims.map((claim) => claim.certificate));
  if (series.certificate !== undefined) ids.add(series.certificate);
  const certificates = [...ids].sort((one, other) => one - other).map((number) => {
    const record = state.get(bundle, "Certification.Certificates", state.part(number));
    return {
      id: number,
      number: readable("Certification.Certificates", record.number),
      holder: record.holder,
      body: record.body,
      validFrom: startOf(record.valid_from),
      expires: startOf(record.expires),
      whenMade: whenMade(batch, series, number),
      now: statusAt(record, decided.timeMs),
      isOnLabel: series.certificate === number,
    };
  });
  const licence = series.licence === undefined ? undefined : licenceOf(bundle, decided, series);
  const origins = batch.origins.map((base) => ({
    base,
    region: state.find(bundle, "Traceability.Places", state.part(base))?.region,
  }));
  const organisations = [batch.producer, batch.holder, series.labeller];
  for (const it of certificates) organisations.push(it.holder, it.body);
  if (licence) organisations.push(licence.licensee);
  const names = new Map();
  for (const organisation of new Set(organisations)) {
    const record = state.find(bundle, "Participants.Profiles", state.part(organisation));
    if (record) names.set(organisation, readable("Participants.Profiles", record.name));
  }
  return {
    height: decided.height,
    timeMs: decided.timeMs,
    code: codeOf(series, item.leaf),
    isSerial: series.scheme === "Gs1Serial",
    series: id,
    isSeriesActive: series.state === "Active",
    mark,
    gtin: readable("Traceability.Batches", batch.gtin),
    lot: readable("Traceability.Batches", batch.lot),
    producer: batch.producer,
    producedAt: batch.produced_at,
    isOnHold: batch.hold !== undefined,
    isBatchDestroyed: batch.stage === "Destroyed",
    testPassed: batch.test?.passed,
    origins,
    certificates,
    licence,
    recall,
    names,
  };
}

// As many batches as the chain looks at before goods may move while a recall is open.
const ANCESTRY_MAX = 64;

function recallOf(bundle, id, batch) {
  const open = state.get(bundle, "Traceability.OpenRecalls");
  if (batch.n_recalls > 0) return "recalled";
  return excludes(bundle, open, id) ? "clear" : "beingAssessed";
}

/**
 * Whether the records prove that none of the open recalls is going to mark a batch: each is being
 * lifted, or neither starts at one of the batch and its ancestors, of which none is marked or missing.
 */
function excludes(bundle, open, batchId) {
  const spreading = [];
  for (const number of open) {
    const recall = state.find(bundle, "Traceability.Recalls", state.part(number));
    if (!recall) return false;
    if (state.nameOf(recall.phase) === "Spreading") spreading.push(recall);
  }
  if (spreading.length === 0) return true;
  const found = [batchId];
  // It grows while it is walked.
  for (const id of found) {
    const batch = state.find(bundle, "Traceability.Batches", id);
    if (!batch) return false;
    let inputs = [];
    if (batch.formed_by) {
      const derivation = state.find(bundle, "Traceability.Derivations", batch.formed_by);
      if (!derivation) return false;
      inputs = derivation.inputs;
    }
    for (const input of inputs) {
      if (!found.some((it) => equal(it, input.batch))) found.push(input.batch);
    }
    // A sibling of the root was made of a parent of it before the recall opened.
    const isSibling = ({ parents }) =>
      inputs.some((input) =>
        parents.some((it) => equal(it.batch, input.batch) && input.index < it.n_derivations),
      );
    const starts = (recall) => equal(recall.root, id) || isSibling(recall);
    if (batch.n_recalls > 0 || found.length > ANCESTRY_MAX || spreading.some(starts)) return false;
  }
  return true;
}

function licenceOf(bundle, decided, series) {
  const record = state.get(bundle, "Brands.LicencesById", state.part(series.licence));
  const isGranted = record.status === "Granted" || record.status === "Restored";
  // A licence that rests on a certificate stops with it.
  const isBacked =
    record.certificate === undefined ||
    statusAt(
      state.get(bundle, "Certification.Certificates", state.part(record.certificate)),
      decided.timeMs,
    ) === "Valid";
  return {
    id: series.licence,
    brand: record.brand,
    licensee: record.licensee,
    subBrand: record.sub_brand && readable("Brands.LicencesById", record.sub_brand),
    isInForce:
      isGranted &&
      isBacked &&
      record.valid_from <= decided.timeMs &&
      decided.timeMs < record.valid_until,
  };
}

function readable(place, bytes) {
  try {
    return text(bytes);
  } catch (error) {
    throw new ProofError("RecordMalformed", place);
  }
}

/** Status of a certificate in force at a moment; undefined before it starts. */
function statusAt(certificate, at) {
  if (at < Math.max(certificate.issued_at, startOf(certificate.valid_from))) return undefined;
  const change = certificate.changes.findLast((it) => it.at <= at);
  if (!change) return undefined;
  const isEnded = change.status === "Revoked" || change.status === "Cancelled";
  return !isEnded && at >= startOf(certificate.expires) ? "Expired" : change.status;
}

/**
 * Status of a certificate when the goods that carry it were made, as the batch's claim says, which is
 * inherited by what is made of them; undefined if the batch does not carry it.
 */
function whenMade(batch, series, number) {
  const claim = batch.claims.find(({ certificate }) => certificate === number);
  if (!claim) return undefined;
  const wasSuspended =
    claim.made_while_suspended || (series.certificate === number && series.made_while_suspended);
  return wasSuspended ? "Suspended" : "Valid";
}

// By the names of the Rust client. A label's mark claims that its certificate is in force now; of the
// batch's others it is enough that nothing was found against them since the goods were made.
const OBJECTIONS = {
  recalled: (scan) => scan.recall === "recalled",
  beingAssessed: (scan) => scan.recall === "beingAssessed",
  onHold: (scan) => scan.isOnHold,
  testFailed: (scan) => scan.testPassed === false,
  batchDestroyed: (scan) => scan.isBatchDestroyed,
  itemDestroyed: (scan) => scan.mark?.life === "Destroyed",
  seriesStopped: (scan) => !scan.isSeriesActive,
  notCertifiedWhenMade: (scan) => scan.certificates.some((it) => it.whenMade !== "Valid"),
  certificateStopped: (scan) =>
    scan.certificates.some(({ now }) => now === "Suspended" || now === "Revoked"),
  labelCertificateEnded: (scan) =>
    scan.certificates.some(
      ({ now, isOnLabel }) => isOnLabel && !["Valid", "Suspended", "Revoked"].includes(now),
    ),
  licenceNotInForce: (scan) => scan.licence !== undefined && !scan.licence.isInForce,
};

/** The names of all that stands against the item. */
export const against = (scan) =>
  Object.keys(OBJECTIONS).filter((name) => OBJECTIONS[name](scan));
