// The product page: takes the proof of the item from its gateway, verifies it here, and puts what is
// proven in the place of what the gateway said.

import { STEPS, isInOrder, scan } from "#scan";
import { TEXTS } from "#texts";
import { BOUNDS } from "#trust";

const element = (id) => document.getElementById(id);
const texts = TEXTS[document.documentElement.lang === "en" ? "en" : "zh"];
const { place, code } = element("proof").dataset;
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

/** Facts that the page names, as they are proven. */
const proven = (result) => ({
  gtin: result.gtin,
  lot: result.lot,
  code: result.code,
  producer: result.names.get(result.producer) ?? String(result.producer),
  recall: result.recall,
});

function conclude(result) {
  const wrong = [];
  for (const [name, value] of Object.entries(proven(result))) {
    for (const node of document.querySelectorAll(`[data-fact="${name}"]`)) {
      if (node.dataset.value !== value) {
        wrong.push(name);
        node.textContent = value;
      }
    }
  }
  if (wrong.length > 0) {
    const error = Object.assign(new Error(wrong.join(", ")), { name: "PageDiffers" });
    fail("story", error);
    return;
  }
  const isGood = isInOrder(result);
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
    const query = new URLSearchParams({ code: place, checkpoint: String(checkpoint.height) });
    const response = await fetch(`/api/v1/proof?${query}`, {
      headers: { Accept: "application/octet-stream" },
      credentials: "omit",
    });
    if (!response.ok) throw new Error(String(response.status));
    bytes = new Uint8Array(await response.arrayBuffer());
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
    if (result.code !== code) {
      throw Object.assign(new Error(result.code), { name: "OtherCode", step: "item" });
    }
    conclude(result);
  } catch (error) {
    fail(STEPS.includes(error.step) ? error.step : STEPS[0], error);
  }
}

verify();
