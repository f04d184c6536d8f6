// gate.json: read strictly, and what it withholds is published as less.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { readGate } from "../../recount/gate";
import { readManifest } from "../../recount/manifest";
import { type Withheld, addMarks, emptyTally, publishLine } from "../../recount/publication";
import { type Json, canonical, utf8 } from "../../shared/bytes";
import { Misfit } from "../../shared/fields";
import { soundFiles } from "../records";

const rules = () => readManifest(soundFiles().get("manifest.json") as Uint8Array<ArrayBuffer>);

const manifest = createHash("sha256").update(soundFiles().get("manifest.json") as Uint8Array).digest("hex");

function gate(changes: Record<string, Json> = {}): Uint8Array<ArrayBuffer> {
  const answer: Json = {
    format: "blindballot-gate-1",
    manifest,
    assumed: { least: 5, insiders: 1, fewest_apart: 5 },
    other_polls: [{ poll: "00000000-0000-4000-8000-000000000001", people: 7 }, { poll: "other", people: null }],
    withheld: [
      { pool: "members", line: "u1", most: "counts", criteria: ["service"] },
      { pool: "guests", line: "u2", most: "band", criteria: [] },
    ],
    certificate: {},
    ...changes,
  };
  return utf8(canonical(answer));
}

test("what is withheld is told line by line", async () => {
  const withheldOf = readGate(gate(), await rules());
  assert.deepEqual(withheldOf("members", "u1"), { most: "counts", criteria: ["service"] });
  assert.deepEqual(withheldOf("guests", "u2"), { most: "band", criteria: [] });
  assert.deepEqual(withheldOf("guests", "u1"), { most: "open", criteria: [] });
});

test("an answer of another form is refused", async () => {
  const row = { pool: "members", line: "u1", most: "band", criteria: [] };
  const wrong: Record<string, Json>[] = [
    { format: "blindballot-gate-2" },
    { manifest: "cd".repeat(32) },
    { assumed: { least: 5 } },
    { certificate: [] },
    { certificate: null },
    { other_polls: [{ poll: "other", people: 0 }] },
    { withheld: [{ ...row, pool: "nobody" }] },
    { withheld: [{ ...row, line: "u9" }] },
    { withheld: [{ ...row, most: "all" }] },
    { withheld: [{ ...row, most: "open" }] },
    { withheld: [{ ...row, criteria: ["service", "work"] }] },
    { withheld: [row, row] },
    { withheld: [{ ...row, pool: "guests" }, row] },
    { more: 1 },
  ];
  const read = await rules();
  for (const changes of wrong) assert.throws(() => readGate(gate(changes), read), Misfit);
});

test("a withheld line is published as less, a withheld criterion as one cell", async () => {
  const read = await rules();
  const tally = emptyTally();
  for (const mark of [1, 2]) for (let at = 0; at < 15; at++) addMarks(tally, Uint8Array.of(mark, 3 - mark));
  const line = { id: "u1", unit: "u", criteria: ["work", "service"] };
  const published = (withheld?: Withheld) => publishLine(read, line, tally, withheld);
  assert.equal(published().publication, "open");
  const counts = published({ most: "counts", criteria: ["work"] });
  const [work, service] = counts.criteria as unknown as { cells: { n: number }[] }[];
  assert.deepEqual([counts.publication, work?.cells.map(({ n }) => n)], ["counts", [30]]);
  assert.deepEqual(service?.cells.slice(0, 2).map(({ n }) => n), [15, 15]);
  assert.equal(published({ most: "band", criteria: [] }).publication, "band");
  assert.equal(published({ most: "nothing", criteria: [] }).publication, "nothing");
});
