// Opening a slip: what its sealed bytes hold, or the reason why it is invalid, which is the first that holds of the
// three in docs/ballots.md. The exchange comes from a closing key or from a proof.
import { type Bytes, equal } from "../shared/bytes";
import { commitment, sealInfo } from "../shared/slips";
import type { Entry } from "./board";
import { openSealed } from "./hpke";
import type { Line, Rules } from "./manifest";
import { dontKnow } from "./publication";
import { isAnswer } from "./questions";

export const reasons = ["unreadable", "other-commitment", "no-such-mark"] as const;
export type Reason = (typeof reasons)[number];

export interface Plain {
  marks: Bytes;
  salt: Bytes;
}

const [pointSize, tagSize, saltSize] = [65, 16, 32];

/** How long the marks of a line are. */
function marksSize({ criteria, question }: Line): number {
  return question ? question.most : criteria.length;
}

/** How long the sealed bytes of a line are. */
export function sealedSize(line: Line): number {
  return pointSize + marksSize(line) + saltSize + tagSize;
}

/** "" for marks and salt that make the slip valid, else the reason why they do not. */
export async function reasonAgainst(rules: Rules, entry: Entry, { marks, salt }: Plain): Promise<Reason | ""> {
  const own = await commitment(rules.digest, entry.serial, marks, salt);
  if (!equal(own, entry.commitment)) return "other-commitment";
  const line = rules.poolOf.get(entry.pool)?.lineOf.get(entry.id);
  return line && areMarks(rules, line, marks) ? "" : "no-such-mark";
}

function areMarks(rules: Rules, line: Line, marks: Uint8Array): boolean {
  if (line.question) return isAnswer(line.question, marks);
  const isKnown = marks.every((mark) => mark <= rules.grades.length || mark === dontKnow);
  return isKnown && marks.length === line.criteria.length;
}

/** What a slip opens as under the x coordinate of the exchange; `exchanged` null says that there is no exchange. */
export async function openSlip(
  rules: Rules,
  entry: Entry,
  sealed: Bytes,
  closingKey: Bytes,
  exchanged: Bytes | null,
): Promise<{ reason: Reason | ""; plain: Plain | null }> {
  const info = sealInfo(rules.digest, entry.pool, entry.id, entry.serial, entry.version);
  const opened = exchanged && (await openSealed(sealed, exchanged, closingKey, info));
  if (!opened) return { reason: "unreadable", plain: null };
  const size = opened.length - saltSize;
  const plain = { marks: opened.slice(0, size), salt: opened.slice(size) };
  return { reason: await reasonAgainst(rules, entry, plain), plain };
}
