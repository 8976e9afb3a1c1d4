// The product page: takes the proof of the item from its gateway, verifies it here, and puts what is
// proven in the place of what the gateway said.

import { isCodeOf } from "#code";
import { fetchProof } from "#fetch";
import { STEPS, against, scan } from "#scan";
import { create, story } from "#story";
import { TEXTS } from "#texts";
import { BOUNDS } from "#trust";

const element = (id) => document.getElementById(id);
const language = document.documentElement.lang === "en" ? "en" : "zh";
const texts = TEXTS[language];
/** The code that was looked up: what a changed answer cannot change. */
const place = location.pathname.replace(/^\/product(\/organic\/)?/, "");
const checkpoint = JSON.parse(element("checkpoint").textContent);

function show(step, state, why) {
  const row = document.querySelector(`[data-step="${step}"]`);
  row.className = state;
  row.querySelector(".state").textContent = texts[state];
  row.querySelector(".why").textContent = why ?? "";
}

function fail(step, error) {
  for (const later of STEPS.slice(STEPS.indexOf(step))) show(later, "pending");
  show(step, "failed", `${texts.errors[error.name] ?? error.name} (${error.message})`);
  const verdict = element("verdict");
  verdict.className = "banner bad";
  verdict.setAttribute("role", "alert");
  verdict.textContent = texts.refused;
  document.body.dataset.verdict = "refused";
}

/** What the chain says the same whenever it is asked; all else may have changed since the page was made. */
const FIXED = ["gtin", "lot", "code", "producedAt"];

const textsOf = (root, fact) =>
  Array.from(root.querySelectorAll(`[data-fact="${fact}"]`), (node) => node.textContent.trim());

function conclude(result) {
  const told = story(result, language, (id) => `/certificate/${id}?lang=${language}`);
  const isSo = (fact) => String(textsOf(document, fact)) === String(textsOf(told.story, fact));
  const wrong = FIXED.filter((fact) => !isSo(fact));
  // Nothing else stays on the page than what is proven, and what is said to be the gateway's word.
  for (const node of document.querySelectorAll(".own-word")) node.remove();
  const own = ["warnings", "own"].map(element);
  for (const node of own) node?.prepend(create("p", { class: "own-word quiet" }, texts.ownWord));
  const [warnings, others] = own.map((node) => node ?? "");
  element("proof").replaceChildren(element("verdict"));
  document
    .querySelector("main")
    .replaceChildren(told.recalls, element("proof"), warnings, told.story, others, element("checked"));
  document.title = `${result.gtin} · ${result.lot}`;
  document.querySelector("h1").textContent = document.title;
  if (wrong.length > 0) {
    fail("story", Object.assign(new Error(wrong.join(", ")), { name: "PageDiffers" }));
    return;
  }
  const isGood = against(result).length === 0;
  const verdict = element("verdict");
  verdict.className = `banner ${isGood ? "good" : "bad"}`;
  verdict.textContent = isGood ? texts.inOrder : texts.notInOrder;
  document.body.dataset.verdict = isGood ? "inOrder" : "notInOrder";
}

async function verify() {
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
    fail(STEPS[0], Object.assign(new Error(location.protocol), { name: texts.insecure }));
    return;
  }
  let bytes;
  show(STEPS[0], "running");
  try {
    bytes = await fetchProof("", place, checkpoint);
  } catch (error) {
    fail(STEPS[0], Object.assign(error, { name: texts.fetchFailed.replace("{why}", "…") }));
    return;
  }
  const done = (step) => {
    show(step, "done");
    const next = STEPS[STEPS.indexOf(step) + 1];
    if (next) show(next, "running");
  };
  try {
    const result = await scan(bytes, checkpoint, { ...BOUNDS, nowMs: Date.now() }, done);
    if (!isCodeOf(place, result)) {
      throw Object.assign(new Error(result.code), { name: "OtherCode", step: "item" });
    }
    conclude(result);
  } catch (error) {
    fail(STEPS.includes(error.step) ? error.step : STEPS[0], error);
  }
}

verify();
