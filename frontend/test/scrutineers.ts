// The scrutineers of tests/vectors/record: what they have, what was handed over to them, and what must come of it.
import { type Facts, recount } from "../recount/record";
import { keysOf, readKeyFile } from "../recount/scrutineer/keys";
import type { Task } from "../recount/scrutineer/scrutiny";
import { type Bytes, hex, sha256, utf8 } from "../shared/bytes";
import { type Edit, given, readVector, soundFiles } from "./records";

interface Told {
  lines: [string, string][];
  slips: number;
  invalid: string[];
  keys: Record<string, string>;
  scrutineers: Record<string, Own>;
  handovers: { name: string; edits: Edit[]; found: string }[];
}

interface Own {
  paper: string;
  card: string;
  challenge: string;
  nonce: string;
  answer: string;
}

export const textOf = (name: string) => Buffer.from(readVector("record", name)).toString("utf8");
export const told = JSON.parse(textOf("scrutiny.json")) as Told;
export const ids = Object.keys(told.scrutineers);
export const own = (id: string) => told.scrutineers[id] as Own;
export const seedOf = (id: string) => readKeyFile(textOf(`keys-${id}.json`));
export const handover = readVector("record", "handover.jsonl");

export function linesOf(lines: string[]): Bytes {
  return utf8(lines.map((line) => `${line}\n`).join(""));
}

/** The lines that these passed on to somebody. */
export function passedTo(id: string, ...senders: string[]): Bytes {
  const passed = textOf("passed.jsonl").trimEnd().split("\n");
  const isSent = (line: string) => senders.some((sender) => line.includes(`"from":"${sender}"`));
  return linesOf(passed.filter((line) => line.includes(`"to":"${id}"`) && isSent(line)));
}

/** What a scrutineer has to do while nobody has passed anything on. */
export async function taskOf(scrutineer: string, more: Partial<Task> = {}): Promise<Task> {
  const files = soundFiles();
  const announced = hex(await sha256(files.get("manifest.json") as Bytes));
  const keys = await keysOf(seedOf(scrutineer));
  return { files, announced, handover, passed: new Uint8Array(), scrutineer, keys, ...more };
}

/** What the record says, as the scrutineers' part is given it, and the fingerprint of its head. */
export async function factsOf(): Promise<{ facts: Facts; head: string }> {
  const all: Facts[] = [];
  const { head } = await recount(given(soundFiles(), { also: async (facts) => void all.push(facts) }));
  return { facts: all[0] as Facts, head };
}
