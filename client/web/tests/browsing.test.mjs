// The pages of a gateway as people use them. ECOLEDGER_SCENE tells of it as JSON: `gateway`, its address;
// `gtin`, `lot` and `serial` of an item that nothing stands against, `names` on its page; the id of a
// `derivation`, the height of a `block`; and `recall`, the command that recalls the lot.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { PHONE, blank, launch, shoot } from "./browser.mjs";
import {
  fitsAPhone,
  isReadAloud,
  isWorkedByKeyboard,
  keepsRules,
  speaksOnly,
} from "./reading.mjs";

const { gateway, gtin, lot, serial, names, derivation, block, recall } = JSON.parse(process.env.ECOLEDGER_SCENE);
const code = `(01)${gtin}(21)${serial}`;
const item = `/product/01/${gtin}/21/${serial}`;
/** What is the same in both languages. */
const NAMES = [code, "(01)…(21)…", gtin, lot, serial, ...names, "GTIN", "GB/T", "JSON", "JavaScript", "Ed25519", "HTTPS"];
const PAGES = {
  front: "/?",
  item: `${item}?`,
  lot: `/product/01/${gtin}/10/${lot}?`,
  product: `/product/01/${gtin}?`,
  explorer: `/provenance/${gtin}/${lot}?`,
  derivation: `/provenance/derivation/${derivation}?`,
  block: `/block/${block}?`,
  recalls: "/recalls?",
  compensation: "/compensation?",
  unknown: `/product/01/${gtin}/21/NONE?`,
  malformed: "/?code=nonsense&",
  verifier: `/verify?${new URLSearchParams({ gateway, code })}&`,
};

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** Opens a page, and waits until it has verified itself if it does. */
async function open(path, options = {}) {
  const opened = await blank(browser, { viewport: PHONE, ...options });
  opened.answer = await opened.page.goto(gateway + path);
  if (options.javaScriptEnabled !== false) await settled(opened.page);
  return opened;
}

async function settled(page) {
  const carriesProof = (await page.locator("#proof").count()) > 0;
  const isVerifier = !carriesProof && (await page.locator("#steps").count()) > 0;
  if (carriesProof) await page.locator("body[data-verdict]").waitFor();
  if (isVerifier) await page.locator("#steps .failed, #steps li:last-child.done").waitFor();
}

const stepsOf = (page) => page.$$eval("#steps li", (rows) => rows.map((row) => row.className));

/** All pages in both languages. */
async function everyPage(options, look, pages = PAGES) {
  for (const [name, path] of Object.entries(pages)) {
    for (const language of ["zh", "en"]) {
      const { page, close } = await open(`${path}lang=${language}`, options);
      await look(page, `${name}-${language}`, language);
      await close();
    }
  }
}

/** Types a code into the form of a page, by keyboard alone. */
async function type(page, text) {
  const isIn = () => page.evaluate(() => document.activeElement.name === "code");
  for (let stops = 0; stops < 10 && !(await isIn()); stops += 1) await page.keyboard.press("Tab");
  await page.keyboard.type(text);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
}

test("a code is typed in, and every step of its proof turns green", async () => {
  const { page, errors, close } = await open("/?lang=en");
  await type(page, code);
  assert.equal(page.url(), `${gateway}${item}?lang=en`);
  await page.locator("body[data-verdict]").waitFor();
  assert.deepEqual(await stepsOf(page), Array(5).fill("done"));
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.equal(await page.getByRole("status").innerText(), "Genuine, and in order");
  assert.equal(await page.getByRole("alert").count(), 0);
  assert.deepEqual(errors, []);
  // The verifier, which is no part of the page, says the same.
  const verifier = page.getByRole("link", { name: "open the verifier" });
  await Promise.all([page.waitForURL("**/verify?*"), verifier.click()]);
  await settled(page);
  assert.deepEqual(await stepsOf(page), Array(5).fill("done"));
  assert.deepEqual(errors, []);
  await close();
});

test("what is typed wrong is named, and can be typed again", async () => {
  const { page, close } = await open("/?lang=en");
  for (const [text, status, why] of [
    ["nonsense", 400, /17 digits/],
    [`(01)${gtin}(21)NONE`, 404, /no label series has it/],
  ]) {
    const answered = page.waitForResponse((it) => it.status() === status);
    await type(page, text);
    await answered;
    assert.match(await page.getByRole("alert").innerText(), why);
  }
  await type(page, code);
  await page.locator('body[data-verdict="inOrder"]').waitFor();
  await close();
});

test("the language is the reader's", async () => {
  const lang = async (locale, query) => {
    const { page, close } = await open(`/?${query}`, { locale });
    const found = await page.getAttribute("html", "lang");
    await close();
    return found;
  };
  assert.equal(await lang("zh-CN", ""), "zh-CN");
  assert.equal(await lang("en-GB", ""), "en");
  assert.equal(await lang("fr-FR", ""), "zh-CN");
  assert.equal(await lang("en-GB", "lang=zh"), "zh-CN");
  await everyPage({}, async (page, name, language) => {
    await shoot(page, name);
    await speaksOnly(page, language, NAMES, name);
  });
  // By the link, on any page, there and back.
  const { page, close } = await open(item, { locale: "zh-CN" });
  for (const [link, language] of [["English", "en"], ["中文", "zh-CN"]]) {
    await Promise.all([page.waitForURL("**lang=*"), page.getByRole("link", { name: link }).click()]);
    await page.locator(`html[lang="${language}"]`).waitFor();
  }
  await close();
});

test("a keyboard reaches everything, and leaves it", async () => {
  await everyPage({}, (page, name) => isWorkedByKeyboard(page, name));
});

test("pages can be read aloud", async () => {
  await everyPage({}, async (page, name) => {
    const { of } = await isReadAloud(page, name);
    if (name.startsWith("front")) assert.equal(of("textbox").length, 1, name);
    if (/^(unknown|malformed)/.test(name)) assert.equal(of("alert").length, 1, name);
    if (!name.startsWith("item")) return;
    assert.equal(of("status").length, 1, name);
    assert.equal(await page.getAttribute("#steps", "aria-live"), "polite");
    assert.equal(of("image", "img").length, 1, `${name}: the map`);
  });
});

test("the rules of accessibility are kept", async () => {
  await everyPage({}, (page, name) => keepsRules(page, name));
});

test("pages fit a phone and a desk", async () => {
  await everyPage({}, (page, name) => fitsAPhone(page, name));
  const { page, close } = await open(`${item}?lang=en`, { viewport: { width: 1280, height: 900 } });
  await shoot(page, "desk-item-en");
  await close();
});

/** What must be read without a program. */
async function isReadable(page) {
  const text = await page.innerText("body");
  for (const fact of [gtin, lot, serial, ...names]) assert.ok(text.includes(fact), fact);
  assert.match(await page.locator("#certificates").innerText(), /Certificates and licence/);
  assert.ok((await page.locator(".timeline li").count()) > 0, "custody");
  assert.match(text, /Without JavaScript nothing on this page is verified/);
}

test("the facts are read without JavaScript", async () => {
  const { page, close } = await open(`${item}?lang=en`, { javaScriptEnabled: false });
  await isReadable(page);
  await close();
});

test("a recall shows as soon as the page is opened again", async () => {
  const opened = {};
  for (const language of ["zh", "en"]) {
    opened[language] = await open(`${item}?lang=${language}`);
    const { page } = opened[language];
    assert.equal(await page.getByRole("alert").count(), 0);
    assert.equal(await page.getAttribute("body", "data-verdict"), "inOrder");
  }
  const { height } = JSON.parse(execFileSync(recall[0], recall.slice(1), { encoding: "utf8" }));
  const status = await fetch(`${gateway}/api/v1/status?height=${height}`);
  assert.equal(status.status, 200);
  for (const [language, banner, verdict] of [
    ["zh", /召回：请勿食用或出售/, "真品，但有问题"],
    ["en", /RECALLED: do not use or sell it/, "Genuine, but not in order"],
  ]) {
    const { page, errors, close } = opened[language];
    await page.reload();
    await settled(page);
    assert.match(await page.getByRole("alert").innerText(), banner);
    assert.deepEqual(await stepsOf(page), Array(5).fill("done"));
    await page.locator('body[data-verdict="notInOrder"]').waitFor();
    assert.equal(await page.innerText("#verdict"), verdict);
    await shoot(page, `recalled-${language}`);
    await keepsRules(page, "recalled");
    await speaksOnly(page, language, NAMES, "recalled");
    assert.deepEqual(errors, []);
    await close();
  }
  const { page, close } = await open(`${item}?lang=en`, { javaScriptEnabled: false });
  await isReadable(page);
  assert.match(await page.getByRole("alert").innerText(), /RECALLED/);
  await close();
  const pages = { recalls: "/recalls?", recall: "/recall/0?", "recalled-lot": PAGES.lot };
  await everyPage(
    {},
    async (page, name, language) => {
      await shoot(page, name);
      if (name.startsWith("recalled-lot")) assert.equal(await page.getByRole("alert").count(), 1);
      await speaksOnly(page, language, NAMES, name);
      await isWorkedByKeyboard(page, name);
      await isReadAloud(page, name);
      await keepsRules(page, name);
      await fitsAPhone(page, name);
    },
    pages,
  );
});
