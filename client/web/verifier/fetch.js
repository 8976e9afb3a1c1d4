// Proofs from gateways.

import { BYTES_MAX } from "#bundle";
import { concat } from "#bytes";
import { ProofError } from "#errors";

/**
 * Takes the proof of a code from a gateway, and no more bytes than a proof has.
 *
 * @param {string} gateway address without a slash at its end
 * @param {string} code as people write it
 * @param checkpoint from which it is to be verified
 */
export async function fetchProof(gateway, code, checkpoint) {
  const query = new URLSearchParams({ code, checkpoint: String(checkpoint.height) });
  const response = await fetch(`${gateway}/api/v1/proof?${query}`, {
    headers: { Accept: "application/octet-stream" },
    referrerPolicy: "no-referrer",
    credentials: "omit",
  });
  if (!response.ok) throw new Error(String(response.status));
  const reader = response.body.getReader();
  const parts = [];
  let length = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return concat(...parts);
    parts.push(value);
    length += value.length;
    if (length > BYTES_MAX) {
      await reader.cancel();
      throw new ProofError("TooLong", length);
    }
  }
}
