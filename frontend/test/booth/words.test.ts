// The page's sentences: none may be missing, braces are filled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readWords } from "../../booth/words";

test("a page that lacks sentences is told which", () => {
  assert.throws(
    () => readWords('{"cast_now":"Cast"}'),
    (error: Error) => error.message.includes("code_heading") && !/\bcast_now,/.test(error.message),
  );
  assert.throws(() => readWords('{"cast_now":3}'), /\bcast_now,/);
});
