// Questions are counted as in tests/vectors/questions-1.json, which the Python implementation wrote and is held to as
// well; and which bytes answer a question.
import assert from "node:assert/strict";
import { test } from "node:test";
import { countAnswers, isNearlyOne, publishAnswers, readAnswers } from "../../recount/answers";
import { type Question, isAnswer } from "../../recount/questions";
import type { Json } from "../../shared/bytes";
import { Misfit } from "../../shared/fields";
import { fromHex, read } from "../vectors";

interface Case extends Question {
  cell: number;
  slips: Record<string, number>;
  nearly_all: boolean;
  open: Json;
  closed: Json;
}

const cases = read("questions-1") as Case[];

test("every question of the vectors is told as it stands there, and what is told can be read back", () => {
  assert.ok(cases.length > 280);
  for (const [at, { kind, method, most, options, cell, slips, nearly_all, open, closed }] of cases.entries()) {
    const question: Question = { kind, method, most, options };
    const patterns = Object.entries(slips).map(([marks, n]) => ({ marks: fromHex(marks), n }));
    assert.ok(patterns.every(({ marks }) => isAnswer(question, marks)), `case ${at}`);
    const count = countAnswers(question, patterns);
    assert.equal(isNearlyOne(count), nearly_all, `case ${at}`);
    assert.deepEqual(publishAnswers(question, count, cell, true), open, `case ${at}`);
    assert.deepEqual(publishAnswers(question, count, cell, false), closed, `case ${at}`);
    readAnswers(closed, "question", question, count.valid, cell, false);
    const readOpen = () => readAnswers(open, "question", question, count.valid, cell, true);
    if (nearly_all) assert.throws(readOpen, Misfit);
    else readOpen();
  }
});

test("of all bytes that could stand there only answers are marks", () => {
  const codes = [0, 1, 2, 3, 4, 254, 255];
  const pairs = codes.flatMap((one) => codes.map((other) => Uint8Array.of(one, other)));
  const ranking: Question = { kind: "ranking", method: "borda", most: 2, options: ["a", "b", "c"] };
  const approval: Question = { kind: "approval", method: "approvals", most: 2, options: ["a", "b"] };
  assert.equal(pairs.filter((marks) => isAnswer(ranking, marks)).length, 1 + 3 + 6 + 1);
  assert.equal(pairs.filter((marks) => isAnswer(approval, marks)).length, 4 + 1);
  for (const question of [ranking, approval]) assert.ok(!isAnswer(question, new Uint8Array(3)));
});
