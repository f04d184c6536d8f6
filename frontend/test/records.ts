// The records of tests/vectors/record and tests/vectors/empty and their tampered variants, put together from their
// edits. Tests run in frontend/.
import { readFileSync, readdirSync } from "node:fs";
import type { Given, Outcome } from "../recount/record";
import type { Bytes } from "../shared/bytes";

export interface Edit {
  file: string;
  text?: string | null;
  at?: number;
  remove?: number;
  put?: string;
}

export interface Variant {
  name: string;
  edits: Edit[];
  finding: [string, number, string] | null;
}

/** A record with slips, one of a poll in which nobody voted, whose manifest is varied, and one of questions. */
export type Folder = "record" | "empty" | "questions";

export const readVector = (folder: Folder, name: string): Bytes =>
  new Uint8Array(readFileSync(`../tests/vectors/${folder}/${name}`));

export function variantsOf(folder: Folder): Variant[] {
  return JSON.parse(Buffer.from(readVector(folder, "variants.json")).toString("utf8")) as Variant[];
}

export const variants = variantsOf("record");

export function soundFiles(folder: Folder = "record"): Map<string, Bytes> {
  const names = readdirSync(`../tests/vectors/${folder}/record`);
  return new Map(names.map((name) => [name, readVector(folder, `record/${name}`)]));
}

export function given(files: Map<string, Bytes>, more: Partial<Given> = {}): Given {
  return { files, announced: "", openAll: false, ...more };
}

export function edited(bytes: Bytes, { at = 0, remove = 0, put = "" }: Edit): Bytes {
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + remove)];
  return new Uint8Array(Buffer.concat([before, Buffer.from(put, "utf8"), after]));
}

/** The files of a variant, as they would lie in its folder. */
export function filesOf({ edits }: Variant, folder: Folder = "record"): Map<string, Bytes> {
  const files = soundFiles(folder);
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
