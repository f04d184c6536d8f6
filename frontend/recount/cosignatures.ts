// cosignatures.jsonl: what the scrutineers named in the manifest signed about this record: seen, checked, or
// disagrees. A false one is a finding. How many checked, and that one disagrees, changes no finding; the page says it.
import { type Bytes, type Json, compare } from "../shared/bytes";
import {
  type Fields,
  Misfit,
  asBytes,
  asFields,
  asFingerprint,
  asIdentifier,
  asList,
  asText,
  inside,
  readJson,
} from "../shared/fields";
import type { Place } from "./closing";
import type { LineCount, PoolCount } from "./counts";
import { cosignaturesFile } from "./files";
import type { Findings } from "./findings";
import { handedPlaces } from "./handed";
import { type Names, readLines } from "./lines";
import { type Rules, type Scrutineer, keyOf } from "./manifest";
import { importPoint, isSignedByPoint } from "./points";
import { signedPart } from "./statements";

const format = "blindballot-cosignature-1";
const reading = { unreadable: "bad-cosignature", most: 1_000_000 } as const;
const many = 2 ** 31 - 1;

export type Kind = "seen" | "checked" | "disagrees";

/** A cosignature that holds. */
export interface Cosigned {
  scrutineer: string;
  kind: Kind;
  lines: number;
  /** Whether all was recounted that only scrutineers can recount. */
  isWhole: boolean;
  remark: string;
}

interface Cosignature {
  record: string;
  scrutineer: string;
  kind: Kind;
  lines: Place[];
  invalid: Bytes[];
  remark: string;
  signature: Bytes;
  signed: Bytes;
}

/** What is known of the record beside the cosignatures; `counts` is null where counts.json could not be read. */
export interface Subject {
  fingerprint: string;
  rules: Rules;
  counts: PoolCount[] | null;
  names: Names;
}

/** Those that hold, in the manifest's order. */
export async function checkCosignatures(bytes: Bytes, subject: Subject, findings: Findings): Promise<Cosigned[]> {
  const { scrutineers } = subject.rules;
  const read = readLines(cosignaturesFile, bytes, findings, readFields, reading);
  const held: Cosigned[] = [];
  let next = 0;
  for (const { at, value } of read) {
    const given = { ...value, signed: await signedPart(value.fields) };
    const place = scrutineers.findIndex(({ id }) => id === given.scrutineer);
    const misfit = place < next ? "scrutineer" : await findMisfit(given, scrutineers[place] as Scrutineer, subject);
    const count = misfit ? null : findMiscount(given, subject);
    if (place >= next) next = place + 1;
    if (misfit) findings.add(cosignaturesFile, at, "bad-cosignature", { detail: misfit });
    else if (count) findings.add(cosignaturesFile, at, "unproved-invalid", { ...count });
    else {
      const { scrutineer, kind, lines, remark } = given;
      held.push({ scrutineer, kind, lines: lines.length, isWhole: isWhole(given, subject), remark });
    }
  }
  return held;
}

function isWhole({ kind, lines }: Cosignature, { counts }: Subject): boolean {
  const listed = new Set(lines.map(placeOf));
  return kind === "checked" && handedPlaces(counts ?? []).every((place) => listed.has(placeOf(place)));
}

function readFields(text: string): Omit<Cosignature, "signed"> & { fields: Fields } {
  const names = ["format", "record", "scrutineer", "kind", "lines", "invalid", "remark", "signature"];
  const fields = asFields(readJson(text), "", names);
  if (fields.format !== format) throw new Misfit("format");
  const kind = (["seen", "checked", "disagrees"] as const).find((known) => known === fields.kind);
  if (!kind) throw new Misfit("kind");
  const lines = asList(fields.lines, "lines", [0, many], readPlace);
  const invalid = asList(fields.invalid, "invalid", [0, many], (name, place) => asBytes(name, place, 32));
  if (kind !== "checked" && lines.length) throw new Misfit("lines");
  if (kind !== "checked" && invalid.length) throw new Misfit("invalid");
  const remark = fields.remark === "" && kind !== "disagrees" ? "" : asText(fields.remark, "remark");
  return {
    fields,
    record: asFingerprint(fields.record, "record"),
    scrutineer: asIdentifier(fields.scrutineer, "scrutineer"),
    kind,
    lines,
    invalid,
    remark,
    signature: asBytes(fields.signature, "signature", 64),
  };
}

function readPlace(item: Json, place: string): Place {
  const given = asFields(item, place, ["pool", "line"]);
  const pool = asIdentifier(given.pool, inside(place, "pool"));
  return { pool, line: asIdentifier(given.line, inside(place, "line")) };
}

/** The first part that does not fit, or "". */
async function findMisfit(given: Cosignature, { signingKey }: Scrutineer, subject: Subject): Promise<string> {
  if (given.record !== subject.fingerprint) return "record";
  const key = await importPoint(signingKey);
  if (!key || !(await isSignedByPoint(key, given.signature, given.signed))) return "signature";
  if (!isOrdered(given.lines, subject.rules) || !areCounted(given.lines, subject)) return "lines";
  const isRising = given.invalid.every((name, at) => !at || compare(given.invalid[at - 1] as Bytes, name) < 0);
  return isRising && areAmong(given, subject) ? "" : "invalid";
}

/** Whether the places are the manifest's, in its order of pools, then lines, none twice. */
export function isOrdered(lines: Place[], rules: Rules): boolean {
  const wanted = lines.map(({ pool, line }) => keyOf(pool, line));
  const pools = new Set(lines.map(({ pool }) => pool));
  let at = 0;
  for (const pool of rules.pools) {
    if (!pools.has(pool.id)) continue;
    for (const { id } of pool.lines) if (wanted[at] === keyOf(pool.id, id)) at += 1;
  }
  return at === wanted.length;
}

/** Of a pool without a valid verdict no slip is opened, so nobody can have recounted it. */
function areCounted(lines: Place[], { counts }: Subject): boolean {
  const uncounted = new Set(counts?.filter(({ verdict }) => verdict !== "valid").map(({ pool }) => pool));
  return lines.every(({ pool }) => !uncounted.has(pool));
}

/** Whether every slip called invalid is on the board, in a place of the list that tells no reasons. */
function areAmong({ invalid, lines }: Cosignature, { names, counts }: Subject): boolean {
  const untold = new Set(counts ? untoldOf(lines, counts).map(({ place }) => place) : lines.map(placeOf));
  return invalid.every((name) => untold.has(names.of(name)?.place ?? ""));
}

function placeOf({ pool, line }: Place): string {
  return keyOf(pool, line);
}

/** Those of the places that publish a band or nothing, with what counts.json says of them. */
function untoldOf(lines: Place[], counts: PoolCount[]): { place: string; pool: string; count: LineCount }[] {
  const wanted = new Set(lines.map(placeOf));
  return counts.flatMap(({ pool, lines: counted }) =>
    counted.flatMap((count) => {
      const place = keyOf(pool, count.line);
      const isUntold = count.publication === "band" || count.publication === "nothing";
      return isUntold && wanted.has(place) ? [{ place, pool, count }] : [];
    }),
  );
}

/** The first place of which counts.json calls another number invalid than the list does. */
function findMiscount(
  { lines, invalid }: Cosignature,
  { names, counts }: Subject,
): Record<string, string | number> | null {
  if (!counts || !lines.length) return null;
  const listed = new Map<string, number>();
  for (const name of invalid) {
    const place = names.of(name)?.place ?? "";
    listed.set(place, (listed.get(place) ?? 0) + 1);
  }
  for (const { place, pool, count } of untoldOf(lines, counts)) {
    const [said, counted] = [count.invalid.get("any") ?? 0, listed.get(place) ?? 0];
    if (said !== counted) return { pool, place: count.line, said, counted };
  }
  return null;
}
