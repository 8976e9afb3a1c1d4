// SCALE, read strictly: https://docs.polkadot.com/polkadot-protocol/parachain-basics/data-encoding/

export class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  take(length) {
    const end = this.#at + length;
    if (!(end <= this.#bytes.length)) throw new RangeError("bytes are missing");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  /** Little-endian; a number up to four bytes, a BigInt beyond. */
  #integer(length) {
    return this.take(length).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  }

  u8 = () => this.take(1)[0];
  u16 = () => Number(this.#integer(2));
  u32 = () => Number(this.#integer(4));
  u64 = () => this.#integer(8);
  u128 = () => this.#integer(16);
  hash = () => this.take(32);

  /** A BigInt; only the shortest form is read. */
  compact = () => {
    const first = this.u8();
    const mode = first & 3;
    if (mode === 0) return BigInt(first >> 2);
    const length = mode === 1 ? 2 : mode === 2 ? 4 : (first >> 2) + 4;
    let value;
    let least;
    if (mode === 3) {
      value = this.#integer(length);
      least = length === 4 ? 1n << 30n : 1n << BigInt(8 * (length - 1));
    } else {
      this.#at -= 1;
      value = this.#integer(length) >> 2n;
      least = mode === 1 ? 1n << 6n : 1n << 14n;
    }
    if (value < least || length > 16) throw new RangeError("a longer form than needed");
    return value;
  };

  /** A compact number that counts what follows. */
  count = () => {
    const count = this.compact();
    if (count > BigInt(this.#bytes.length)) throw new RangeError("bytes are missing");
    return Number(count);
  };

  bytes = () => this.take(this.count());

  list = (item) => Array.from({ length: this.count() }, () => item(this));

  boolean = () => {
    const byte = this.u8();
    if (byte > 1) throw new RangeError("no boolean");
    return byte === 1;
  };

  option = (item) => (this.boolean() ? item(this) : undefined);

  end() {
    if (this.#at !== this.#bytes.length) throw new RangeError("bytes are left over");
  }
}

/** Reads all of `bytes` with `item`. */
export function read(bytes, item) {
  const reader = new Reader(bytes);
  const value = item(reader);
  reader.end();
  return value;
}
