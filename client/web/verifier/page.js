// The page: takes a proof from a gateway or a file, verifies it, and shows what it says.

import { isBuiltIn } from "#ed25519";
import { isCodeOf } from "#code";
import { fetchProof } from "#fetch";
import { STEPS, against, scan } from "#scan";
import { banner, create, story } from "#story";
import { TEXTS, clock, fill } from "#texts";
import { BOUNDS } from "#trust";

const checkpoint = JSON.parse(document.getElementById("checkpoint").textContent);
const address = new URL(location.href);
const element = (id) => document.getElementById(id);

let language = address.searchParams.get("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
if (!Object.hasOwn(TEXTS, language)) language = "en";
const say = (name) => TEXTS[language][name];

/** What was verified last, to be shown anew in another language. */
let shown = () => {};

function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = say("title");
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  element("language").textContent = say("other");
  element("language").title = say("otherHint");
  element("pinned").textContent = `${checkpoint.height}, ${clock(checkpoint.timeMs)}`;
  shown();
}

function showSteps(states, error) {
  element("steps").replaceChildren(
    ...STEPS.map((step) => {
      const state = states[step] ?? "pending";
      const name = say(step === "story" ? "storyStep" : step);
      const row = create("li", { class: state });
      row.append(create("span", { class: "state" }, say(state)), create("span", {}, name));
      if (state === "failed") {
        const why = say("errors")[error.name] ?? error.name;
        row.append(create("p", { class: "why" }, `${why} (${error.message})`));
      }
      return row;
    }),
  );
}

function showResult(result) {
  const isGood = against(result).length === 0;
  const told = story(result, language);
  const age = `${clock(result.timeMs)} · ${fill(say("ageBound"), { hours: BOUNDS.ageMaxMs / 3600000 })}`;
  element("verdict").replaceChildren(
    create("h2", { class: isGood ? "good" : "bad" }, say(isGood ? "inOrder" : "notInOrder")),
    told.recalls,
    told.story,
    create("p", { class: "quiet" }, `${say("age")}${say("colon")}${age}`),
  );
}

function showRefusal() {
  element("verdict").replaceChildren(
    create("h2", { class: "bad", role: "alert" }, say("refused")),
  );
}

async function verify(bytes, code) {
  const states = {};
  let failure;
  let result;
  shown = () => {
    showSteps(states, failure);
    if (result) showResult(result);
    else if (failure) showRefusal();
    else element("verdict").replaceChildren();
  };
  states[STEPS[0]] = "running";
  shown();
  const done = (step) => {
    states[step] = "done";
    const next = STEPS[STEPS.indexOf(step) + 1];
    if (next) states[next] = "running";
    shown();
  };
  try {
    const found = await scan(bytes, checkpoint, { ...BOUNDS, nowMs: Date.now() }, done);
    if (code && !isCodeOf(code, found)) {
      throw Object.assign(new Error(found.code), { name: "OtherCode", step: "item" });
    }
    result = found;
  } catch (error) {
    failure = error;
    for (const step of STEPS.slice(STEPS.indexOf(error.step))) states[step] = "pending";
    states[error.step] = "failed";
  }
  shown();
}

async function fetchAndVerify() {
  const [gateway, code] = [element("gateway").value.trim(), element("code").value.trim()];
  try {
    await verify(await fetchProof(gateway.replace(/\/+$/, ""), code, checkpoint), code);
  } catch (error) {
    shown = () => {
      showSteps({});
      element("verdict").replaceChildren(
        banner("bad", fill(say("fetchFailed"), { why: error.message })),
      );
    };
    shown();
  }
}

function start() {
  element("language").addEventListener("click", () => {
    language = language === "zh" ? "en" : "zh";
    address.searchParams.set("lang", language);
    history.replaceState(null, "", address);
    speak();
  });
  if (!globalThis.isSecureContext || !globalThis.crypto?.subtle) {
    shown = () => element("verdict").replaceChildren(banner("bad", say("insecure")));
    element("form").remove();
    speak();
    return;
  }
  element("gateway").value = address.searchParams.get("gateway") ?? "";
  element("code").value = address.searchParams.get("code") ?? "";
  element("form").addEventListener("submit", (event) => {
    event.preventDefault();
    fetchAndVerify();
  });
  const take = async (file) => file && verify(new Uint8Array(await file.arrayBuffer()));
  element("file").addEventListener("change", (event) => take(event.target.files[0]));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
  showSteps({});
  shown = () => showSteps({});
  speak();
  isBuiltIn().then((it) => (element("library").hidden = it));
  if (element("gateway").value && element("code").value) fetchAndVerify();
}

start();
