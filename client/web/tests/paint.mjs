// Paints a sheet of labels in Chromium: paint.mjs FILE OUT. FILE is an SVG, or a PDF of which its viewer
// shows the first page. OUT gets a byte of gray for each pixel, row by row; prints width and height.

import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";

/** Pixels of an A4 page from left to right: some 7 for a module of half a millimetre. */
const WIDTH = 2940;
/** How long a page of a PDF must stay as it is to be whole, in looks and milliseconds between them. */
const LOOKS = 6;
const LOOK_MS = 500;

/** Gray pixels of the white sheet in an image at an address, `width` wide. */
async function grayOf(page, source, width) {
  const { height, gray } = await page.evaluate(
    async ([source, width]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const paint = (left, top, wide, tall, width, height) => {
        const context = new OffscreenCanvas(width, height).getContext("2d");
        context.fillStyle = "white";
        context.fillRect(0, 0, width, height);
        context.drawImage(image, left, top, wide, tall, 0, 0, width, height);
        const { data } = context.getImageData(0, 0, width, height);
        return Uint8Array.from({ length: width * height }, (_, n) => data[4 * n + 1]);
      };
      // A viewer has something around the sheet, which has nothing near its edges.
      const { naturalWidth: wide, naturalHeight: tall } = image;
      const whole = paint(0, 0, wide, tall, wide, tall);
      const isWhite = (shade) => shade > 250;
      const across = whole.subarray(60 * wide, 61 * wide);
      const [left, right] = [across.findIndex(isWhite), across.findLastIndex(isWhite) + 1];
      const down = Uint8Array.from({ length: tall }, (_, y) => whole[y * wide + left + 30]);
      const top = down.findIndex(isWhite);
      const length = [...down.subarray(top), 0].findIndex((shade) => !isWhite(shade));
      const height = Math.round((width * length) / (right - left));
      const gray = paint(left, top, right - left, length, width, height);
      let text = "";
      for (let n = 0; n < gray.length; n += 32768) {
        text += String.fromCharCode(...gray.subarray(n, n + 32768));
      }
      return { height, gray: btoa(text) };
    },
    [source, width],
  );
  return { width, height, gray: Buffer.from(gray, "base64") };
}

/** What the viewer shows once it has stayed the same for a while. */
async function shown(browser, file) {
  const viewport = { width: 980, height: 1386 };
  const page = await (await browser.newContext({ viewport, deviceScaleFactor: 3 })).newPage();
  await page.goto(`file://${file}#toolbar=0&navpanes=0&view=FitH`);
  let last = await page.screenshot();
  for (let same = 0; same < LOOKS; ) {
    await pause(LOOK_MS);
    const next = await page.screenshot();
    same = next.equals(last) ? same + 1 : 0;
    last = next;
  }
  return last;
}

const [file, out] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.ECOLEDGER_CHROMIUM,
  // Its viewer of PDF is an extension.
  ignoreDefaultArgs: ["--headless", "--disable-extensions", "--disable-component-extensions-with-background-pages"],
  args: ["--no-sandbox", "--disable-gpu", "--headless=new"],
});
try {
  const [kind, bytes] = file.endsWith(".pdf")
    ? ["png", await shown(browser, file)]
    : ["svg+xml", readFileSync(file)];
  const page = await (await browser.newContext()).newPage();
  const source = `data:image/${kind};base64,${bytes.toString("base64")}`;
  const { width, height, gray } = await grayOf(page, source, WIDTH);
  writeFileSync(out, gray);
  console.log(width, height);
} finally {
  await browser.close();
}
