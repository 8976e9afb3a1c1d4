// The page in Chromium: opened from a file, pointed at a gateway of another origin.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import http from "node:http";
import { after, before, test } from "node:test";
import { PHONE, blank, isTooWide, launch, shoot } from "./browser.mjs";

const golden = JSON.parse(
  readFileSync(new URL("../testdata/proof-v1.json", process.env.ECOLEDGER_WEB)),
);
const { TEXTS } = await import(new URL("texts.js", process.env.ECOLEDGER_VERIFIER));
const file = process.env.ECOLEDGER_PAGE;
const bytes = (text) => Buffer.from(text.slice(2), "hex");
const { code } = golden.scan;

let browser;
let gateway;
/** What the gateway answers next. */
let answer;

before(async () => {
  gateway = http.createServer((request, response) => {
    if (request.url.startsWith("/api/v1/proof?")) {
      response.writeHead(answer.status ?? 200, {
        "Access-Control-Allow-Origin": "*",
        "Content-Type": "application/octet-stream",
      });
      response.end(answer.bytes);
    } else {
      response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
      response.end(readFileSync(file));
    }
  });
  await new Promise((listening) => gateway.listen(0, "127.0.0.1", listening));
  browser = await launch("--host-resolver-rules=MAP gateway.example 127.0.0.1");
});

after(async () => {
  await browser.close();
  gateway.close();
});

const port = () => gateway.address().port;

/** Opens the page in a browser of its own. */
async function open(options = {}, query = {}, at = `file://${file}`) {
  const opened = await blank(browser, { locale: "en-GB", ...options });
  if (options.javaScriptEnabled !== false) {
    await opened.page.clock.setFixedTime(options.now ?? golden.now);
  }
  await opened.page.goto(`${at}?${new URLSearchParams(query)}`);
  return opened;
}

/** Verifies what the gateway answers; gives the page once the steps have ended. */
async function verified(options, query = {}) {
  const opened = await open(options, { gateway: `http://127.0.0.1:${port()}`, code, ...query });
  await opened.page.locator("#steps .failed, #steps li:last-child.done").waitFor();
  return opened;
}

test("every step of a genuine label turns green, in Chinese on a phone", async () => {
  answer = { bytes: bytes(golden.binary) };
  const { page, errors, close } = await verified({
    locale: "zh-CN",
    viewport: PHONE,
  });
  assert.equal(await page.locator("#steps .done").count(), 5);
  assert.equal(await page.locator("#verdict > h2").innerText(), "真品，一切正常");
  assert.equal(await page.locator("html").getAttribute("lang"), "zh-CN");
  assert.match(await page.locator("#verdict").innerText(), /134OP2600001[\s\S]*景宁茶叶合作社/);
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.equal(await isTooWide(page), false, "the page is wider than the phone");
  await shoot(page, "phone-zh");
  assert.deepEqual(errors, []);
  await close();
});

test("a tampered proof is red at the step that it breaks, with the reason", async () => {
  const broken = { Malformed: "bundle", BadSignature: "validators", WrongRecords: "records", NotInSeries: "item" };
  for (const [name, step] of Object.entries(broken)) {
    const [at] = golden.verdicts.find(([, verdict]) => verdict === name);
    const changed = bytes(golden.binary);
    changed[at] ^= 1;
    answer = { bytes: changed };
    const { page, close } = await verified();
    assert.equal(await page.locator("#verdict > h2").innerText(), "Not proven");
    assert.match(await page.locator("#steps .failed .why").innerText(), new RegExp(name));
    const before = ["bundle", "validators", "records", "item"].indexOf(step);
    assert.equal(await page.locator("#steps .done").count(), before, name);
    if (name === "WrongRecords") await shoot(page, "tampered");
    await close();
  }
});

test("a proof of another code, of yesterday, or of another chain proves nothing", async () => {
  answer = { bytes: bytes(golden.binary) };
  const refused = async (options, query, name) => {
    const { page, close } = await verified(options, query);
    assert.match(await page.locator("#steps .why").innerText(), name);
    await close();
  };
  await refused({}, { code: "13426000000000004" }, /another code/);
  await refused({ now: golden.now + 25 * 3600 * 1000 }, {}, /too old.*Stale/);
  await refused({ now: golden.now - 2 * 3600 * 1000 }, {}, /future/);
  const other = bytes(golden.binary);
  other[5] ^= 1;
  answer = { bytes: other };
  await refused({}, {}, /another chain/);
});

test("what stands against the goods cannot be missed", async () => {
  for (const [locale, language, verdict] of [
    ["en-GB", "en", "Genuine, but not in order"],
    ["zh-CN", "zh", "真品，但有问题"],
  ]) {
    for (const { name, binary, against } of golden.others) {
      answer = { bytes: bytes(binary) };
      const { page, close } = await verified({ viewport: PHONE, locale });
      const words = against.map((objection) => TEXTS[language].against[objection]);
      assert.deepEqual(await page.getByRole("alert").allInnerTexts(), words, name);
      assert.equal(await page.locator("#verdict > h2").innerText(), verdict, name);
      await shoot(page, `${name.replaceAll(" ", "-")}-${language}`);
      await close();
    }
  }
});

test("what is not proven is said", async () => {
  answer = { bytes: bytes(golden.binary) };
  const { page, close } = await verified();
  assert.match(await page.locator("#verdict").innerText(), /sold or destroyed before is not part/);
  await close();
});

test("an answer that is too long is not taken", async () => {
  answer = { bytes: Buffer.alloc(8 * 1024 * 1024, 1) };
  const { page, close } = await open({}, { gateway: `http://127.0.0.1:${port()}`, code });
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /TooLong/);
  await close();
});

test("a language that there is not is English", async () => {
  for (const lang of ["constructor", "toString", "__proto__", "fr"]) {
    const { page, errors, close } = await open({ locale: "zh-CN" }, { lang });
    assert.equal(await page.locator("html").getAttribute("lang"), "en", lang);
    assert.equal(await page.title(), "Verify a label");
    assert.deepEqual(errors, []);
    await close();
  }
});

test("the language changes without losing what was verified", async () => {
  answer = { bytes: bytes(golden.binary) };
  const { page, close } = await verified({ colorScheme: "dark", viewport: { width: 1200, height: 900 } });
  await shoot(page, "desk-dark-en");
  await page.getByRole("button", { name: "中文" }).click();
  assert.equal(await page.locator("#verdict > h2").innerText(), "真品，一切正常");
  assert.equal(await page.locator("#steps .done").count(), 5);
  assert.match(page.url(), /lang=zh/);
  await close();
});

test("a keyboard is enough, and each field has a name", async () => {
  answer = { bytes: bytes(golden.binary) };
  const { page, close } = await open();
  assert.equal(await page.getByRole("main").count(), 1);
  assert.equal(await page.getByRole("banner").count(), 1);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "language");
  await page.keyboard.press("Tab");
  await page.keyboard.type(`http://127.0.0.1:${port()}/`);
  await page.keyboard.press("Tab");
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await page.locator("#steps li:last-child.done").waitFor();
  for (const name of ["Gateway", "Code on the label"]) {
    assert.equal(await page.getByLabel(name).count(), 1, name);
  }
  assert.equal(await page.locator("#steps").getAttribute("aria-live"), "polite");
  await close();
});

test("a file is verified without any gateway", async () => {
  const { page, close } = await open();
  await page.locator("#file").setInputFiles({
    name: "proof",
    mimeType: "application/octet-stream",
    buffer: bytes(golden.binary),
  });
  await page.locator("#steps li:last-child.done").waitFor();
  await close();
});

test("a gateway that fails is named", async () => {
  answer = { status: 404, bytes: "" };
  const { page, close } = await open({}, { gateway: `http://127.0.0.1:${port()}`, code });
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /404/);
  await close();
});

test("where the browser gives no cryptography the page says why", async () => {
  const { page, close } = await open({}, {}, `http://gateway.example:${port()}/`);
  await page.getByRole("alert").waitFor();
  assert.match(await page.getByRole("alert").innerText(), /not opened in a secure way/);
  await close();
});

test("no text becomes a script", async () => {
  const { page, close } = await open();
  const refused = await page.evaluate(() => {
    const set = (node, name) => {
      try {
        node[name] = "data:text/javascript,globalThis.injected = true";
        return false;
      } catch (error) {
        return error instanceof TypeError;
      }
    };
    return [set(document.createElement("p"), "innerHTML"), set(document.createElement("script"), "src")];
  });
  assert.deepEqual(refused, [true, true]);
  await close();
});

test("without JavaScript the page says what it needs", async () => {
  const { page, close } = await open({ javaScriptEnabled: false });
  assert.match(await page.locator("body").innerText(), /takes JavaScript/);
  await close();
});
