// The curve on big numbers against WebCrypto's own keys, and its edges.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Point,
  add,
  base,
  isSame,
  multiply,
  negate,
  order,
  readPoint,
  toBytes,
  toNumber,
  writePoint,
} from "../../recount/curve";
import { type Bytes, unb64 } from "../../shared/bytes";

async function pair(): Promise<{ secret: bigint; point: Bytes; keys: CryptoKeyPair }> {
  const keys = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const { d } = await crypto.subtle.exportKey("jwk", keys.privateKey);
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", keys.publicKey));
  return { secret: toNumber(unb64(d as string)), point, keys };
}

test("a public key is its number times the base point; an exchange is the same from both sides", async () => {
  for (let draw = 0; draw < 4; draw++) {
    const [one, other] = [await pair(), await pair()];
    assert.deepEqual(writePoint(multiply(one.secret, base) as Point), one.point);
    const exchanged = multiply(one.secret, readPoint(other.point) as Point) as Point;
    const algorithm = { name: "ECDH", public: other.keys.publicKey };
    const bits = new Uint8Array(await crypto.subtle.deriveBits(algorithm, one.keys.privateKey, 256));
    assert.deepEqual(toBytes(exchanged.x), bits);
  }
});

test("sums keep to the group: small multiples, opposites, doubles, the point at infinity", () => {
  const times = (number: bigint) => multiply(number, base);
  assert.equal(times(0n), null);
  assert.equal(times(order), null);
  assert.ok(isSame(times(order - 1n), negate(base)));
  assert.equal(add(base, negate(base)), null);
  assert.ok(isSame(add(base, null), base) && isSame(add(null, base), base) && add(null, null) === null);
  let sum: Point | null = null;
  for (let number = 1n; number < 20n; number++) {
    sum = add(sum, base);
    assert.ok(isSame(sum, times(number)), `${number}`);
    assert.ok(isSame(add(times(number), times(number)), times(2n * number)));
    assert.ok(readPoint(writePoint(times(number) as Point)));
  }
});

test("bytes that are no point are told apart from those that are", async () => {
  const { point } = await pair();
  assert.ok(isSame(readPoint(point), readPoint(point)));
  const off = point.slice();
  off[64] = (off[64] as number) ^ 1;
  const field = toBytes(0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn);
  const wide = new Uint8Array([4, ...field, ...point.slice(33)]);
  const compressed = new Uint8Array([2, ...point.slice(1, 33)]);
  const hybrid = new Uint8Array([6, ...point.slice(1)]);
  for (const bytes of [off, wide, compressed, hybrid, point.slice(1), new Uint8Array(65), new Uint8Array(1)])
    assert.equal(readPoint(bytes), null);
});
