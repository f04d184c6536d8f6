// What can be wrong in a record. A finding names its file, its line from 1 (0 where lines do not matter) and the check
// that failed. The server has the sentence of a check under the same name.

export const checks = [
  "missing-file",
  "strange-file",
  "file-changed",
  "bad-manifest", // {detail}: the place in the document, here and below
  "other-manifest", // {detail}: fingerprint
  "bad-head", // {detail}
  "head-manifest",
  "closed-early", // {detail}: the time it was to close
  "bad-extension", // {detail}
  "bad-signature",
  "bad-keys", // {detail}
  "bad-counts", // {detail}
  "bad-gate", // {detail}
  "bad-closing-keys", // {detail}
  "other-key", // {pool} {place}
  "bad-printed", // {detail}
  "bad-statement", // {detail}
  "line-form", // {detail}
  "unknown-line",
  "wrong-issuers",
  "board-order",
  "forged-token",
  "bad-serial",
  "forged-signature",
  "serial-twice", // {detail}: number of the other line
  "cancelled-order",
  "cancelled-used", // {detail}: line of cancelled.jsonl
  "unknown-batch",
  "not-printed",
  "undrawn", // {pool} {place} {said} {counted}; {detail}: number of the batch
  "board-size", // {detail}: number of slips
  "board-root",
  "opened-order",
  "opened-stranger",
  "opened-forbidden",
  "opened-missing", // {detail}: file
  "other-commitment",
  "no-such-mark",
  "sealed-order",
  "sealed-stranger",
  "sealed-forbidden",
  "sealed-missing", // {detail}: file
  "other-sealed",
  "false-invalid", // {detail}: what the slip opens as
  "false-opening",
  "bad-proof",
  "invalid-order",
  "invalid-stranger",
  "invalid-forbidden",
  "unproved-invalid", // {pool} {place} {said} {counted}
  "returned", // {pool} {place} {said} {counted}
  "cancelled", // {pool} {place} {said} {counted}
  "verdict", // {pool} {said} {counted}
  "recount", // {pool} {place} {field} {counted}
  "bad-cosignature", // {detail}
] as const;

export type Check = (typeof checks)[number];

/** Checks that say: these are not the files that the head names. The record may be sound where it is whole. */
const ofThisCopy: readonly string[] = ["missing-file", "strange-file", "file-changed"];

export interface Finding<C extends string = Check> {
  file: string;
  line: number;
  check: C;
  values: Record<string, string | number>;
}

/** Findings in the order they were made; a wholly broken board has as many as slips, so only the first are kept. */
export class Findings<C extends string = Check> {
  readonly kept: Finding<C>[] = [];
  count = 0;
  /** Whether this copy is not the one that was signed, whatever else is wrong with it. */
  isChanged = false;

  constructor(private readonly most = 1000) {}

  add(file: string, line: number, check: C, values: Record<string, string | number> = {}): void {
    this.count += 1;
    this.isChanged ||= ofThisCopy.includes(check);
    if (this.kept.length < this.most) this.kept.push({ file, line, check, values });
  }
}

/** Whoever takes findings of the public checks, among others perhaps. */
export type Finder = Pick<Findings, "add">;
