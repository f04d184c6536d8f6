// invalid.jsonl: the slips called invalid on lines published as counts. Their closing key stays secret; a proof by
// Chaum and Pedersen says that the point which opens the slip is that key's, and the slip is opened here with it.
import { type Bytes, type Json, join, lp, sha256, tag, utf8 } from "../shared/bytes";
import { asBytes, asFields, readJson } from "../shared/fields";
import { countsFile, invalidFile } from "../shared/head";
import type { Entry } from "./board";
import type { LineCount, PoolCount } from "./counts";
import { type Point, add, base, multiply, negate, order, readPoint, toNumber, writePoint } from "./curve";
import type { Check, Findings } from "./findings";
import type { Keys } from "./keys";
import { type Named, type Names, NamedSlips, readLines } from "./lines";
import { type Rules, keyOf } from "./manifest";
import { type Reason, openSlip, reasons } from "./opening";
import { asReason } from "./openings";
import { isSealedOf } from "./sealed";

interface Claim {
  slip: Bytes;
  reason: Reason;
  sealed: Bytes;
  /** Both are empty where the sealed bytes begin with no point. */
  point: Bytes;
  proof: Bytes;
}

/** Checks every claim, and that there are as many for each place and reason as counts.json says. */
export async function checkInvalid(
  bytes: Bytes,
  rules: Rules,
  names: Names,
  keys: Keys | null,
  counts: PoolCount[],
  findings: Findings,
): Promise<void> {
  const lines = counts.flatMap(({ pool, lines }) => lines.map((line) => ({ pool, line })));
  const proved = lines.filter(({ line }) => line.publication === "counts");
  const places = new Set(proved.map(({ pool, line }) => keyOf(pool, line.line)));
  const read = readLines(invalidFile, bytes, findings, readClaim);
  const named = new NamedSlips(invalidFile, "invalid", names, places, findings).held(read);
  const counted = new Map<string, Map<string, number>>();
  for (const claim of named) {
    const fault = await findFault(rules, keys, claim);
    if (fault) findings.add(invalidFile, claim.at, ...fault);
    const own = counted.get(claim.entry.place) ?? new Map<string, number>();
    counted.set(claim.entry.place, own.set(claim.value.reason, (own.get(claim.value.reason) ?? 0) + 1));
  }
  for (const { pool, line } of proved) {
    const own = counted.get(keyOf(pool, line.line)) ?? new Map<string, number>();
    compare(pool, line, own, findings);
  }
}

function compare(pool: string, { line, invalid }: LineCount, counted: Map<string, number>, findings: Findings): void {
  for (const reason of reasons) {
    const [said, own] = [invalid.get(reason) ?? 0, counted.get(reason) ?? 0];
    if (said !== own) findings.add(countsFile, 0, "unproved-invalid", { pool, place: line, said, counted: own });
  }
}

function readClaim(text: string): Claim {
  const given = asFields(readJson(text), "", ["slip", "reason", "sealed", "point", "proof"]);
  const bytesOrNone = (name: string, size: number) =>
    given[name] === "" ? new Uint8Array() : asBytes(given[name] as Json, name, size);
  return {
    slip: asBytes(given.slip, "slip", 32),
    reason: asReason(given, "reason"),
    sealed: asBytes(given.sealed, "sealed"),
    point: bytesOrNone("point", 65),
    proof: bytesOrNone("proof", 64),
  };
}

type Fault = [Check, Record<string, string>] | null;

async function findFault(rules: Rules, keys: Keys | null, { value, entry }: Named<Claim>): Promise<Fault> {
  if (!(await isSealedOf(rules, entry, value.sealed))) return ["other-sealed", {}];
  const closingKey = keys?.get(entry.place)?.closingKey;
  if (!closingKey) return null;
  const enc = readPoint(value.sealed.slice(0, 65));
  const isProved = enc
    ? await isDecapsulated(rules, entry, value, enc, closingKey)
    : !value.point.length && !value.proof.length;
  if (!isProved) return ["bad-proof", {}];
  const exchanged = enc && value.point.slice(1, 33);
  const { reason } = await openSlip(rules, entry, value.sealed, closingKey, exchanged);
  return reason === value.reason ? null : ["false-invalid", { detail: reason || "valid" }];
}

/** Whether the proof shows that `point` is the closing key's private number times `enc`. */
async function isDecapsulated(
  rules: Rules,
  entry: Entry,
  { sealed, point, proof }: Claim,
  enc: Point,
  closingKey: Bytes,
): Promise<boolean> {
  const [shared, closing] = [readPoint(point), readPoint(closingKey)];
  if (!shared || !closing || proof.length !== 64) return false;
  const [c, z] = [toNumber(proof.subarray(0, 32)), toNumber(proof.subarray(32))];
  if (c >= order || z >= order) return false;
  const first = add(multiply(z, base), negate(multiply(c, closing)));
  const second = add(multiply(z, enc), negate(multiply(c, shared)));
  if (!first || !second) return false;
  const context = [tag("blindballot-decapsulation-1"), rules.digest, lp(utf8(entry.pool)), lp(utf8(entry.id))];
  const points = [closingKey, sealed.slice(0, 65), point, writePoint(first), writePoint(second)];
  const digest = await sha256(join(...context, entry.name, ...points));
  return toNumber(digest) % order === c;
}
