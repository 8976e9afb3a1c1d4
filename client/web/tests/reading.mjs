// What a page must be for those who read it otherwise: by keyboard, aloud, on a phone, in one language.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { isTooWide } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Where the Tab key stops, in the order of the document. */
const STOPS =
  'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]';

/** The rules of axe-core, with the page's colours in light and dark. */
export async function keepsRules(page, name) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(axe);
    const { violations } = await page.evaluate(
      (values) => globalThis.axe.run(document, { runOnly: { type: "tag", values } }),
      RULES,
    );
    const told = violations.map(({ id, help, nodes }) => [id, help, nodes.map((it) => it.html)]);
    assert.deepEqual(told, [], `${name} (${colorScheme}): ${JSON.stringify(told, null, 2)}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

/** The page as a screen reader has it: one title, headings in order, landmarks, and a name for everything. */
export async function isReadAloud(page, name) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const told = nodes
    .filter((node) => !node.ignored)
    .map((node) => ({
      role: node.role?.value,
      name: node.name?.value ?? "",
      level: node.properties?.find((it) => it.name === "level")?.value.value,
    }));
  const of = (...roles) => told.filter((node) => roles.includes(node.role));
  assert.notEqual(of("RootWebArea")[0].name, "", `${name}: it has no title`);
  for (const landmark of ["banner", "main", "contentinfo"]) {
    assert.equal(of(landmark).length, 1, `${name}: ${landmark}`);
  }
  const levels = of("heading").map(({ level }) => level);
  assert.equal(levels.filter((level) => level === 1).length, 1, `${name}: one first heading`);
  levels.reduce((before, level) => {
    assert.ok(level <= before + 1, `${name}: headings ${levels}`);
    return level;
  }, 0);
  const named = of("image", "img", "link", "button", "textbox", "table", "heading", "alert");
  const silent = named.filter((node) => node.role !== "alert" && node.name.trim() === "");
  assert.deepEqual(silent, [], `${name}: without a name`);
  return { of };
}

/** Every stop is reached by Tab in its order, is seen to be, and is left again. */
export async function isWorkedByKeyboard(page, name) {
  const count = await page.evaluate((stops) => {
    document.activeElement.blur();
    const shown = [...document.querySelectorAll(stops)].filter(
      (it) => it.checkVisibility() && it.getClientRects().length > 0,
    );
    shown.forEach((node, index) => (node.dataset.stop = index));
    getSelection().collapse(document.body, 0);
    return shown.length;
  }, STOPS);
  const focused = () =>
    page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
      return { stop: document.activeElement.dataset.stop, isSeen };
    });
  for (const key of ["Tab", "Shift+Tab"]) {
    const order = [...Array(count).keys()];
    if (key !== "Tab") order.reverse().shift();
    for (const index of order) {
      await page.keyboard.press(key);
      assert.deepEqual(await focused(), { stop: String(index), isSeen: true }, `${name}: ${key}`);
    }
  }
}

/** On a phone nothing is cut off, and what is tapped is large enough, but for links within sentences. */
export async function fitsAPhone(page, name) {
  assert.equal(await isTooWide(page), false, `${name}: wider than a phone`);
  const small = await page.evaluate((stops) => {
    const isWithinSentence = (node) =>
      node.tagName === "A" && node.parentElement.innerText.length > node.innerText.length + 10;
    return [...document.querySelectorAll(stops)]
      .filter((node) => node.checkVisibility() && node.getClientRects().length > 0)
      .filter((node) => !isWithinSentence(node))
      .map((node) => [node.outerHTML.slice(0, 120), node.getBoundingClientRect()])
      .filter(([, { width, height }]) => width < 24 || height < 24)
      .map(([html, { width, height }]) => `${html} ${width} × ${height}`);
  }, STOPS);
  assert.deepEqual(small, [], `${name}: too small to tap`);
}

/** The main content is in its language alone, but for `names` and for parts that name their own. */
export async function speaksOnly(page, language, names, name) {
  assert.equal(
    await page.getAttribute("html", "lang"),
    language === "zh" ? "zh-CN" : "en",
    `${name}: its language`,
  );
  let text = await page.evaluate(() => {
    const main = document.querySelector("main").cloneNode(true);
    for (const node of main.querySelectorAll("script, noscript, [lang]")) node.remove();
    return main.textContent;
  });
  for (const known of names) text = text.replaceAll(known, " ");
  // Numbers of certificates, lots and the like.
  text = text.replace(/[\w-]*\d[\w-]*/g, " ");
  const other = language === "zh" ? /[a-z]{2,}(?:[ -][a-z]+)*/gi : /[\p{Script=Han}、，。：；]+/gu;
  assert.deepEqual(text.match(other) ?? [], [], `${name} in ${language}`);
}
