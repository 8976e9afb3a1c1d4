// A page of figures: verifies the proof that the page carries, and holds every figure to its record.

import { fromHex, text } from "#bytes";
import { ProofError } from "#errors";
import { named, toJson } from "#records";
import { prove } from "#scan";
import { TEXTS, clock } from "#texts";
import { BOUNDS } from "#trust";

const element = (id) => document.getElementById(id);
const texts = TEXTS[document.documentElement.lang === "en" ? "en" : "zh"];

/** `value / 10^decimals` with at least `shown` decimals, and a comma before each three digits. */
function decimal(value, decimals, shown = 0) {
  const number = BigInt(value);
  const digits = String(number < 0n ? -number : number).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  const part = digits.slice(digits.length - decimals).replace(/0+$/, "").padEnd(shown, "0");
  return `${number < 0n ? "-" : ""}${whole}${part && `.${part}`}`;
}

/** How figures are written, by the names of the gateway. */
const FORMATS = {
  integer: (value) => decimal(value, 0),
  fen: (value) => decimal(value, 2, 2),
  ppb: (value) => decimal(value, 9),
  micrograms: (value) => decimal(value, 3),
  kilograms: (value) => decimal(value, 6),
  litres: (value) => decimal(value, 3),
  moment: clock,
  date: (days) => new Date(days * 24 * 3600 * 1000).toISOString().slice(0, 10),
  word: (value) => (value !== null && typeof value === "object" ? Object.keys(value)[0] : String(value)),
  text: String,
};

/** The part of a record at a path, in the words of the figure's format. */
function proven(records, { record, path, format }) {
  let value = records.get(record);
  if (value === undefined) throw new ProofError("RecordMissing", record);
  for (const step of path.split(".").filter(Boolean)) value = value?.[step];
  if (format === "text" && value instanceof Uint8Array) return text(value);
  return FORMATS[format](toJson(value));
}

function conclude(kind, verdict, text) {
  const node = element("verdict");
  node.className = `banner ${kind}`;
  if (kind === "bad") node.setAttribute("role", "alert");
  node.textContent = text;
  document.body.dataset.verdict = verdict;
}

function refuse(error) {
  const why = texts.errors[error.name] ?? error.name;
  conclude("bad", "refused", `${texts.refused}: ${why} (${error.message})`);
}

async function verify() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
    refuse(Object.assign(new Error(location.protocol), { name: texts.insecure }));
    return;
  }
  const bytes = fromHex(`0x${element("bundle").textContent}`);
  const checkpoint = JSON.parse(element("checkpoint").textContent);
  const { bundle } = await prove(bytes, checkpoint, { ...BOUNDS, nowMs: Date.now() });
  const records = named(bundle);
  const wrong = [];
  for (const figure of document.querySelectorAll("data.figure")) {
    const value = proven(records, figure.dataset);
    const says = figure.textContent.trim();
    // What a page says in its own words is held to the plain text that it goes with.
    const isSo = figure.value === value && (figure.dataset.worded !== undefined || says === value);
    if (!isSo) {
      wrong.push(figure.dataset.record);
      figure.textContent = value;
    }
    figure.classList.add(isSo ? "done" : "failed");
  }
  if (wrong.length > 0) throw new ProofError("PageDiffers", wrong.join(", "));
  conclude("good", "proven", texts.proven);
}

verify().catch(refuse);
