// What only the booth does with a slip's bytes: the acknowledged message, the slip as it is sent and the line that it
// will be in the record. shared/slips.ts has what the recount needs too.
import { type Bytes, type Json, b64, canonical, join, tag } from "../shared/bytes";
import type { Slip } from "../shared/slips";

/** What the acknowledgement key signs for a slip of this name. */
export function acknowledged(manifest: Bytes, name: Bytes): Bytes {
  return join(tag("blindballot-acknowledgement-1"), manifest, name);
}

function publicPart(slip: Slip): { [key: string]: Json } {
  return {
    pool: slip.pool,
    line: slip.line,
    serial: b64(slip.serial),
    tokens: slip.tokens.map(b64),
    version: slip.version,
    commitment: b64(slip.commitment),
    signature: b64(slip.signature),
  };
}

/** The slip as it goes to the box. Throws if its sealed marks are gone. */
export function wireSlip(slip: Slip): Json {
  if (!slip.sealed) throw new Error("the sealed marks are no longer kept");
  return { ...publicPart(slip), sealed: b64(slip.sealed) };
}

/** The slip's line in the record's board.jsonl, without the line feed. */
export function boardLine(slip: Slip): string {
  return canonical({ ...publicPart(slip), sealed_hash: b64(slip.sealedHash) });
}
