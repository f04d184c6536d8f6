// Issuers' moduli: 2048 bits and no factor below 2^16, so that a modulus cannot be made to be factored by anybody.
// Whether it is prime, or shares a large factor with another, is for the command line.
import type { Bytes } from "../shared/bytes";
import { toNumber } from "./curve";

const bound = 2 ** 16;

function primesBelow(end: number): number[] {
  const isComposite = new Uint8Array(end);
  const primes: number[] = [];
  for (let number = 2; number < end; number++) {
    if (isComposite[number]) continue;
    primes.push(number);
    for (let multiple = number * number; multiple < end; multiple += number) isComposite[multiple] = 1;
  }
  return primes;
}

/** Multiplied in pairs, because two long numbers multiply faster than a long and a short one. */
function product(factors: bigint[]): bigint {
  let level = factors;
  while (level.length > 1) {
    const above: bigint[] = [];
    for (let at = 0; at < level.length; at += 2) above.push((level[at] as bigint) * (level[at + 1] ?? 1n));
    level = above;
  }
  return level[0] as bigint;
}

let everySmallPrime: bigint | null = null;

/** Whether the 256 bytes are an odd number of exactly 2048 bits without a factor below 2^16. */
export function isModulus(bytes: Bytes): boolean {
  if (bytes.length !== 256 || (bytes[0] as number) < 128) return false;
  everySmallPrime ??= product(primesBelow(bound).map(BigInt));
  const modulus = toNumber(bytes);
  let [larger, smaller] = [modulus, everySmallPrime % modulus];
  while (smaller) [larger, smaller] = [smaller, larger % smaller];
  return larger === 1n;
}
