// The one spelling of an ECDSA signature on P-256: both numbers in range, the second not above half of the curve's
// order. Shared by the booth, which writes it so, and the recount. Arithmetic on bytes; the signature itself is checked
// by WebCrypto.
import { type Bytes, compare } from "./bytes";

function fromHex(digits: string): Bytes {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** The order of the curve, and the half of it, rounded down. */
export const curveOrder = fromHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
export const halfOrder = fromHex("7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8");

/** Whether `r || s` has r from 1 to below the order and s from 1 to its half. */
export function isInRange(signature: Bytes): boolean {
  if (signature.length !== 64) return false;
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  const isSome = (number: Bytes) => number.some((byte) => byte !== 0);
  return isSome(r) && compare(r, curveOrder) < 0 && isSome(s) && compare(s, halfOrder) <= 0;
}
