// Opens a page in Chromium and waits until it has verified itself: open.mjs URL [SCREENSHOT].
// Fails unless every step of its proof is green, or every figure has its tick, and all can read it, and a
// product page says the same with JavaScript as without; with ECOLEDGER_LIE, unless the page refuses what is
// changed on the way, or puts what is proven in its place.

import assert from "node:assert/strict";
import { PHONE, blank, launch } from "./browser.mjs";
import { fitsAPhone, isReadAloud, keepsRules } from "./reading.mjs";

const [url, screenshot] = process.argv.slice(2);

/** Changes of a product page that it refuses: what the chain says the same whenever it is asked. */
const REFUSED = ["gtin", "lot", "code", "producedAt"].map((fact) => [
  fact,
  (text) => text.replace(new RegExp(`(<dd data-fact="${fact}">)[^<]*`), "$1?"),
]);
/** Changes of a product page that it undoes. */
const UNDONE = Object.entries({
  "what nobody may miss": (text) => text.replace(/<div id="recalls">.*?<\/div>/s, ""),
  "a warning that is none": (text) =>
    text.replace('<div id="recalls">', '$&<p class="banner bad" role="alert">?</p>'),
  statuses: (text) => text.replace(/(<section id="certificates">).*?(<\/section>)/s, "$1?$2"),
  origin: (text) => text.replace(/(<section id="origin">).*?(<\/section>)/s, "$1?$2"),
  "other facts": (text) => text.replace(/<dd>[^<]*/g, "<dd>?"),
  "the whole story": (text) => text.replace(/<div id="story">/, '<div id="other" hidden>'),
  "a fact beside the story": (text) =>
    text.replace('<div id="story">', '<p data-lie="">?</p>$&<p data-lie="">?</p>'),
  "that something is no part of the proof": (text) => text.replace(/<p class="own-word.*?<\/p>/gs, ""),
  title: (text) => text.replace(/<h1>[^<]*/, "<h1>?"),
});

/** What a product page says that is proven, but for the block that has it; of its HTML, where it is given. */
const saidOn = (page, html) =>
  page.evaluate((html) => {
    const found = html ? new DOMParser().parseFromString(html, "text/html") : document;
    const block = found.querySelector('[data-fact="block"]');
    const parts = ["h1", "#recalls", "#story", "[data-lie]", "#own > .own-word"].map(
      (it) => found.querySelector(it)?.textContent,
    );
    return parts.map((text) => text?.replace(block?.textContent, ""));
  }, html);

const verdictOf = (page) => page.evaluate(() => document.body.dataset.verdict);
const whyOf = (page) => page.locator("#steps .failed .why").allInnerTexts();

/** Opens the page, its HTML or the proof changed on the way. */
async function open(browser, { page: lie, proof } = {}) {
  const { page, errors } = await blank(browser, { viewport: PHONE });
  if (proof) {
    await page.route("**/api/v1/proof?*", async (route) => {
      const body = await (await route.fetch()).body();
      await route.fulfill({ body: proof(body), contentType: "application/octet-stream" });
    });
  }
  if (lie) {
    await page.route(url, async (route) => {
      const response = await route.fetch();
      const text = await response.text();
      const changed = lie(text);
      assert.notEqual(changed, text, `${lie}: nothing to change`);
      await route.fulfill({ response, body: changed });
    });
  }
  const response = await page.goto(url);
  if (!response.ok()) throw new Error(`${url}: ${response.status()}`);
  const html = await response.text();
  await page.waitForSelector("body[data-verdict]", { timeout: 30000 });
  return { page, errors, html };
}

async function refuses(browser, changes) {
  const { page } = await open(browser, changes);
  const why = await whyOf(page);
  console.log(`  ${await page.innerText("#verdict")} ${why}`);
  const isProduct = (await page.locator("#steps").count()) > 0;
  assert.equal(await verdictOf(page), "refused", "the lie was believed");
  assert.equal(why.length, isProduct ? 1 : 0);
  return page;
}

/** Lies about a page: a product page undoes or refuses each, a page of figures refuses. */
async function lies(browser) {
  const { page } = await open(browser);
  if ((await page.locator("#story").count()) === 0) {
    const figure = (text) => text.replace(/(<data class="figure"[^>]* )value="./, '$1value="?');
    await refuses(browser, { page: figure });
    return;
  }
  const [honest, verdict] = [await saidOn(page), await verdictOf(page)];
  assert.notEqual(verdict, "refused");
  for (const [name, change] of REFUSED) {
    const refused = await refuses(browser, { page: change });
    assert.match((await whyOf(refused))[0], new RegExp(name));
    assert.deepEqual(await saidOn(refused), honest, name);
  }
  for (const [name, change] of UNDONE) {
    const { page } = await open(browser, { page: change });
    assert.deepEqual(await saidOn(page), honest, name);
    assert.equal(await verdictOf(page), verdict, name);
    console.log(`  undone: ${name}`);
  }
}

async function isProven(browser) {
  const { page, errors, html } = await open(browser);
  const { steps, figures } = await page.evaluate(() => ({
    steps: [...document.querySelectorAll("#steps li")].map((row) => [
      row.className === "done",
      row.innerText.replace(/\s+/g, " "),
    ]),
    figures: [...document.querySelectorAll("data.figure")].map((it) => [
      it.classList.contains("done"),
      `${it.dataset.record} ${it.dataset.path}`,
    ]),
  }));
  if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
  for (const [isDone, text] of steps) console.log(`  ${isDone ? "✓" : "✗"} ${text}`);
  if (figures.length > 0) {
    console.log(`  ${figures.filter(([isDone]) => isDone).length} of ${figures.length} figures`);
  }
  console.log(`  ${await page.innerText("#verdict")}`);
  const all = [...steps, ...figures];
  const unproven = all.filter(([isDone]) => !isDone);
  if (all.length === 0 || unproven.length > 0 || errors.length > 0) {
    throw new Error(`not all is proven: ${JSON.stringify({ unproven, errors })}`);
  }
  if (steps.length > 0) assert.deepEqual(await saidOn(page), await saidOn(page, html));
  await keepsRules(page, url);
  await isReadAloud(page, url);
  await fitsAPhone(page, url);
}

const browser = await launch();
try {
  const lie = process.env.ECOLEDGER_LIE;
  if (lie === "proof") {
    const flipped = (body) => {
      body[body.length >> 1] ^= 1;
      return body;
    };
    await refuses(browser, { proof: flipped });
  } else if (lie === "page") {
    await lies(browser);
  } else {
    await isProven(browser);
  }
} finally {
  await browser.close();
}
