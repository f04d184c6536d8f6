// Strict reading: only canonical text, only the named fields, only values of their kind.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Misfit, asFields, asInstant, asText, asWhole, readJson } from "../../shared/fields";

test("only canonical text is read", () => {
  const objects = ['{"b":1,"a":2}', '{"a":1,"a":1}'];
  for (const text of [...objects, "[1.0]", "[-0]", "[1e3]", '["\\u0041"]', "[1,]", " []", "\ufeff[]", ""]) {
    assert.throws(() => readJson(text), Misfit, text);
  }
  assert.deepEqual(readJson('{"a":[1,"é"],"b":null}'), { a: [1, "é"], b: null });
});

test("fields, numbers and instants are exactly of their kind", () => {
  const misfits = [
    () => asFields({ a: 1 }, "", ["a", "b"]),
    () => asFields({ a: 1, b: 2 }, "", ["a"]),
    () => asFields([], "", []),
    () => asFields(null, "", []),
    () => asFields({}, "", ["toString"]),
    () => asWhole(true, "", 0),
    () => asWhole(2 ** 53, "", 0),
    () => asWhole("1", "", 0),
    () => asText("\ud800", ""),
    () => asInstant("2026-02-30T00:00:00Z", ""),
    () => asInstant("2026-02-28T00:00:00+00:00", ""),
    () => asInstant("2026-02-28T24:00:00Z", ""),
    () => asInstant("2026-02-28", ""),
  ];
  for (const read of misfits) assert.throws(read, Misfit, String(read));
  assert.equal(asInstant("2024-02-29T23:59:59Z", ""), Date.UTC(2024, 1, 29, 23, 59, 59));
});
