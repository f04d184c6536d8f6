// cancelled.jsonl: paper slips that were printed and not drawn. Each has a known place, their serials are in order, and
// no cancelled slip is on the board.
import { type Bytes, compare, hex } from "../shared/bytes";
import { Misfit, asBytes, asFields, asIdentifier, lineText, readJson, splitLines } from "../shared/fields";
import { boardFile, cancelledFile } from "../shared/head";
import type { Board } from "./board";
import type { Check, Findings } from "./findings";
import { type Rules, importPoint, keyOf } from "./manifest";

interface CancelledSlip {
  pool: string;
  line: string;
  serial: Bytes;
}

/** How many slips are cancelled in each place; null where the file has a fault, so that numbers say nothing. */
export async function checkCancelled(
  bytes: Bytes,
  rules: Rules,
  board: Board,
  findings: Findings,
): Promise<Map<string, number> | null> {
  const places = new Set(rules.pools.flatMap((pool) => rules.lines.map((line) => keyOf(pool.id, line.id))));
  const counted = new Map<string, number>();
  const serials = new Map<string, number>();
  let last: Bytes | null = null;
  let isSound = true;
  for (const [at, text] of splitLines(bytes).entries()) {
    const slip = read(text);
    const fault = slip instanceof Misfit ? "line-form" : await findFault(slip, places, last);
    if (fault) {
      findings.add(cancelledFile, at + 1, fault, slip instanceof Misfit ? { detail: slip.place } : {});
      isSound = false;
    }
    if (slip instanceof Misfit) continue;
    last = slip.serial;
    serials.set(hex(slip.serial), at + 1);
    const place = keyOf(slip.pool, slip.line);
    counted.set(place, (counted.get(place) ?? 0) + 1);
  }
  for (const { serial, line } of board.entries) {
    const cancelled = serials.get(hex(serial));
    if (cancelled) findings.add(boardFile, line, "cancelled-used", { detail: cancelled });
  }
  return isSound ? counted : null;
}

function read(text: Bytes | null): CancelledSlip | Misfit {
  try {
    const given = asFields(readJson(lineText(text)), "", ["pool", "line", "serial"]);
    const [pool, line] = [asIdentifier(given.pool, "pool"), asIdentifier(given.line, "line")];
    return { pool, line, serial: asBytes(given.serial, "serial", 65) };
  } catch (error) {
    if (error instanceof Misfit) return error;
    throw error;
  }
}

async function findFault(slip: CancelledSlip, places: Set<string>, last: Bytes | null): Promise<Check | null> {
  if (!places.has(keyOf(slip.pool, slip.line))) return "unknown-line";
  if (!(await importPoint(slip.serial, "ECDSA"))) return "bad-serial";
  return last && compare(last, slip.serial) >= 0 ? "cancelled-order" : null;
}
