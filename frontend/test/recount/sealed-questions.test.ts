// Scrutineers count the sealed lines of questions anew: those of tests/vectors/questions, as they are and with a winner
// whom the slips do not give, which nobody but they can see.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { keysOf, readKeyFile } from "../../recount/scrutineer/keys";
import { type Scrutiny, scrutinise } from "../../recount/scrutineer/scrutiny";
import { withoutHidden } from "../../recount/source";
import type { Bytes } from "../../shared/bytes";
import { filesOf, variantsOf } from "../records";

const at = (name: string): Bytes => new Uint8Array(readFileSync(`../tests/vectors/questions/${name}`));

async function recounted(name: string): Promise<Scrutiny> {
  const variant = variantsOf("questions").find((one) => one.name === name);
  assert.ok(variant);
  const files = withoutHidden(filesOf(variant, "questions"));
  const keys = await keysOf(readKeyFile(Buffer.from(at("keys-s1.json")).toString()));
  const [handover, passed] = [at("handover.jsonl"), at("passed.jsonl")];
  return scrutinise({ files, announced: "", handover, passed, scrutineer: "s1", keys });
}

test("what the sealed slips of questions add up to is what counts.json says", async () => {
  const told = JSON.parse(Buffer.from(at("scrutiny.json")).toString()) as { lines: string[][]; slips: number };
  const { record, count, checked, slips } = await recounted("sound");
  assert.deepEqual([record.count, count, slips], [0, 0, told.slips]);
  assert.deepEqual(checked?.lines.map(({ pool, line }) => [pool, line]), told.lines);
  assert.ok(told.lines.some((place) => place.join() === "guests,duty"));
});

test("a winner whom the sealed slips do not give is found", async () => {
  const { record, findings, checked } = await recounted("another winner of a line in counts");
  assert.deepEqual([record.count, findings.map(({ check }) => check), checked], [0, ["recount"], null]);
});
