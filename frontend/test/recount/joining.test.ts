// Cells are joined as in tests/vectors/joining-1.json, which the Python implementation wrote and is held to as well.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { canBeRuns, joinRuns, leadingMark } from "../../recount/joining";

interface Joined {
  tally: number[];
  least: number;
  most: number | null;
  cells: [number, number][] | null;
}

const vectors = JSON.parse(readFileSync("../tests/vectors/joining-1.json", "utf8")) as Joined[];

test("every tally of the vectors has the leading mark or the cells that stand there", () => {
  assert.ok(vectors.length > 300);
  for (const { tally, least, most, cells } of vectors) {
    const leader = leadingMark(tally);
    assert.equal(leader < 0 ? null : leader, most, tally.join());
    if (!cells) continue;
    const runs = joinRuns(tally, least);
    assert.deepEqual(runs.map(({ marks, slips }) => [marks, slips]), cells, tally.join());
    assert.ok(canBeRuns(runs, least), tally.join());
  }
});

test("cells that the rule never leaves are told", () => {
  const runs = (...cells: [number, number][]) => cells.map(([marks, slips]) => ({ marks, slips }));
  assert.ok(!canBeRuns(runs([5, 17], [1, 3]), 5));
  assert.ok(!canBeRuns(runs([1, 20], [5, 0]), 5));
  assert.ok(!canBeRuns(runs([2, 75], [1, 5], [3, 0]), 5));
  assert.ok(!canBeRuns(runs([1, 18], [1, 2]), 5));
  assert.ok(canBeRuns(runs([2, 74], [1, 6], [1, 0], [1, 0]), 5));
  assert.ok(canBeRuns(runs([6, 3]), 5));
});
