// The verdict's one sentence, and text out of files as it may stand on the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../recount/record";
import { harmless, verdictOf } from "../../recount/result";
import type { RecountWords } from "../../recount/words";

const words = {
  sound: "sound, of yours: {slips} {opened} {fingerprint}",
  sound_alone: "sound in itself: {slips} {opened} {fingerprint}",
  unsound: "fails {count}",
  changed: "copy changed {count}",
} as RecountWords;

const start = { count: 0, announced: "", isChanged: false, slips: 9, opened: 4, fingerprint: "ab" };
const verdict = (given: Partial<Outcome>) =>
  verdictOf({ ...start, ...given } as Outcome, words);

test("the sentence says what it was compared with, and tells a changed copy from a false record", () => {
  assert.equal(verdict({}), "sound in itself: 9 4 ab");
  assert.equal(verdict({ announced: "ab" }), "sound, of yours: 9 4 ab");
  assert.equal(verdict({ announced: "ab", count: 2 }), "fails 2");
  assert.equal(verdict({ count: 3, isChanged: true }), "copy changed 3");
});

test("text out of a file cannot end a line, hide, turn around or go on without end", () => {
  assert.equal(harmless("a\nThe record is sound\u001b[8m\u202e"), "a\\u{a}The record is sound\\u{1b}[8m\\u{202e}");
  assert.equal(harmless("下大雪 é 😀"), "下大雪 é 😀");
  assert.equal(harmless("x".repeat(1000)).length, 301);
});
