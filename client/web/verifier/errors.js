// Why a proof is refused; the names are those of the Rust verifier.

export class ProofError extends Error {
  /**
   * @param {string} name of the error
   * @param {string|number} [detail] what it is about
   */
  constructor(name, detail) {
    super(detail === undefined ? name : `${name}: ${detail}`);
    this.name = name;
    this.detail = detail;
    /** The step that failed; set by `scan`. */
    this.step = undefined;
  }
}
