// Opens a page in Chromium and waits until it has verified itself: open.mjs URL [SCREENSHOT].
// Fails unless every step of its proof is green, or every figure has its tick, and all can read it; with
// ECOLEDGER_LIE, unless the page refuses.

import { PHONE, blank, launch } from "./browser.mjs";
import { fitsAPhone, isReadAloud, keepsRules } from "./reading.mjs";

const [url, screenshot] = process.argv.slice(2);
const browser = await launch();
try {
  const { page, errors } = await blank(browser, { viewport: PHONE });
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
      const text = (await response.text()).replace(
        /(data-fact="lot" data-|<data class="figure"[^>]* )value="./,
        '$1value="?',
      );
      await route.fulfill({ response, body: text });
    });
  }
  const response = await page.goto(url);
  if (!response.ok()) throw new Error(`${url}: ${response.status()}`);
  await page.waitForSelector("body[data-verdict]", { timeout: 30000 });
  const { steps, figures, why } = await page.evaluate(() => ({
    steps: [...document.querySelectorAll("#steps li")].map((row) => [
      row.className === "done",
      row.innerText.replace(/\s+/g, " "),
    ]),
    figures: [...document.querySelectorAll("data.figure")].map((it) => [
      it.classList.contains("done"),
      `${it.dataset.record} ${it.dataset.path}`,
    ]),
    why: [...document.querySelectorAll("#steps .failed .why")].map((row) => row.innerText),
  }));
  const verdict = await page.innerText("#verdict");
  if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
  for (const [isDone, text] of steps) console.log(`  ${isDone ? "✓" : "✗"} ${text}`);
  if (figures.length > 0) console.log(`  ${figures.filter(([isDone]) => isDone).length} of ${figures.length} figures`);
  console.log(`  ${verdict}`);
  if (lie) {
    const refused = await page.evaluate(() => document.body.dataset.verdict === "refused");
    console.log(`  ${why}`);
    if (!refused || (steps.length > 0 && why.length !== 1)) throw new Error("the lie was believed");
  } else {
    const all = [...steps, ...figures];
    const open = all.filter(([isDone]) => !isDone);
    if (all.length === 0 || open.length > 0 || errors.length > 0) {
      throw new Error(`not all is proven: ${JSON.stringify({ open, errors })}`);
    }
    await keepsRules(page, url);
    await isReadAloud(page, url);
    await fitsAPhone(page, url);
  }
} finally {
  await browser.close();
}
