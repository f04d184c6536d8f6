// The page's sentences: none may be missing, braces are filled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, readWords } from "../src/words";

test("a page that lacks sentences is told which", () => {
  assert.throws(
    () => readWords('{"cast":"Cast"}'),
    (error: Error) => error.message.includes("code_heading") && !/\bcast,/.test(error.message),
  );
  assert.throws(() => readWords('{"cast":3}'), /\bcast,/);
});

test("braces are filled by name, also twice and in any order; a strange one stays", () => {
  assert.equal(
    fill("{total} 个单位已评 {marked} 个，共 {total} 个", { marked: 7, total: 12 }),
    "12 个单位已评 7 个，共 12 个",
  );
  assert.equal(fill("{other} $& {marked}", { marked: "$1" }), "{other} $& $1");
});
