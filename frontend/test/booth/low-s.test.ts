// Signatures in their one spelling: what the booth makes of a browser's, and what it refuses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withLowS } from "../../booth/low-s";
import { type Bytes, hex, join } from "../../shared/bytes";
import { curveOrder, halfOrder, isInRange } from "../../shared/signatures";
import { fromHex } from "../vectors";

const order = BigInt(`0x${hex(curveOrder)}`);
const toBytes = (value: bigint): Bytes => fromHex(value.toString(16).padStart(64, "0"));
const sOf = (signature: Bytes): bigint => BigInt(`0x${hex(signature.slice(32))}`);

test("half of the order is rounded down", () => {
  assert.equal(BigInt(`0x${hex(halfOrder)}`), (order - 1n) / 2n);
});

test("of s and n - s the smaller is taken, and both verify under the key", async () => {
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const seen = new Set<boolean>();
  for (let draw = 0; draw < 64 && seen.size < 2; draw++) {
    const message = Uint8Array.of(draw);
    const made = new Uint8Array(await crypto.subtle.sign(algorithm, pair.privateKey, message));
    const low = withLowS(made);
    seen.add(low === made);
    assert.ok(isInRange(low));
    assert.equal(isInRange(made), low === made);
    assert.equal(sOf(low), low === made ? sOf(made) : order - sOf(made));
    assert.ok(await crypto.subtle.verify(algorithm, pair.publicKey, low, message));
  }
  assert.equal(seen.size, 2);
});

test("the bounds: halves, zeros, the order itself", () => {
  const one = toBytes(1n);
  const half = (order - 1n) / 2n;
  for (const s of [1n, half]) assert.ok(isInRange(join(one, toBytes(s))));
  for (const s of [0n, half + 1n, order - 1n, order]) assert.ok(!isInRange(join(one, toBytes(s))));
  for (const r of [0n, order, order + 1n]) assert.ok(!isInRange(join(toBytes(r), one)));
  assert.ok(isInRange(join(toBytes(order - 1n), one)));
  assert.ok(!isInRange(new Uint8Array(63).fill(1)));
  assert.equal(sOf(withLowS(join(one, toBytes(half + 1n)))), half);
});
