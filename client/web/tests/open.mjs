// Opens a product page in Chromium and waits until it has verified itself: open.mjs URL [SCREENSHOT].
// Fails unless every step of the proof is green; with ECOLEDGER_LIE, unless the page refuses.

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
  const lie = process.env.ECOLEDGER_LIE;
  if (lie === "proof") {
    await page.route("**/api/v1/proof?*", async (route) => {
      const body = await (await route.fetch()).body();
      body[body.length >> 1] ^= 1;
      await route.fulfill({ body, contentType: "application/octet-stream" });
    });
  } else if (lie === "page") {
    await page.route(url, async (route) => {
      const response = await route.fetch();
      const text = (await response.text()).replace(/data-fact="lot" data-value="[^"]*"/, (it) =>
        it.replace(/value="./, 'value="?'),
      );
      await route.fulfill({ response, body: text });
    });
  }
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
  if (lie) {
    const refused = await page.evaluate(() => document.body.dataset.verdict === "refused");
    const why = await page.$$eval("#steps .failed .why", (rows) => rows.map((row) => row.innerText));
    console.log(`  ${why}`);
    if (!refused || why.length !== 1) throw new Error("the lie was believed");
  } else if (steps.length === 0 || steps.some(([, state]) => state !== "done") || errors.length > 0) {
    throw new Error(`not every step is green: ${JSON.stringify({ steps, errors })}`);
  }
} finally {
  await browser.close();
}
