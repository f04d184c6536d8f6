// The big numbers that @cloudflare/blindrsa-ts takes from sjcl, on the browser's own BigInt: only the functions that
// its blinding, signing and finalizing call. A "bit array" is here the big-endian bytes. No module imports this file:
// bundling.mjs puts it in the place of the library's copy of sjcl. The arithmetic takes a time that depends on the
// numbers, as sjcl's does; this is safe because every blinding factor is used once.

function toBytes(value: bigint): Uint8Array {
  const digits = value.toString(16);
  const even = digits.length % 2 ? `0${digits}` : digits;
  return Uint8Array.from(even.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function fromBytes(bytes: Uint8Array): bigint {
  let digits = "";
  for (const byte of bytes) digits += byte.toString(16).padStart(2, "0");
  return BigInt(`0x${digits || "0"}`);
}

class BigNumber {
  private readonly value: bigint;

  constructor(value: number | bigint) {
    this.value = BigInt(value);
  }

  static fromBits(bytes: Uint8Array): BigNumber {
    return new BigNumber(fromBytes(bytes));
  }

  toBits(): Uint8Array {
    return toBytes(this.value);
  }

  bitLength(): number {
    return this.value === 0n ? 0 : this.value.toString(2).length;
  }

  equals(other: BigNumber | number): boolean {
    return this.value === (typeof other === "number" ? BigInt(other) : other.value);
  }

  greaterEquals(other: BigNumber): boolean {
    return this.value >= other.value;
  }

  mulmod(factor: BigNumber, modulus: BigNumber): BigNumber {
    return new BigNumber((this.value * factor.value) % modulus.value);
  }

  /** Square and multiply, from the exponent's lowest bit. */
  powermod(exponent: BigNumber, modulus: BigNumber): BigNumber {
    let result = 1n;
    let square = this.value % modulus.value;
    for (let rest = exponent.value; rest > 0n; rest >>= 1n) {
      if (rest & 1n) result = (result * square) % modulus.value;
      square = (square * square) % modulus.value;
    }
    return new BigNumber(result);
  }

  /** Euclid's extended algorithm. Throws if the two have a common divisor. */
  inverseMod(modulus: BigNumber): BigNumber {
    let [older, newer] = [modulus.value, this.value % modulus.value];
    let [olderFactor, newerFactor] = [0n, 1n];
    while (newer > 0n) {
      const quotient = older / newer;
      [older, newer] = [newer, older - quotient * newer];
      [olderFactor, newerFactor] = [newerFactor, olderFactor - quotient * newerFactor];
    }
    if (older !== 1n) throw new Error("no inverse");
    return new BigNumber(olderFactor < 0n ? olderFactor + modulus.value : olderFactor);
  }
}

const codec = {
  bytes: {
    toBits: (bytes: number[]): Uint8Array => Uint8Array.from(bytes),
    fromBits: (bytes: Uint8Array): number[] => Array.from(bytes),
  },
  base64url: {
    toBits: (text: string): Uint8Array =>
      Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0)),
  },
};

export default { bn: BigNumber, codec };
