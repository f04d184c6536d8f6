// The manifest and the issuers' keys as somebody who recounts must read them: demands every rule of docs/ballots.md.
// The booth has a shorter reading of its own, which this program does not use.
import { type Bytes, type Json, canonical, equal, sha256, unb64, utf8 } from "../shared/bytes";
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
import { hashLeaf, rootOf } from "../shared/merkle";
import type { Names } from "../shared/wording";
import { smallestCell } from "./joining";

export interface Grade {
  id: string;
  points: number;
}
export interface Line {
  id: string;
  unit: string;
  criteria: string[];
}
export interface Pool {
  id: string;
  name: Names;
  size: number;
  issuers: string[];
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
  /** Milliseconds since 1970. */
  closesAt: number;
  grades: Grade[];
  lines: Line[];
  pools: Pool[];
  keysRoot: Bytes;
  acknowledgementKey: Bytes;
  thresholds: Thresholds;
}

/** The issuers' keys of every pool and line, in the pool's order of issuers, under `keyOf`. */
export type IssuerKeys = Map<string, CryptoKey[]>;

const pollIdForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const noMark = ["dont_know", "unmarked"];
// The format still says "round" for the poll.
const manifestFields = ["format", "round", "title", "campaign", "opens_at", "closes_at"].concat(
  ["grades", "criteria", "lines", "pools", "keys_root", "acknowledgement_key", "thresholds"],
);
const many = 100_000;
const patterns = 4096;

/** Where the keys, slips and counts of a pool's line are kept. */
export function keyOf(pool: string, line: string): string {
  return `${pool}/${line}`;
}

/** Throws Misfit where the manifest breaks a rule. */
export async function readManifest(bytes: Bytes): Promise<Rules> {
  const given = asFields(readJson(decode(bytes)), "", manifestFields);
  if (given.format !== "zhengyou-manifest-1") throw new Misfit("format");
  demandPollId(given.round, "round");
  asNames(given.title, "title");
  if (given.campaign !== "") asFingerprint(given.campaign, "campaign");
  const closesAt = asInstant(given.closes_at, "closes_at");
  if (asInstant(given.opens_at, "opens_at") >= closesAt) throw new Misfit("closes_at");
  const grades = readGrades(given.grades);
  const criteria = asList(given.criteria, "criteria", [1, many], readNamed);
  demandUnique(criteria, "criteria");
  return {
    digest: await sha256(bytes),
    closesAt,
    grades,
    lines: readLines(given.lines, criteria, grades.length),
    pools: await readPools(given.pools),
    keysRoot: asBytes(given.keys_root, "keys_root", 32),
    acknowledgementKey: asBytes(given.acknowledgement_key, "acknowledgement_key", 32),
    thresholds: readThresholds(given.thresholds),
  };
}

/** The poll's public id, a UUID. */
function demandPollId(value: Json | undefined, place: string): void {
  if (!pollIdForm.test(asText(value, place))) throw new Misfit(place);
}

function asNames(value: Json | undefined, place: string): Names {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misfit(place);
  const languages = Object.keys(value);
  const known = languages.length > 0 && languages.every((language) => ["zh-hans", "en"].includes(language));
  if (!known) throw new Misfit(place);
  for (const language of languages) if (!asText(value[language], inside(place, language))) throw new Misfit(place);
  return value as Names;
}

function readNamed(item: Json, place: string): string {
  const given = asFields(item, place, ["id", "name"]);
  asNames(given.name, inside(place, "name"));
  return asIdentifier(given.id, inside(place, "id"));
}

function readGrades(value: Json | undefined): Grade[] {
  const grades = asList(value, "grades", [2, 12], (item, place) => {
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

function readLines(value: Json | undefined, criteria: string[], grades: number): Line[] {
  const lines = asList(value, "lines", [1, many], (item, place) => {
    const given = asFields(item, place, ["id", "unit", "name", "criteria"]);
    const unit = asText(given.unit, inside(place, "unit"));
    if (!unit) throw new Misfit(inside(place, "unit"));
    asNames(given.name, inside(place, "name"));
    const at = inside(place, "criteria");
    const marked = asList(given.criteria, at, [1, 12], asIdentifier);
    demandUnique(marked, at);
    const known = marked.every((criterion) => criteria.includes(criterion));
    if (!known || (grades + 2) ** marked.length > patterns) throw new Misfit(at);
    return { id: asIdentifier(given.id, inside(place, "id")), unit, criteria: marked };
  });
  demandUnique(
    lines.map(({ id }) => id),
    "lines",
  );
  return lines;
}

async function readPools(value: Json | undefined): Promise<Pool[]> {
  const points: [Bytes, string][] = [];
  const pools = asList(value, "pools", [1, many], (item, place) => {
    const given = asFields(item, place, ["id", "name", "size", "roll_root", "closing_key", "issuers"]);
    asBytes(given.roll_root, inside(place, "roll_root"), 32);
    const closing = inside(place, "closing_key");
    points.push([asBytes(given.closing_key, closing, 65), closing]);
    const issuers = asList(given.issuers, inside(place, "issuers"), [1, 2], asIdentifier);
    demandUnique(issuers, inside(place, "issuers"));
    return {
      id: asIdentifier(given.id, inside(place, "id")),
      name: asNames(given.name, inside(place, "name")),
      size: asWhole(given.size, inside(place, "size"), 5),
      issuers,
    };
  });
  const ids = pools.map(({ id }) => id);
  demandUnique(ids, "pools");
  for (const [point, place] of points) {
    if (!(await importPoint(point, "ECDH"))) throw new Misfit(place);
  }
  return pools;
}

/** The uncompressed point as a P-256 public key, or null if it is none. */
export async function importPoint(point: Bytes, name: "ECDH" | "ECDSA"): Promise<CryptoKey | null> {
  if (point[0] !== 4) return null;
  const uses: KeyUsage[] = name === "ECDSA" ? ["verify"] : [];
  return crypto.subtle.importKey("raw", point, { name, namedCurve: "P-256" }, false, uses).catch(() => null);
}

function readThresholds(value: Json | undefined): Thresholds {
  const place = "thresholds";
  const given = asFields(value, place, ["nothing_below", "band_below", "open_from", "cell", "turnout"]);
  const nothingBelow = asWhole(given.nothing_below, `${place}.nothing_below`, 5);
  const bandBelow = asWhole(given.band_below, `${place}.band_below`, nothingBelow);
  const [share, whole] = asList(given.turnout, `${place}.turnout`, [2, 2], (item, at) => asWhole(item, at, 0));
  if (share === undefined || !whole || share > whole) throw new Misfit(`${place}.turnout`);
  return {
    nothingBelow,
    bandBelow,
    openFrom: asWhole(given.open_from, `${place}.open_from`, bandBelow),
    cell: asWhole(given.cell, `${place}.cell`, smallestCell),
    turnout: [share, whole],
  };
}

/** The keys in keys.json, proved to be the manifest's. Throws Misfit. */
export async function readKeys(bytes: Bytes, rules: Rules): Promise<IssuerKeys> {
  const size = rules.pools.length;
  const documents = asList(readJson(decode(bytes)), "", [size, size], (item) => item);
  const hashes = await Promise.all(documents.map((document) => hashLeaf(utf8(canonical(document)))));
  if (!equal(await rootOf(hashes), rules.keysRoot)) throw new Misfit("keys_root");
  const listed = documents.flatMap((document, at) => readDocument(document, `[${at}]`, rules.pools[at] as Pool, rules));
  const moduli = listed.map(({ n }) => n);
  if (new Set(moduli).size !== moduli.length) throw new Misfit("n");
  const keys: IssuerKeys = new Map();
  for (const { pool, line, n, place } of listed) {
    const key = await importIssuer(n, place);
    keys.set(keyOf(pool, line), [...(keys.get(keyOf(pool, line)) ?? []), key]);
  }
  return keys;
}

function readDocument(document: Json, place: string, pool: Pool, rules: Rules) {
  const given = asFields(document, place, ["pool", "keys"]);
  if (given.pool !== pool.id) throw new Misfit(`${place}.pool`);
  const expected = rules.lines.flatMap(({ id }) => pool.issuers.map((issuer) => ({ line: id, issuer })));
  const size = expected.length;
  return asList(given.keys, `${place}.keys`, [size, size], (item, where, at) => {
    const { line, issuer, n } = asFields(item, where, ["line", "issuer", "n"]);
    const wanted = expected[at];
    if (!wanted || line !== wanted.line || issuer !== wanted.issuer) throw new Misfit(where);
    return { pool: pool.id, line: wanted.line, n: asText(n, `${where}.n`), place: `${where}.n` };
  });
}

async function importIssuer(n: string, place: string): Promise<CryptoKey> {
  const modulus = asBytes(n, place, 256);
  if ((modulus[0] as number) < 128) throw new Misfit(place);
  const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
  try {
    const key = { kty: "RSA", n, e: "AQAB" };
    return await crypto.subtle.importKey("jwk", key, algorithm, false, ["verify"]);
  } catch {
    throw new Misfit(place);
  }
}

/** Whether `signature` is the acknowledgement key's over `message`; null where the browser does not know Ed25519. */
export async function isSigned(rules: Rules, signature: string, message: Bytes): Promise<boolean | null> {
  try {
    const key = await crypto.subtle.importKey("raw", rules.acknowledgementKey, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, unb64(signature, 64), message);
  } catch (error) {
    return error instanceof DOMException && error.name === "NotSupportedError" ? null : false;
  }
}

/** Throws Misfit at the first key that stands twice. */
function demandUnique(keys: string[], place: string): void {
  const seen = new Set<string>();
  keys.forEach((key, at) => {
    if (seen.has(key)) throw new Misfit(`${place}[${at}]`);
    seen.add(key);
  });
}
