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
  "board-size", // {detail}: number of slips
  "board-root",
  "opened-order",
  "opened-stranger",
  "opened-forbidden",
  "opened-missing", // {detail}: file
  "other-commitment",
  "no-such-mark",
  "returned", // {pool} {place} {said} {counted}
  "cancelled", // {pool} {place} {said} {counted}
  "verdict", // {pool} {said} {counted}
  "recount", // {pool} {place} {field} {counted}
] as const;

export type Check = (typeof checks)[number];

export interface Finding {
  file: string;
  line: number;
  check: Check;
  values: Record<string, string | number>;
}

/** Findings in the order they were made; a wholly broken board has as many as slips, so only the first are kept. */
export class Findings {
  readonly kept: Finding[] = [];
  count = 0;

  constructor(private readonly most = 1000) {}

  add(file: string, line: number, check: Check, values: Record<string, string | number> = {}): void {
    this.count += 1;
    if (this.kept.length < this.most) this.kept.push({ file, line, check, values });
  }
}
