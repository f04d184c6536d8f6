// What taps and ticks become: an order and its bytes, as docs/ballots.md writes them.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Answer,
  draftOf,
  fromDraft,
  hintOf,
  inWords,
  isBlank,
  marksOf,
  noAnswer,
  takenBack,
  tapped,
} from "../../booth/answers";
import type { Question } from "../../booth/manifest";
import type { Words } from "../../booth/words";

const words = {
  dont_know: "Don't know",
  left_blank: "Left blank",
  ordinals: "1st|2nd|3rd",
  rank_hint: "all {total}",
  best_hint: "{most} of {total}",
  approve_hint: "tick",
} as Words;

function asked(kind: Question["kind"], count: number, most: number): Question {
  const options = Array.from({ length: count }, (_, place) => ({ id: `o${place + 1}`, name: { en: `O${place + 1}` } }));
  return { kind, most, options };
}

function after(question: Question, ...numbers: number[]): Answer {
  return numbers.reduce((answer, number) => tapped(question, answer, number), noAnswer);
}

const best = asked("ranking", 5, 3);
const all = asked("ranking", 3, 3);
const approval = asked("approval", 4, 4);

test("options come in the order of the taps, and one that is tapped again leaves it", () => {
  assert.deepEqual([...marksOf(best, after(best, 4, 2, 5))], [4, 2, 5]);
  assert.deepEqual([...marksOf(best, after(best, 4, 2, 5, 4))], [2, 5, 0]);
  assert.deepEqual([...marksOf(best, after(best, 4, 2, 5, 4, 4))], [2, 5, 4]);
});

test("no more options are taken than there are places", () => {
  const full = after(best, 1, 2, 3);
  assert.equal(tapped(best, full, 4), full);
});

test("an order may be cut short, taken back step by step, and left empty", () => {
  assert.deepEqual([...marksOf(all, after(all, 2))], [2, 0, 0]);
  assert.deepEqual(takenBack(after(all, 2, 3)).chosen, [2]);
  const empty = takenBack(after(all, 2));
  assert.ok(isBlank(empty));
  assert.deepEqual([...marksOf(all, empty)], [0, 0, 0]);
});

test("don't know is one code, and a tap takes its place", () => {
  const unsure = { chosen: [], unsure: true };
  assert.deepEqual([...marksOf(all, unsure)], [255, 0, 0]);
  assert.deepEqual([...marksOf(approval, unsure)], [255, 0, 0, 0]);
  assert.ok(!isBlank(unsure));
  assert.deepEqual(tapped(all, unsure, 3), { chosen: [3], unsure: false });
});

test("an approval has a byte for each option, whatever the order of the ticks", () => {
  assert.deepEqual([...marksOf(approval, after(approval, 4, 1))], [1, 0, 0, 1]);
  assert.deepEqual([...marksOf(approval, after(approval, 4, 1, 4))], [1, 0, 0, 0]);
});

test("a draft brings back what was chosen and nothing else", () => {
  for (const answer of [noAnswer, after(best, 4, 2), { chosen: [], unsure: true }])
    assert.deepEqual(fromDraft(best, draftOf(answer)), answer);
  assert.deepEqual(fromDraft(best, "9,2,2,x,0,-1,1.5").chosen, [2]);
  assert.deepEqual(fromDraft(best, "1,2,3,4").chosen, [1, 2, 3]);
});

const names = ["O1", "O2", "O3", "O4", "O5"];

test("an answer is said in words before it is cast", () => {
  assert.equal(inWords(best, after(best, 4, 2), names, words), "1st O4 · 2nd O2");
  assert.equal(inWords(approval, after(approval, 4, 2), names, words), "O2 · O4");
  assert.equal(inWords(best, { chosen: [], unsure: true }, names, words), "Don't know");
  assert.equal(inWords(best, noAnswer, names, words), "Left blank");
  assert.deepEqual([best, all, approval].map((one) => hintOf(one, words)), ["3 of 5", "all 3", "tick"]);
});
