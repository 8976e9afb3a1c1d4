// Bytes, and SHA-256 from the browser.

export const hex = (bytes) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

export function fromHex(text) {
  if (!/^0x([0-9a-f]{2})*$/.test(text)) throw new TypeError("0x and hexadecimal digits");
  const bytes = new Uint8Array(text.length / 2 - 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i + 2, 2 * i + 4), 16);
  return bytes;
}

export function concat(...parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export const ascii = (text) => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Negative, zero or positive, as for `sort`. */
export function compare(one, other) {
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    if (one[i] !== other[i]) return one[i] - other[i];
  }
  return one.length - other.length;
}

export const equal = (one, other) => compare(one, other) === 0;

export const startsWith = (bytes, prefix) =>
  bytes.length >= prefix.length && equal(bytes.subarray(0, prefix.length), prefix);

export const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));

/** UTF-8, strictly; a byte order mark is a character like others. */
export const text = (bytes) =>
  new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
