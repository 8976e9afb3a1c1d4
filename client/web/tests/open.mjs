// Opens a product page in Chromium and waits until it has verified itself: open.mjs URL [SCREENSHOT].
// Fails unless every step of the proof is green.

import { chromium } from "playwright-core";

const [url, screenshot] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.ECOLEDGER_CHROMIUM,
  args: ["--no-sandbox"],
});
try {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  const response = await page.goto(url);
  if (!response.ok()) throw new Error(`${url}: ${response.status()}`);
  await page.waitForSelector("body[data-verdict]", { timeout: 30000 });
  const steps = await page.$$eval("#steps li", (rows) =>
    rows.map((row) => [row.dataset.step, row.className, row.innerText.replace(/\s+/g, " ")]),
  );
  const verdict = await page.innerText("#verdict");
  if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
  for (const [, state, text] of steps) console.log(`  ${state === "done" ? "✓" : "✗"} ${text}`);
  console.log(`  ${verdict}`);
  if (steps.length === 0 || steps.some(([, state]) => state !== "done") || errors.length > 0) {
    throw new Error(`not every step is green: ${JSON.stringify({ steps, errors })}`);
  }
} finally {
  await browser.close();
}
