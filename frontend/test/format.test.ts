// The bytes of docs/ballots.md against the shared vectors: both engines have to write the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Json,
  type Slip,
  acknowledged,
  b64,
  boardLine,
  canonical,
  commitment,
  compare,
  hex,
  leaf,
  lp,
  sealInfo,
  slipBody,
  slipName,
  tag,
  unb64,
  unsigned,
  wireSlip,
} from "../src/format";
import { type SlipVector, opened, vectors } from "./vectors";

function slipOf({ slip, sealed_hash }: SlipVector): Slip {
  return {
    pool: slip.pool,
    line: slip.line,
    serial: unb64(slip.serial, 65),
    tokens: slip.tokens.map((token) => unb64(token, 288)),
    version: slip.version,
    commitment: unb64(slip.commitment, 32),
    sealed: unb64(slip.sealed),
    sealedHash: unb64(sealed_hash, 32),
    signature: unb64(slip.signature, 64),
  };
}

test("every slip of the vectors has the same body, leaf, name, seal context and acknowledgement message", async () => {
  const { digest } = await opened();
  assert.ok(vectors.slips.length >= 5);
  for (const vector of vectors.slips) {
    const slip = slipOf(vector);
    assert.equal(b64(slipBody(digest, slip)), vector.body);
    assert.equal(b64(leaf(digest, slip)), vector.leaf);
    assert.equal(b64(await slipName(digest, slip)), vector.name);
    assert.equal(b64(sealInfo(digest, slip.pool, slip.line, slip.serial, slip.version)), vector.seal_info);
    assert.equal(b64(acknowledged(digest, unb64(vector.name))), vector.acknowledgement_message);
    assert.equal(
      b64(await commitment(digest, slip.serial, unb64(vector.marks), unb64(vector.salt))),
      vector.commitment,
    );
    assert.equal(boardLine(slip), vector.board);
    assert.deepEqual(wireSlip(slip), vector.slip);
  }
});

test("a slip whose sealed marks were dropped cannot be sent, but is still found on the board", () => {
  const vector = vectors.slips[0] as SlipVector;
  const kept = { ...slipOf(vector), sealed: null };
  assert.throws(() => wireSlip(kept));
  assert.equal(boardLine(kept), vector.board);
});

test("canonical JSON writes RFC 8785's own example", () => {
  const value = JSON.parse(
    '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],' +
      '"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
  ) as Json;
  const expected =
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
    '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  assert.equal(canonical(value), expected);
});

test("integers, lengths and tags are laid out as the page says", () => {
  assert.equal(hex(unsigned(4294967295, 4)), "ffffffff");
  assert.equal(hex(unsigned(258, 4)), "00000102");
  assert.equal(hex(lp(Uint8Array.of(7, 8))), "00020708");
  assert.equal(hex(tag("ab")), "616200");
  assert.throws(() => unsigned(256, 1), RangeError);
  assert.throws(() => unsigned(-1, 2), RangeError);
});

test("base64url is accepted in exactly one spelling", () => {
  assert.equal(b64(Uint8Array.of(251, 255)), "-_8");
  assert.deepEqual(unb64("-_8", 2), Uint8Array.of(251, 255));
  for (const text of ["-_9", "-_8=", "+/8", " -_8", "A"]) assert.throws(() => unb64(text), text);
  assert.throws(() => unb64("-_8", 3));
});

test("byte strings are ordered by their bytes", () => {
  const sorted = [[2], [1, 255], [1], [1, 2, 3]].map((bytes) => Uint8Array.from(bytes)).sort(compare);
  assert.deepEqual(sorted.map(hex), ["01", "010203", "01ff", "02"]);
});
