// Our big numbers against the library's own copy of sjcl, which the bundle leaves out.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as library from "../../node_modules/@cloudflare/blindrsa-ts/lib/src/sjcl/index.js";
import ours from "../../booth/bignum";
import { b64, unb64 } from "../../shared/bytes";
import { proofOf } from "./issuing";

// Its types describe a script, the file itself is a module with a default export.
const sjcl = (library as unknown as { default: typeof library }).default;
const modulus = unb64(proofOf(0).keys.keys[0]?.n[0] as string);

function pair(bytes: Uint8Array) {
  return { own: ours.bn.fromBits(bytes), theirs: sjcl.bn.fromBits(sjcl.codec.bytes.toBits(Array.from(bytes))) };
}

const theirBytes = (value: library.BigNumber): number[] => {
  const bytes: number[] = sjcl.codec.bytes.fromBits(value.toBits(undefined));
  return bytes.slice(bytes.findIndex((byte) => byte !== 0));
};

test("products, powers and inverses agree with sjcl's", () => {
  const [n, e] = [pair(modulus), pair(Uint8Array.of(1, 0, 1))];
  for (let draw = 0; draw < 5; draw++) {
    const [a, b] = [
      pair(crypto.getRandomValues(new Uint8Array(256))),
      pair(crypto.getRandomValues(new Uint8Array(200))),
    ];
    assert.deepEqual(Array.from(a.own.mulmod(b.own, n.own).toBits()), theirBytes(a.theirs.mulmod(b.theirs, n.theirs)));
    assert.deepEqual(
      Array.from(a.own.powermod(e.own, n.own).toBits()),
      theirBytes(a.theirs.powermod(e.theirs, n.theirs)),
    );
    assert.deepEqual(Array.from(b.own.inverseMod(n.own).toBits()), theirBytes(b.theirs.inverseMod(n.theirs)));
    assert.ok(a.own.inverseMod(n.own).mulmod(a.own, n.own).equals(1));
    assert.equal(a.own.greaterEquals(b.own), Boolean(a.theirs.greaterEquals(b.theirs)));
  }
});

test("a common divisor has no inverse, zero has no bits", () => {
  const [nine, fifteen] = [new ours.bn(9), new ours.bn(15)];
  assert.throws(() => nine.inverseMod(fifteen));
  assert.throws(() => new ours.bn(0).inverseMod(fifteen));
  assert.equal(new ours.bn(0).bitLength(), 0);
  assert.equal(new ours.bn(256).bitLength(), 9);
});

test("base64url is read as the library writes keys", () => {
  const bytes = Uint8Array.of(251, 255, 0, 1);
  assert.deepEqual(ours.codec.base64url.toBits(b64(bytes)), bytes);
});
