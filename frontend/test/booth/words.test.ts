// The page's sentences: none may be missing, braces are filled.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readWords } from "../../booth/words";

test("a page that lacks sentences is told which", () => {
  assert.throws(
    () => readWords('{"cast":"Cast"}'),
    (error: Error) => error.message.includes("code_heading") && !/\bcast,/.test(error.message),
  );
  assert.throws(() => readWords('{"cast":3}'), /\bcast,/);
});
