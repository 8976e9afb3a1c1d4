// The page: takes a proof from a gateway or a file, verifies it, and shows what it says.

import { isBuiltIn } from "#ed25519";
import { STEPS, isInOrder, scan } from "#scan";
import { TEXTS, fill } from "#texts";
import { BOUNDS } from "#trust";

const checkpoint = JSON.parse(document.getElementById("checkpoint").textContent);
const address = new URL(location.href);
const element = (id) => document.getElementById(id);

let language = address.searchParams.get("lang") ?? (navigator.language.startsWith("zh") ? "zh" : "en");
if (!(language in TEXTS)) language = "en";
const say = (name) => TEXTS[language][name];

/** What was verified last, to be shown anew in another language. */
let shown = () => {};

function create(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children.filter((it) => it !== undefined));
  return node;
}

function speak() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = say("title");
  for (const node of document.querySelectorAll("[data-say]")) node.textContent = say(node.dataset.say);
  element("language").textContent = say("other");
  element("language").title = say("otherHint");
  element("pinned").textContent = `${checkpoint.height}, ${time(checkpoint.timeMs)}`;
  shown();
}

const time = (ms) =>
  new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "medium",
    timeStyle: "short",
    timeZone: "Asia/Shanghai",
  }).format(ms);
const date = (ms) =>
  new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", {
    dateStyle: "medium",
    timeZone: "Asia/Shanghai",
  }).format(ms);

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

function banner(kind, text) {
  return create("p", { class: `banner ${kind}`, role: "alert" }, text);
}

function warnings(result) {
  const found = [];
  if (result.recall !== "clear") found.push(say(result.recall));
  if (!result.isSeriesActive) found.push(say("seriesStopped"));
  if (result.certificates.some((it) => it.now === "Suspended" || it.now === "Revoked")) {
    found.push(say("certificateStopped"));
  }
  if (result.isOnHold) found.push(say("hold"));
  if (result.testPassed === false) found.push(say("testFailed"));
  if (result.mark?.life === "Destroyed") found.push(say("destroyed"));
  return found;
}

function rows(result) {
  const named = (id) => result.names.get(id) ?? fill(say("organisation"), { id });
  const certificates = result.certificates.map((it) =>
    create(
      "li",
      {},
      `${it.number} · ${named(it.body)}`,
      create("br", {}),
      `${say("whenMade")}: ${say(it.whenMade ?? "notBegun")} · ${say("now")}: `,
      create("strong", {}, say(it.now ?? "notBegun")),
      ` · ${date(it.validFrom)} – ${date(it.expires - 1)}`,
    ),
  );
  const origins = result.origins.map((it) => {
    const region = it.region === undefined ? "" : ` · ${say("region")} ${it.region}`;
    return create("li", {}, `${say("base")} ${it.base}${region}`);
  });
  const { licence, mark } = result;
  const test = result.testPassed === undefined ? "none" : result.testPassed ? "passed" : "failed";
  return [
    ["product", result.gtin],
    ["lot", result.lot],
    ["codeRow", result.code],
    ["producer", named(result.producer)],
    ["producedAt", time(result.producedAt)],
    ["origins", create("ul", {}, ...origins)],
    ["certificates", certificates.length ? create("ul", {}, ...certificates) : say("none")],
    [
      "licence",
      licence
        ? `${licence.subBrand ?? ""} ${named(licence.licensee)} · ${say(licence.isInForce ? "inForce" : "notInForce")}`
        : say("none"),
    ],
    ["test", say(test)],
    ["mark", mark ? `${say(mark.life)} · ${time(mark.at)}` : say("noMark")],
    ["block", String(result.height)],
    [
      "age",
      `${time(result.timeMs)} · ${fill(say("ageBound"), { hours: BOUNDS.ageMaxMs / 3600000 })}`,
    ],
  ];
}

function showResult(result) {
  const isGood = isInOrder(result);
  const list = create("dl", {});
  for (const [name, value] of rows(result)) {
    list.append(create("dt", {}, say(name)), create("dd", {}, value));
  }
  const alerts = warnings(result).map((text) => banner("bad", text));
  if (result.mark?.life === "Sold") alerts.push(banner("care", say("soldAgain")));
  element("verdict").replaceChildren(
    create("h2", { class: isGood ? "good" : "bad" }, say(isGood ? "inOrder" : "notInOrder")),
    ...alerts,
    list,
  );
}

function showRefusal() {
  element("verdict").replaceChildren(
    create("h2", { class: "bad", role: "alert" }, say("refused")),
  );
}

/** Whether a code, as people and labels write it, is the one that was proven. */
function isOf(code, found) {
  const link = /\/01\/(\d+)(?:\/(?:22|10)\/[^/]+)*\/21\/([^/?#]+)/.exec(code);
  if (link) return link[1].padStart(14, "0") === found.gtin && link[2] === found.code;
  return [found.code, `(01)${found.gtin}(21)${found.code}`].includes(code);
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
    if (code && !isOf(code, found)) {
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
  const query = new URLSearchParams({ code, checkpoint: String(checkpoint.height) });
  try {
    const response = await fetch(`${gateway.replace(/\/+$/, "")}/api/v1/proof?${query}`, {
      headers: { Accept: "application/octet-stream" },
      referrerPolicy: "no-referrer",
      credentials: "omit",
    });
    if (!response.ok) throw new Error(`${response.status}`);
    await verify(new Uint8Array(await response.arrayBuffer()), code);
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
