// The verdict's one sentence, and text out of files as it may stand on the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../recount/record";
import { placeCalled } from "../../recount/called";
import { meanOf } from "../../recount/counted";
import { verdictOf } from "../../recount/result";
import { harmless, valuesInWords } from "../../recount/speaking";
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

const called = {
  pools: [{ id: "p", name: { en: "Members" }, lines: ["u1", "u2"] }],
  lines: new Map([
    ["u1", { name: { en: "Upper" }, criteria: ["kept", "work"] }],
    ["u2", { name: { en: "Lower" }, criteria: ["kept"] }],
  ]),
  criteria: new Map([
    ["kept", { en: "Promises kept" }],
    ["work", { en: "Core tasks" }],
  ]),
  grades: [
    { id: "good", name: { en: "Good" }, points: 10 },
    { id: "poor", name: { en: "Poor" }, points: 3 },
  ],
};
const marks = {
  dont_know: "Don't know", unmarked: "Abstained", nearly_all: "nearly all:", whole_file: "the whole file",
};

test("a finding names pool, organisation and item, and the counts as the result has them", () => {
  (globalThis as { document?: unknown }).document = { documentElement: { lang: "en" } };
  const criteria = [{ criterion: "kept", cells: [{ marks: ["good"], n: 7 }, { marks: ["poor", "unmarked"], n: 5 }] }];
  const values = { pool: "p", place: "u1", field: "criteria", counted: JSON.stringify(criteria) };
  const all = { ...marks, field_criteria: "the counts" } as unknown as RecountWords;
  assert.deepEqual(valuesInWords({ file: "counts.json", check: "recount", values }, all, called), {
    pool: "Members",
    place: "Upper",
    field: "the counts",
    counted: "Promises kept: Good 7 · Poor/Abstained 5",
  });
  const place = "pools[0].lines[1].criteria[0].cells";
  assert.equal(placeCalled(called, "counts.json", place), "Members · Lower · Promises kept");
  assert.equal(placeCalled(called, "counts.json", "pools[7].lines[1]"), "pools[7].lines[1]");
  assert.equal(placeCalled(called, "keys.json", "pools[0]"), "pools[0]");
  assert.deepEqual(
    valuesInWords({ file: "counts.json", check: "bad-counts", values: { detail: "" } }, all, null),
    { detail: "the whole file" },
  );
  (globalThis as { document?: unknown }).document = undefined;
});

test("a mean is that of single marks with points, half up", () => {
  const cells = [
    { marks: ["good"], n: 3 },
    { marks: ["poor"], n: 5 },
    { marks: ["unmarked"], n: 9 },
  ];
  assert.equal(meanOf({ criterion: "kept", cells }, called), "5.63");
  assert.equal(meanOf({ criterion: "kept", cells: cells.slice(2) }, called), "");
});
