// The records of tests/vectors/record-2 and bands-2 and their tampered variants, put together from their edits. Tests
// run in frontend/.
import { readFileSync, readdirSync } from "node:fs";
import type { Given, Outcome } from "../recount/record";
import type { Bytes } from "../shared/bytes";

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

export type FormName = "record-2" | "bands-2";

const read = (form: FormName, name: string): Bytes => new Uint8Array(readFileSync(`../tests/vectors/${form}/${name}`));

export function variantsOf(form: FormName): Variant[] {
  return JSON.parse(Buffer.from(read(form, "variants.json")).toString("utf8")) as Variant[];
}

export function openingsOf(form: FormName): { file: string; bytes: Bytes } {
  return { file: "openings.jsonl", bytes: read(form, "openings.jsonl") };
}

export const variants = variantsOf("record-2");
export const openings = openingsOf("record-2");

export function soundFiles(form: FormName = "record-2"): Map<string, Bytes> {
  const names = readdirSync(`../tests/vectors/${form}/record`);
  return new Map(names.map((name) => [name, read(form, `record/${name}`)]));
}

export function given(files: Map<string, Bytes>, more: Partial<Given> = {}): Given {
  return { files, openings: null, announced: "", ...more };
}

function edited(bytes: Bytes, { at = 0, remove = 0, put = "" }: Edit): Bytes {
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + remove)];
  return new Uint8Array(Buffer.concat([before, Buffer.from(put, "utf8"), after]));
}

/** The files of a variant, as they would lie in its folder. */
export function filesOf({ edits }: Variant, form: FormName = "record-2"): Map<string, Bytes> {
  const files = soundFiles(form);
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
