// The record of tests/vectors/record-1 and its tampered variants, put together from their edits. Tests run in frontend/.
import { readFileSync } from "node:fs";
import type { Bytes } from "../src/format";
import { type Given, type Outcome, recordFiles } from "../src/recount-record";

interface Edit {
  file: string;
  text?: string | null;
  at?: number;
  remove?: number;
  put?: string;
}

export interface Variant {
  name: string;
  openings: boolean;
  edits: Edit[];
  finding: [string, number, string] | null;
}

const folder = "../tests/vectors/record-1";
const read = (name: string): Bytes => new Uint8Array(readFileSync(`${folder}/${name}`));

export const variants = JSON.parse(readFileSync(`${folder}/variants.json`, "utf8")) as Variant[];
export const openings = { file: "openings.jsonl", bytes: read("openings.jsonl") };

export function soundFiles(): Map<string, Bytes> {
  return new Map(recordFiles.map((name) => [name, read(`record/${name}`)]));
}

export function given(files: Map<string, Bytes>, more: Partial<Given> = {}): Given {
  return { files, openings: null, announced: "", ...more };
}

function edited(bytes: Bytes, { at = 0, remove = 0, put = "" }: Edit): Bytes {
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + remove)];
  return new Uint8Array(Buffer.concat([before, Buffer.from(put, "utf8"), after]));
}

/** The files of a variant, as they would lie in its folder. */
export function filesOf({ edits }: Variant): Map<string, Bytes> {
  const files = soundFiles();
  for (const edit of edits) {
    if (edit.text === null) files.delete(edit.file);
    else if (edit.text !== undefined) files.set(edit.file, new Uint8Array(Buffer.from(edit.text, "utf8")));
    else files.set(edit.file, edited(files.get(edit.file) as Bytes, edit));
  }
  return files;
}

/** The findings by file, line and check. */
export function found({ findings }: Outcome): [string, number, string][] {
  return findings.map(({ file, line, check }) => [file, line, check]);
}
