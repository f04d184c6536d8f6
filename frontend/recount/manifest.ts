// The manifest as somebody who recounts must read it: demands every rule of docs/ballots.md. The pools' keys are read
// in keys.ts. The booth has a shorter reading of its own, which this program does not use.
import { type Bytes, type Json, b64, sha256, unb64 } from "../shared/bytes";
import {
  Misfit,
  asBytes,
  asFields,
  asFingerprint,
  asIdentifier,
  asInstant,
  asList,
  asText,
  asWhole,
  decode,
  inside,
  readJson,
} from "../shared/fields";
import type { Names } from "../shared/wording";
import { readPoint } from "./curve";
import { smallestCell } from "./joining";
import { asNames, demandUnique, readNamed } from "./named";
import { type Question, noMark, readQuestion } from "./questions";

export interface Grade {
  id: string;
  points: number;
}
export interface Line {
  id: string;
  unit: string;
  /** None where the line asks a question. */
  criteria: string[];
  question?: Question;
}
export interface Pool {
  id: string;
  name: Names;
  size: number;
  issuers: string[];
  /** The lines that its people mark, in the manifest's order, and by id. Pools that mark all share these. */
  lines: Line[];
  lineOf: Map<string, Line>;
  /** The Ed25519 key of the second issuer's statement, where there is one. */
  statementKey: Bytes | null;
}
export interface Scrutineer {
  id: string;
  name: string;
  signingKey: Bytes;
  decryptionKey: Bytes;
}
export interface Thresholds {
  nothingBelow: number;
  bandBelow: number;
  openFrom: number;
  cell: number;
  turnout: [number, number];
}

/** A manifest that keeps to the format; `digest` is M. */
export interface Rules {
  digest: Bytes;
  poll: string;
  /** Milliseconds since 1970. */
  closesAt: number;
  grades: Grade[];
  lines: Line[];
  pools: Pool[];
  poolOf: Map<string, Pool>;
  keysRoot: Bytes;
  scrutineers: Scrutineer[];
  headKey: Bytes;
  thresholds: Thresholds;
}

const pollIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const manifestFields = ["format", "poll", "title", "campaign", "opens_at", "closes_at", "grades", "criteria"].concat(
  ["lines", "pools", "keys_root", "scrutineers", "acknowledgement_key", "head_key", "thresholds"],
);
const [leastGrades, mostGrades] = [2, 12];
const [mostCriteria, mostLines, mostPools, mostScrutineers] = [1000, 100_000, 10_000, 100];
const mostTurnout = 1000;
const smallestPool = 5;
const patterns = 4096;

/** Where the keys, slips and counts of a pool's line are kept. */
export function keyOf(pool: string, line: string): string {
  return `${pool}/${line}`;
}

/** Throws Misfit where the manifest breaks a rule. */
export async function readManifest(bytes: Bytes): Promise<Rules> {
  const given = asFields(readJson(decode(bytes)), "", manifestFields);
  if (given.format !== "blindballot-manifest-1") throw new Misfit("format");
  asNames(given.title, "title");
  if (given.campaign !== "") asFingerprint(given.campaign, "campaign");
  const closesAt = asInstant(given.closes_at, "closes_at");
  if (asInstant(given.opens_at, "opens_at") >= closesAt) throw new Misfit("closes_at");
  const grades = readGrades(given.grades);
  const criteria = asList(given.criteria, "criteria", [0, mostCriteria], readNamed);
  demandUnique(criteria, "criteria");
  const lines = readLines(given.lines, criteria, grades.length);
  demandGrades(lines, grades.length, criteria.length);
  const pools = readPools(given.pools, lines);
  return {
    digest: await sha256(bytes),
    poll: asPollId(given.poll, "poll"),
    closesAt,
    grades,
    lines,
    pools,
    poolOf: new Map(pools.map((pool) => [pool.id, pool])),
    keysRoot: asBytes(given.keys_root, "keys_root", 32),
    scrutineers: readScrutineers(given.scrutineers),
    headKey: readHeadKey(given.head_key, given.acknowledgement_key),
    thresholds: readThresholds(given.thresholds),
  };
}

/** The poll's public id, a UUID. */
function asPollId(value: Json | undefined, place: string): string {
  const text = asText(value, place);
  if (!pollIdForm.test(text)) throw new Misfit(place);
  return text;
}

/** The key that signs the head. It signs nothing else. */
function readHeadKey(value: Json | undefined, acknowledgementKey: Json | undefined): Bytes {
  asBytes(acknowledgementKey, "acknowledgement_key", 32);
  const key = asBytes(value, "head_key", 32);
  if (value === acknowledgementKey) throw new Misfit("head_key");
  return key;
}

function readGrades(value: Json | undefined): Grade[] {
  const grades = asList(value, "grades", [0, mostGrades], (item, place) => {
    const given = asFields(item, place, ["id", "points", "name"]);
    asNames(given.name, inside(place, "name"));
    const id = asIdentifier(given.id, inside(place, "id"));
    if (noMark.includes(id)) throw new Misfit(inside(place, "id"));
    return { id, points: asWhole(given.points, inside(place, "points"), 0, 1000) };
  });
  const ids = grades.map(({ id }) => id);
  demandUnique(ids, "grades");
  grades.forEach(({ points }, at) => {
    const before = grades[at - 1];
    if (before ? points > before.points : points === 0) throw new Misfit(`grades[${at}].points`);
  });
  return grades;
}

/** Grades and criteria stand there if a line is graded, and only then. */
function demandGrades(lines: Line[], grades: number, criteria: number): void {
  const isGraded = lines.some(({ question }) => !question);
  if (isGraded ? grades < leastGrades : grades > 0) throw new Misfit("grades");
  if (isGraded !== criteria > 0) throw new Misfit("criteria");
}

function readLines(value: Json | undefined, criteria: string[], grades: number): Line[] {
  const known = new Set(criteria);
  const lines = asList(value, "lines", [1, mostLines], (item, place): Line => {
    const isQuestion = typeof item === "object" && item !== null && "question" in item;
    const given = asFields(item, place, ["id", "unit", "name", isQuestion ? "question" : "criteria"]);
    const id = asIdentifier(given.id, inside(place, "id"));
    const unit = asText(given.unit, inside(place, "unit"));
    asNames(given.name, inside(place, "name"));
    const asked = inside(place, "question");
    if (isQuestion) return { id, unit, criteria: [], question: readQuestion(given.question, asked) };
    const at = inside(place, "criteria");
    const marked = asList(given.criteria, at, [1, 12], asIdentifier);
    demandUnique(marked, at);
    if (!marked.every((criterion) => known.has(criterion))) throw new Misfit(at);
    if ((grades + 2) ** marked.length > patterns) throw new Misfit(at);
    return { id, unit, criteria: marked };
  });
  demandUnique(
    lines.map(({ id }) => id),
    "lines",
  );
  return lines;
}

function readPools(value: Json | undefined, lines: Line[]): Pool[] {
  const all = byId(lines);
  const pools = asList(value, "pools", [1, mostPools], (item, place) => {
    const names = ["id", "name", "size", "roll_root", "lines", "issuers", "statement_keys"];
    const given = asFields(item, place, names);
    asBytes(given.roll_root, inside(place, "roll_root"), 32);
    const issuers = asList(given.issuers, inside(place, "issuers"), [1, 2], asIdentifier);
    demandUnique(issuers, inside(place, "issuers"));
    const own = given.lines === "all" ? lines : someLines(given.lines, inside(place, "lines"), lines);
    const second = issuers.length - 1;
    const keys = asList(given.statement_keys, inside(place, "statement_keys"), [second, second], (key, at) =>
      asBytes(key, at, 32),
    );
    return {
      id: asIdentifier(given.id, inside(place, "id")),
      name: asNames(given.name, inside(place, "name")),
      size: asWhole(given.size, inside(place, "size"), smallestPool),
      issuers,
      lines: own,
      lineOf: own === lines ? all : byId(own),
      statementKey: keys[0] ?? null,
    };
  });
  demandUnique(
    pools.map(({ id }) => id),
    "pools",
  );
  return pools;
}

function byId(lines: Line[]): Map<string, Line> {
  return new Map(lines.map((line) => [line.id, line]));
}

/** Some lines of the manifest, but not all, in its order. */
function someLines(value: Json | undefined, place: string, lines: Line[]): Line[] {
  const wanted = asList(value, place, [1, lines.length - 1], asIdentifier);
  const some: Line[] = [];
  for (const line of lines) if (line.id === wanted[some.length]) some.push(line);
  if (some.length !== wanted.length) throw new Misfit(place);
  return some;
}

/** Their points are all different: whoever could sign for another could stand for two. */
function readScrutineers(value: Json | undefined): Scrutineer[] {
  const points: string[] = [];
  const scrutineers = asList(value, "scrutineers", [0, mostScrutineers], (item, place) => {
    const given = asFields(item, place, ["id", "name", "signing_key", "decryption_key"]);
    const [signingKey, decryptionKey] = (["signing_key", "decryption_key"] as const).map((name) =>
      asPoint(given[name], inside(place, name)),
    ) as [Bytes, Bytes];
    points.push(b64(signingKey), b64(decryptionKey));
    const id = asIdentifier(given.id, inside(place, "id"));
    return { id, name: asText(given.name, inside(place, "name")), signingKey, decryptionKey };
  });
  demandUnique(
    scrutineers.map(({ id }) => id),
    "scrutineers",
  );
  if (new Set(points).size !== points.length) throw new Misfit("scrutineers");
  return scrutineers;
}

/** The bytes of a point. */
export function asPoint(value: Json | undefined, place: string): Bytes {
  const bytes = asBytes(value, place, 65);
  if (!readPoint(bytes)) throw new Misfit(place);
  return bytes;
}

function readThresholds(value: Json | undefined): Thresholds {
  const place = "thresholds";
  const given = asFields(value, place, ["nothing_below", "band_below", "open_from", "cell", "turnout"]);
  const nothingBelow = asWhole(given.nothing_below, `${place}.nothing_below`, 5);
  const bandBelow = asWhole(given.band_below, `${place}.band_below`, nothingBelow);
  const part = (item: Json, at: string) => asWhole(item, at, 0, mostTurnout);
  const [share, whole] = asList(given.turnout, `${place}.turnout`, [2, 2], part);
  if (share === undefined || !whole || share > whole) throw new Misfit(`${place}.turnout`);
  return {
    nothingBelow,
    bandBelow,
    openFrom: asWhole(given.open_from, `${place}.open_from`, bandBelow),
    cell: asWhole(given.cell, `${place}.cell`, smallestCell),
    turnout: [share, whole],
  };
}

/** Whether `signature` is the Ed25519 key's over `message`; null where the browser does not know Ed25519. */
export async function isSignedBy(raw: Bytes, signature: string, message: Bytes): Promise<boolean | null> {
  try {
    const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, unb64(signature, 64), message);
  } catch (error) {
    return error instanceof DOMException && error.name === "NotSupportedError" ? null : false;
  }
}
