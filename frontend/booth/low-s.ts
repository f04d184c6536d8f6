// The one spelling of an ECDSA signature that a slip may have: of s and n - s the smaller, so that nobody on the way
// can write a second one. A browser's signature has either.
import { type Bytes, compare, join } from "../shared/bytes";
import { curveOrder, halfOrder } from "../shared/signatures";

/** `r || s` with n - s in the place of a larger s. */
export function withLowS(signature: Bytes): Bytes {
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  return compare(s, halfOrder) > 0 ? join(r, subtract(curveOrder, s)) : signature;
}

/** The difference of two numbers of the same width, byte by byte from the last; `from` is not the smaller. */
function subtract(from: Bytes, number: Bytes): Bytes {
  const difference = new Uint8Array(from.length);
  let borrowed = 0;
  for (let place = from.length - 1; place >= 0; place--) {
    const rest = (from[place] as number) - (number[place] as number) - borrowed;
    borrowed = rest < 0 ? 1 : 0;
    difference[place] = rest + 256 * borrowed;
  }
  return difference;
}
