// What every page must give to whoever reads on a phone, by keyboard or with a screen reader.

/** The faults of an open page, in words. */
export async function faults(page) {
  const found = await page.evaluate(() => {
    const faults = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) faults.push(`the page is ${wide} px wider than the screen`);
    if (!["zh-CN", "en"].includes(document.documentElement.lang)) faults.push("no language");
    const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((it) => Number(it.tagName[1]));
    if (levels.filter((level) => level === 1).length !== 1) faults.push("not one h1");
    if (levels.some((level, at) => level > (levels[at - 1] ?? 0) + 1)) faults.push("a level of headings is left out");
    for (const image of document.querySelectorAll("svg, img")) {
      if (!image.getAttribute("aria-label") && !image.alt) faults.push("a picture without words");
    }
    for (const cell of document.querySelectorAll("th")) if (!cell.scope) faults.push("a th without scope");
    for (const input of document.querySelectorAll("input:not([type=hidden])")) {
      if (input.labels.length === 0) faults.push("an input without label");
    }
    const ids = [...document.querySelectorAll("[id]")].map((it) => it.id);
    if (new Set(ids).size !== ids.length) faults.push("two elements of one id");
    for (const it of document.querySelectorAll("a")) if (!it.innerText.trim()) faults.push("a link without words");
    return faults;
  });
  const summary = page.locator("details:not(:has(details)) > summary:visible").first();
  if ((await summary.count()) > 0) {
    const isOpen = () => summary.evaluate((it) => it.parentElement.open);
    const before = await isOpen();
    await summary.focus();
    await page.keyboard.press("Enter");
    if ((await isOpen()) === before) found.push("what unfolds does not heed the keyboard");
    await page.keyboard.press("Enter");
  }
  const links = await page.locator("a:visible, summary:visible, button:visible").count();
  await page.evaluate(() => document.activeElement?.blur());
  const reached = new Set();
  for (let n = 0; n < Math.min(links, 40); n += 1) {
    await page.keyboard.press("Tab");
    const place = await page.evaluate(() => {
      const all = [...document.querySelectorAll("a, summary, button, input")];
      return all.indexOf(document.activeElement);
    });
    if (place >= 0) reached.add(place);
  }
  if (reached.size < Math.min(links, 40)) found.push(`the keyboard reaches ${reached.size} of ${Math.min(links, 40)} places`);
  return found;
}
