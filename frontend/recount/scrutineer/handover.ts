// The file that the house hands to each scrutineer after the close: for every place whose counts rest on sealed slips a
// commitment and the sealed shares of its closing key, then the sealed slips. Its form only; what it says is checked in
// shares.ts and sealedrecount.ts.
import { type Bytes, hex } from "../../shared/bytes";
import {
  Misfit,
  asBytes,
  asFields,
  asIdentifier,
  asList,
  asWhole,
  lineText,
  readJson,
  splitLines,
} from "../../shared/fields";
import type { Place } from "../closing";
import { isOrdered } from "../cosignatures";
import { type Read, readLines } from "../lines";
import { type Rules, asPoint } from "../manifest";
import type { SealedFindings } from "./findings";

const format = "blindballot-handover-1";
export const handoverFile = "handover.jsonl";
/** The shares of a hundred scrutineers are 16 KB. */
const mostPlaceLine = 65_536;
/** A point, a number and the seal's own tag. */
const shareSize = 65 + 32 + 16;
const lineFeed = 10;

/** A place whose closing key is shared; the sealed shares are in the manifest's order of scrutineers. */
export interface Handed extends Place {
  commitment: Bytes;
  shares: Bytes[];
}

export interface SealedSlip {
  slip: Bytes;
  sealed: Bytes;
}

export interface Handover {
  places: Handed[];
  slips: Read<SealedSlip>[];
}

/** The file, or null and a finding if its first line or its shares cannot be read. */
export function readHandover(bytes: Bytes, rules: Rules, findings: SealedFindings): Handover | null {
  let line = 1;
  try {
    const count = readFirst(lineText(splitLines(bytes.subarray(0, sizeOfLines(bytes, 1)))[0] ?? null), rules);
    const size = sizeOfLines(bytes, count + 1);
    const places = splitLines(bytes.subarray(0, size)).slice(1);
    const handed = Array.from({ length: count }, (_, at) => {
      line = at + 2;
      return readPlace(lineText(places[at] ?? null, mostPlaceLine), rules);
    });
    line = 1;
    if (!isOrdered(handed, rules)) throw new Misfit("places");
    return { places: handed, slips: readSlips(bytes.subarray(size), count + 1, findings) };
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    findings.add(handoverFile, line, "bad-handover", { detail: error.place });
    return null;
  }
}

/** How many bytes the first `count` lines have, or all there are. */
function sizeOfLines(bytes: Bytes, count: number): number {
  let size = 0;
  for (let line = 0; line < count && size < bytes.length; line++) {
    const end = bytes.indexOf(lineFeed, size);
    size = end < 0 ? bytes.length : end + 1;
  }
  return size;
}

function readFirst(text: string, rules: Rules): number {
  const given = asFields(readJson(text), "", ["format", "manifest", "places"]);
  if (given.format !== format) throw new Misfit("format");
  if (given.manifest !== hex(rules.digest)) throw new Misfit("manifest");
  return asWhole(given.places, "places", 0);
}

function readPlace(text: string, rules: Rules): Handed {
  const given = asFields(readJson(text), "", ["commitment", "line", "pool", "shares"]);
  const count = rules.scrutineers.length;
  return {
    pool: asIdentifier(given.pool, "pool"),
    line: asIdentifier(given.line, "line"),
    commitment: asPoint(given.commitment, "commitment"),
    shares: asList(given.shares, "shares", [count, count], (share, place) => asBytes(share, place, shareSize)),
  };
}

/** The lines behind the first `before` ones. */
function readSlips(bytes: Bytes, before: number, findings: SealedFindings): Read<SealedSlip>[] {
  const read = (text: string) => {
    const given = asFields(readJson(text), "", ["sealed", "slip"]);
    return { slip: asBytes(given.slip, "slip", 32), sealed: asBytes(given.sealed, "sealed") };
  };
  return readLines(handoverFile, bytes, findings, read, { before });
}
