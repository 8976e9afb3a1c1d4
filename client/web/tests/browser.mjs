// Chromium, as tests of pages use it.

import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

export const PHONE = { width: 390, height: 844 };

/** Starts Chromium. */
export function launch(...more) {
  return chromium.launch({
    executablePath: process.env.ECOLEDGER_CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", ...more],
  });
}

/** An empty page in a browser of its own, with what it reports as errors. */
export async function blank(browser, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  return { page, errors, close: () => context.close() };
}

/** Whether one must scroll sideways. */
export const isTooWide = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

/** Paints a page to the folder that ECOLEDGER_SCREENSHOTS names, if any. */
export async function shoot(page, name) {
  const folder = process.env.ECOLEDGER_SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
