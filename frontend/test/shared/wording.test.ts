// Braces in the page's sentences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fill } from "../../shared/wording";

test("braces are filled by name, also twice and in any order; a strange one stays", () => {
  assert.equal(
    fill("{total} 个单位已评 {marked} 个，共 {total} 个", { marked: 7, total: 12 }),
    "12 个单位已评 7 个，共 12 个",
  );
  assert.equal(fill("{other} $& {marked}", { marked: "$1" }), "{other} $& $1");
});
