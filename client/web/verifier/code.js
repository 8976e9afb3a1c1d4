// Item codes as people and labels write them.

/** The elements of a bracketed string such as `(01)…(21)…`; undefined if it is none. */
function elementsOf(text) {
  if (!/^(\(\d{2,4}\)([^(\\]|\\\(|\\)+)+$/.test(text)) return undefined;
  const parts = text.matchAll(/\((\d{2,4})\)((?:[^(\\]|\\\(|\\)+)/g);
  return Array.from(parts, ([, ai, value]) => [ai, value.replaceAll("\\(", "(")]);
}

/** What stands for an organic code: a text that begins with a digit, without its spaces; or what is behind the path of organic codes. */
function organicIn(text) {
  const behind = text.replace(/[?#].*$/s, "").replace(/\/+$/, "").split("/product/organic/");
  if (behind.length > 1) return behind.slice(1).join("/product/organic/");
  return /^\d[^/]*$/.test(text) ? text.replace(/\s/g, "") : undefined;
}

/** Key and qualifiers in the path of a Digital Link, of which the last key counts. */
function qualifiersOf(link) {
  const path = link.replace(/[?#].*$/s, "").replace(/^https?:\/\/[^/]*/i, "");
  const parts = path.split("/").slice(1);
  const found = [];
  while (parts.length >= 2) {
    const [ai, value] = parts.splice(-2);
    found.unshift([ai, decodeURIComponent(value)]);
    if (ai === "01") break;
  }
  // In the order of the standard.
  const isInOrder = /^01(,22)?(,10)?(,21)?$/.test(found.map(([ai]) => ai).join());
  return isInOrder ? found : undefined;
}

/**
 * Whether what is on a label names the item that was proven; its lot too, where it has one.
 *
 * @param {string} text 17 digits, `(01)GTIN(21)SERIAL`, or the address on a label with either
 * @param scan as `scan` gives it
 */
export function isCodeOf(text, { gtin, lot, code, isSerial }) {
  const label = text.trim().replace(/\/+$/, "");
  const organic = label.startsWith("(") ? undefined : organicIn(label);
  if (organic !== undefined) return !isSerial && organic === code;
  let elements;
  try {
    elements = label.startsWith("(") ? elementsOf(label) : qualifiersOf(label);
  } catch {
    return false;
  }
  const values = new Map(elements);
  return (
    isSerial &&
    values.get("01")?.padStart(14, "0") === gtin &&
    values.get("21") === code &&
    (values.get("10") ?? lot) === lot
  );
}
