// board.jsonl: reads every slip, verifies its tokens and signature, hashes its name and leaf. Works in stretches;
// between them the page learns how far it is and may stop. What the slips add up to is checked in record.ts.
import { type Bytes, compare, hex, join } from "../shared/bytes";
import { Misfit, lineText, splitLines } from "../shared/fields";
import { boardFile } from "../shared/head";
import { hashLeaf, rootOf } from "../shared/merkle";
import { type Slip, readSlip, slipBody, slipName } from "../shared/slips";
import type { Check, Findings } from "./findings";
import type { Keys } from "./keys";
import { type Rules, keyOf } from "./manifest";
import { importPoint, isSignedByPoint } from "./points";

const stretch = 128;

/** Called between stretches: reports how far it is, lets messages in, throws to stop. */
export type Pause = (done: number) => Promise<void>;

/** A slip of a known pool and line, whose `id` it is. `line` counts from 1; `place` is what `keyOf` says. */
export interface Entry {
  line: number;
  place: string;
  pool: string;
  id: string;
  serial: Bytes;
  version: number;
  commitment: Bytes;
  sealedHash: Bytes;
  name: Bytes;
  isSound: boolean;
}

export interface Board {
  size: number;
  entries: Entry[];
  root: Bytes | null;
}

/** Checks every slip for itself, then their order, serials and root. `keys` null: tokens cannot be checked. */
export async function checkBoard(
  bytes: Bytes,
  rules: Rules,
  keys: Keys | null,
  findings: Findings,
  pause: Pause,
): Promise<Board> {
  const lines = splitLines(bytes);
  const checker = new Checker(rules, keys);
  const checked: Checked[] = [];
  for (let from = 0; from < lines.length; from += stretch) {
    const some = lines.slice(from, from + stretch).map((line, at) => checker.check(line, from + at + 1));
    checked.push(...(await Promise.all(some)));
    await pause(checked.length);
  }
  for (const { line, fault, detail } of checked) if (fault) findings.add(boardFile, line, fault, { detail });
  const entries = checked.flatMap(({ entry }) => entry ?? []);
  demandOrder(entries, findings);
  demandOnce(entries, findings);
  const leaves = checked.flatMap(({ hash }) => hash ?? []);
  const isWhole = leaves.length === lines.length;
  const root = isWhole ? await rootOf(leaves, () => pause(checked.length)) : null;
  return { size: lines.length, entries, root };
}

/** A line of the board after its checks: the first that failed, if any; `hash` of its leaf if it could be read. */
interface Checked {
  line: number;
  fault: Check | null;
  detail: string;
  hash: Bytes | null;
  entry: Entry | null;
}

class Checker {
  constructor(
    private readonly rules: Rules,
    private readonly keys: Keys | null,
  ) {}

  async check(bytes: Bytes | null, line: number): Promise<Checked> {
    let slip: Slip;
    try {
      slip = readSlip(lineText(bytes));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      return { line, fault: "line-form", detail: error.place, hash: null, entry: null };
    }
    const [name, fault] = await Promise.all([slipName(this.rules.digest, slip), this.findFault(slip)]);
    const hash = await hashLeaf(name);
    const { pool, serial, version, commitment, sealedHash } = slip;
    const own = { pool, id: slip.line, serial, version, commitment, sealedHash };
    const entry = { ...own, line, place: keyOf(pool, slip.line), name, isSound: !fault };
    return { line, fault, detail: "", hash, entry: fault === "unknown-line" ? null : entry };
  }

  private async findFault(slip: Slip): Promise<Check | null> {
    const pool = this.rules.poolOf.get(slip.pool);
    if (!pool?.lineOf.has(slip.line)) return "unknown-line";
    if (slip.tokens.length !== pool.issuers.length) return "wrong-issuers";
    if (!(await this.hasTokens(slip))) return "forged-token";
    const key = await importPoint(slip.serial);
    if (!key) return "bad-serial";
    const body = slipBody(this.rules.digest, slip);
    return (await isSignedByPoint(key, slip.signature, body)) ? null : "forged-signature";
  }

  /** RFC 9474, section 4.5: an RSASSA-PSS signature on prefix and serial, SHA-384, a salt of 48 bytes. */
  private async hasTokens(slip: Slip): Promise<boolean> {
    if (!this.keys) return true;
    const keys = this.keys.get(keyOf(slip.pool, slip.line))?.issuers ?? [];
    const algorithm = { name: "RSA-PSS", saltLength: 48 };
    const verified = slip.tokens.map((token, place) => {
      const message = join(token.subarray(0, 32), slip.serial);
      return crypto.subtle.verify(algorithm, keys[place] as CryptoKey, token.subarray(32) as Bytes, message);
    });
    return (await Promise.all(verified)).every(Boolean);
  }
}

/** Leaves out slips that are already found false, so that the blame does not fall on their neighbours. */
function demandOrder(entries: Entry[], findings: Findings): void {
  let last: Entry | null = null;
  for (const entry of entries.filter(({ isSound }) => isSound)) {
    if (last && compare(last.name, entry.name) >= 0) findings.add(boardFile, entry.line, "board-order");
    last = entry;
  }
}

function demandOnce(entries: Entry[], findings: Findings): void {
  const lines = new Map<string, number>();
  for (const { serial, line } of entries) {
    const key = hex(serial);
    const first = lines.get(key);
    if (first) findings.add(boardFile, line, "serial-twice", { detail: first });
    else lines.set(key, line);
  }
}
