// Moduli that are none: even, with a small factor, too short. What is prime is not looked for here.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { toNumber } from "../../recount/curve";
import { isModulus } from "../../recount/moduli";
import { type Bytes, unb64 } from "../../shared/bytes";

const toBytes = (value: bigint): Bytes => new Uint8Array(Buffer.from(value.toString(16).padStart(512, "0"), "hex"));
const own = unb64(generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" }).n as string);

test("an honest modulus passes; its neighbour, which is even, does not", () => {
  assert.ok(isModulus(own));
  assert.ok(!isModulus(toBytes(toNumber(own) - 1n)));
});

test("any factor below 2^16 is found, the first prime above it is not looked for", () => {
  for (const prime of [3n, 7n, 251n, 32749n, 65521n]) {
    const cofactor = 2n ** 2047n / prime + 12345n;
    assert.ok(!isModulus(toBytes(prime * (cofactor | 1n))), `${prime}`);
  }
  const beyond = 65537n ** 127n;
  const modulus = beyond * ((2n ** 2047n / beyond) | 1n);
  assert.equal(isModulus(toBytes(modulus)), !hasSmallFactor(modulus) && modulus >= 2n ** 2047n);
});

function hasSmallFactor(value: bigint): boolean {
  for (let factor = 2n; factor < 65536n; factor++) if (value % factor === 0n) return true;
  return false;
}

test("2048 bits, no more and no fewer", () => {
  assert.ok(!isModulus(own.slice(1)));
  assert.ok(!isModulus(new Uint8Array(256)));
  const shorter = own.slice();
  shorter[0] = 127;
  assert.ok(!isModulus(shorter));
  assert.ok(!isModulus(new Uint8Array([1, ...own])));
});
