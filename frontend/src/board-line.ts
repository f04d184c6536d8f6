// The lines of a file of the record, and the slip that a line of the board is. Strict: whatever does not fit is a Misfit.
import type { Bytes, Slip } from "./format";
import { Misfit, asBytes, asFields, asIdentifier, asList, asWhole, decode, readJson } from "./recount-fields";

const lineFeed = 10;
const largestVersion = 2 ** 32 - 1;

/** The lines of a file without their line feeds; a last line without one is given as null, being cut. */
export function splitLines(bytes: Bytes): (Bytes | null)[] {
  const lines: (Bytes | null)[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(lineFeed, from);
    lines.push(end < 0 ? null : bytes.subarray(from, end));
    from = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

/** The text of a line, or a Misfit for one that was cut. */
export function lineText(line: Bytes | null): string {
  if (!line) throw new Misfit("");
  return decode(line);
}

/** The slip of a line of the board, without its line feed. Throws Misfit. */
export function readSlip(text: string): Slip {
  const names = ["pool", "line", "serial", "tokens", "version", "commitment", "sealed_hash", "signature"];
  const given = asFields(readJson(text), "", names);
  return {
    pool: asIdentifier(given.pool, "pool"),
    line: asIdentifier(given.line, "line"),
    serial: asBytes(given.serial, "serial", 65),
    tokens: asList(given.tokens, "tokens", [1, 255], (token, place) => asBytes(token, place, 288)),
    version: asWhole(given.version, "version", 1, largestVersion),
    commitment: asBytes(given.commitment, "commitment", 32),
    sealed: null,
    sealedHash: asBytes(given.sealed_hash, "sealed_hash", 32),
    signature: asBytes(given.signature, "signature", 64),
  };
}
