// Paints an SVG page in Chromium: paint.mjs FILE OUT. OUT gets a byte of gray for each pixel, row by row;
// prints width and height.

import { readFileSync, writeFileSync } from "node:fs";
import { launch } from "./browser.mjs";

/** Pixels of an A4 page from left to right: 7 for a module of half a millimetre. */
const WIDTH = 2940;

const [file, out] = process.argv.slice(2);
const browser = await launch();
try {
  const page = await (await browser.newContext()).newPage();
  const image = `data:image/svg+xml;base64,${readFileSync(file).toString("base64")}`;
  const { width, height, gray } = await page.evaluate(
    async ([source, width]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const height = Math.round((width * image.naturalHeight) / image.naturalWidth);
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d");
      context.fillStyle = "white";
      context.fillRect(0, 0, width, height);
      context.drawImage(image, 0, 0, width, height);
      const { data } = context.getImageData(0, 0, width, height);
      const gray = new Uint8Array(width * height);
      for (let n = 0; n < gray.length; n += 1) gray[n] = data[4 * n + 1];
      let text = "";
      for (let n = 0; n < gray.length; n += 32768) {
        text += String.fromCharCode(...gray.subarray(n, n + 32768));
      }
      return { width, height, gray: btoa(text) };
    },
    [image, WIDTH],
  );
  writeFileSync(out, Buffer.from(gray, "base64"));
  console.log(width, height);
} finally {
  await browser.close();
}
