// Bytes against the examples of docs/ballots.md and RFC 8785.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Json, b64, canonical, compare, hex, lp, tag, unb64, unsigned } from "../../shared/bytes";

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
