// Slips that another device opened instead of casting them: made anew from what it shows, and held against the code
// that it had shown before. Knows no page.
import { type Bytes, hex, join, sha256 } from "../../shared/bytes";
import { Misfit } from "../../shared/fields";
import { type OpenedSlip, readOpened, sealDigest, sealItem, sealLetters } from "../../shared/sealcode";
import { commitment, sealInfo } from "../../shared/slips";
import { sealFrom } from "../hpke";
import type { Keys } from "../keys";
import { type Rules, keyOf } from "../manifest";
import { Doubtful } from "./words";

/** What a second device keeps: the 26 letters, and the whole 32 bytes in hexadecimal if it was scanned. */
export interface Code {
  letters: string;
  digest: string;
}

export interface Opening {
  slips: OpenedSlip[];
  /** How many slips a whole stack of this pool has. */
  total: number;
  fate: "fits" | "waits" | "differs";
}

/** Whether 32 bytes are those of the code. */
export function isCode({ letters, digest }: Code, made: Bytes): boolean {
  return sealLetters(made) === letters && (!digest || hex(made) === digest);
}

/** The slips of these lines of text, one a line. Throws Doubtful. */
export async function checkOpened(text: string, code: Code, rules: Rules, keys: Keys): Promise<Opening> {
  const slips = text.split(/\r?\n/).flatMap((line, at) => (line.trim() ? [readLine(line.trim(), at + 1)] : []));
  const once = Array.from(new Map(slips.map((slip) => [JSON.stringify(slip, hexed), slip])).values());
  demandOneStack(once, rules);
  const items = await Promise.all(once.map((slip) => remake(slip, rules, keys)));
  const total = rules.poolOf.get(once[0]?.pool ?? "")?.lines.length ?? 0;
  const fits = isCode(code, await sealDigest(rules.digest, items));
  return { slips: once, total, fate: fits ? "fits" : once.length < total ? "waits" : "differs" };
}

const hexed = (_: string, value: unknown) => (value instanceof Uint8Array ? hex(value) : value);

function readLine(text: string, line: number): OpenedSlip {
  try {
    return readOpened(text);
  } catch (error) {
    throw error instanceof Misfit ? new Doubtful("opened_unreadable", { line }) : error;
  }
}

/** One scanned twice is one; two different ones of a line, or of two pools, are no stack. */
function demandOneStack(slips: OpenedSlip[], rules: Rules): void {
  if (!slips.length) throw new Doubtful("opened_none");
  const [first] = slips;
  const lines = new Set<string>();
  for (const { manifest, pool, line } of slips) {
    if (manifest !== hex(rules.digest)) throw new Doubtful("opened_other");
    if (!rules.poolOf.get(pool)?.lineOf.has(line)) throw new Doubtful("opened_no_line");
    if (lines.has(line) || pool !== first?.pool) throw new Doubtful("opened_twice", { name: line });
    lines.add(line);
  }
}

/** What the slip gives to the code, if it was sealed as it says and to the poll's own key. */
async function remake(slip: OpenedSlip, { digest }: Rules, keys: Keys): Promise<Bytes> {
  const { pool, line, serial, version, marks, salt, randomness } = slip;
  const closingKey = keys.get(keyOf(pool, line))?.closingKey;
  if (!closingKey) throw new Doubtful("opened_no_line");
  const info = sealInfo(digest, pool, line, serial, version);
  const sealedHash = await sha256(await sealFrom(randomness, closingKey, info, join(marks, salt)));
  return sealItem({ commitment: await commitment(digest, serial, marks, salt), sealedHash });
}
