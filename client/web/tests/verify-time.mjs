// How long a browser takes to verify: verify-time.mjs PRODUCT-PAGE VERIFICATIONS. Has the page's own modules
// verify the proof of its item so often, and prints the median, and the bytes of the proof, as JSON.

import { PHONE, blank, launch } from "./browser.mjs";

const [url, times] = process.argv.slice(2);
const browser = await launch();
try {
  const { page } = await blank(browser, { viewport: PHONE });
  const text = await (await page.goto(url)).text();
  // What the page was begun with; it is gone from it once all is proven.
  const [, begun] = text.match(/<script[^>]* id="checkpoint"[^>]*>([^<]*)</);
  await page.locator('body[data-verdict="inOrder"]').waitFor();
  const measured = await page.evaluate(async ([times, begun]) => {
    const { scan } = await import("/assets/scan.js");
    const { BOUNDS } = await import("/assets/trust.js");
    const checkpoint = JSON.parse(begun);
    const code = location.pathname.replace(/^\/product(\/organic\/)?/, "");
    const query = new URLSearchParams({ code, checkpoint: String(checkpoint.height) });
    const answer = await fetch(`/api/v1/proof?${query}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const took = [];
    for (let n = 0; n < times; n += 1) {
      const started = performance.now();
      await scan(bytes, checkpoint, { ...BOUNDS, nowMs: Date.now() });
      took.push(performance.now() - started);
    }
    took.sort((one, other) => one - other);
    return { bytes: bytes.length, medianUs: Math.round(1000 * took[times >> 1]) };
  }, [Number(times), begun]);
  console.log(JSON.stringify(measured));
} finally {
  await browser.close();
}
