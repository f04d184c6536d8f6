// What the recount says of records whose folders or zips are named on stdin, a line each: one line of JSON for each, in
// their order. tests/blindballot/test_fuzz_differential.py holds these verdicts against the Python verifier's.
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { recount } from "../recount/record";
import { openSource, withoutHidden } from "../recount/source";
import type { Bytes } from "../shared/bytes";

/** The files of a folder by name; a folder inside is a strange file. */
function readFolder(path: string): Map<string, Bytes> {
  const entries = readdirSync(path, { withFileTypes: true });
  const read = entries.map((entry): [string, Bytes] => [
    entry.name,
    entry.isFile() ? new Uint8Array(readFileSync(`${path}/${entry.name}`)) : new Uint8Array(),
  ]);
  return withoutHidden(new Map(read));
}

async function filesAt(path: string): Promise<Map<string, Bytes>> {
  if (statSync(path).isDirectory()) return readFolder(path);
  return openSource({ kind: "zip", file: new File([new Uint8Array(readFileSync(path))], "record.zip") });
}

async function judge(path: string): Promise<object> {
  try {
    const outcome = await recount({ files: await filesAt(path), announced: "", openAll: true });
    const findings = outcome.findings.map(({ file, line, check }) => [file, line, check]);
    return { sound: outcome.count === 0 && outcome.signature !== null, findings: findings.slice(0, 20) };
  } catch (error) {
    return { sound: false, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

for await (const path of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await judge(path))}\n`);
