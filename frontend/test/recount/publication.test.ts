// The rule of publication, worked out anew: the cells, the bands, the lines of a unit, what counts.json may have.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readCounts } from "../../recount/counts";
import { type Line, type Rules, readManifest } from "../../recount/manifest";
import {
  type Tally,
  addInvalid,
  addMarks,
  emptyTally,
  publishLine,
  publishLines,
} from "../../recount/publication";
import { type Json, canonical, utf8 } from "../../shared/bytes";
import { Misfit } from "../../shared/fields";
import { soundFiles } from "../records";

async function rules(): Promise<Rules> {
  return readManifest(soundFiles().get("manifest.json") as Uint8Array<ArrayBuffer>);
}

async function published(counts: [number[], number][]): Promise<Record<string, unknown>> {
  const tally = emptyTally();
  for (const [marks, n] of counts) for (let at = 0; at < n; at++) addMarks(tally, Uint8Array.from(marks));
  return publishLine(await rules(), { id: "u1", unit: "u", criteria: ["work", "service"] }, tally);
}

test("a band is the mean's share of the largest points: at least 0.8, at least 0.5, or less", async () => {
  // Points are 10, 7, 5 and 2.
  assert.equal((await published([[[1, 2], 2], [[2, 2], 1], [[1, 1], 1], [[2, 2], 1], [[0, 255], 1]])).band, "high");
  assert.equal((await published([[[2, 2], 6]])).band, "middle");
  assert.equal((await published([[[3, 3], 6]])).band, "middle");
  assert.equal((await published([[[3, 3], 5], [[3, 4], 1]])).band, "low");
  assert.equal((await published([[[0, 255], 6]])).band, "none");
});

test("what is published depends on the number of valid slips and on unanimity", async () => {
  assert.equal((await published([[[1, 1], 4]])).publication, "nothing");
  assert.equal((await published([[[1, 1], 9]])).publication, "band");
  const sealed = await published([[[1, 1], 5], [[2, 1], 5]]);
  assert.equal(sealed.publication, "counts");
  assert.deepEqual((sealed.criteria as unknown[])[1], { criterion: "service", most: "excellent" });
  const open = await published([[[1, 2], 6], [[2, 1], 5], [[0, 255], 1]]);
  assert.deepEqual([open.publication, open.abstained], ["open", 1]);
  assert.equal((await published([[[1, 2], 11], [[2, 2], 1]])).publication, "counts");
  const most = async (n: number, others: number) =>
    JSON.stringify((await published([[[1, 2], n], [[2, 1], others]])).criteria).includes('"most":"excellent"');
  assert.deepEqual([await most(8, 2), await most(7, 3)], [true, false]);
  assert.deepEqual([await most(17, 2), await most(16, 3)], [true, false]);
});

test("the lines of a unit share the lowest band and keep no reasons", async () => {
  const line = (id: string, unit: string): Line => ({ id, unit, criteria: ["work"] });
  const six = (mark: number): Tally => {
    const tally = emptyTally();
    for (let at = 0; at < 6; at++) addMarks(tally, Uint8Array.of(mark));
    return tally;
  };
  const spoilt = six(2);
  addInvalid(spoilt, "no-such-mark");
  const slips: [Line, Tally][] = [
    [line("a-1", "a"), six(1)],
    [line("b-1", "b"), six(1)],
    [line("a-2", "a"), six(4)],
    [line("a-3", "a"), spoilt],
  ];
  const shown = publishLines(await rules(), slips).map(({ band, invalid }) => [band, invalid]);
  assert.deepEqual(shown, [["low", {}], ["high", {}], ["low", {}], ["low", { any: 1 }]]);
});

test("counts.json tells neither reasons nor a band for a single line of a unit, nor more of a void pool", async () => {
  type Lines = Record<string, Json>[];
  type Counts = { pools: { pool: string; lines: Lines }[] };
  const whole = await rules();
  // Both lines are of one unit.
  const [first, second] = whole.lines as [Line, Line];
  second.unit = first.unit;
  const counts = (pool: string, change: (lines: Lines) => void) => {
    const made = JSON.parse(Buffer.from(soundFiles().get("counts.json") as Uint8Array).toString("utf8")) as Counts;
    const { lines } = made.pools.find((each) => each.pool === pool) as { lines: Lines };
    for (const line of lines) if (pool === "elders") line.band = "low";
    change(lines);
    return utf8(canonical(made as unknown as Json));
  };
  assert.equal(readCounts(counts("elders", () => undefined), whole)[2]?.lines[1]?.written.band, "low");
  const wrong: [string, (lines: Lines) => void][] = [
    ["elders", ([one]) => Object.assign(one as object, { band: "high" })],
    ["elders", (lines) => Object.assign(lines[1] as object, { invalid: { unreadable: 1 } })],
    ["away", ([one]) => Object.assign(one as object, { valid: 1, invalid: {} })],
    ["away", ([one]) => Object.assign(one as object, { publication: "band", band: "low" })],
  ];
  for (const [pool, change] of wrong) assert.throws(() => readCounts(counts(pool, change), whole), Misfit);
});
