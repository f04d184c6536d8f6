// The manifest that a booth trusts: its exact bytes are hashed and compared with every fingerprint at hand, and the
// keys of the pool's lines are checked against its keys_root by an RFC 9162 inclusion path. sheet.ts shows the
// manifest to a person; the recount has a stricter reading of its own.
import { type Bytes, type Json, canonical, equal, hex, sha256, unb64, utf8 } from "../shared/bytes";
import { hashLeaf, isIncluded } from "../shared/merkle";
import type { Names } from "../shared/wording";
import { issuerKey } from "./blind";
import { Distrust } from "./words";

export interface Grade {
  id: string;
  points: number;
  name: Names;
}
export interface Criterion {
  id: string;
  name: Names;
}
/** Options that are put in order of preference, `most` of them, or approved. */
export interface Question {
  kind: "ranking" | "approval";
  most: number;
  options: Criterion[];
}
/** What one slip marks: criteria of a unit, or a question. */
export interface Line {
  id: string;
  unit: string;
  name: Names;
  criteria?: string[];
  question?: Question;
}
export interface Pool {
  id: string;
  name: Names;
  lines: "all" | string[];
  issuers: string[];
}

export interface Manifest {
  format: string;
  title: Names;
  opens_at: string;
  closes_at: string;
  grades: Grade[];
  criteria: Criterion[];
  lines: Line[];
  pools: Pool[];
  keys_root: string;
  acknowledgement_key: string;
  head_key: string;
}

/** A manifest that has passed `openManifest`; `digest` is M of the format. */
export interface Opened {
  manifest: Manifest;
  digest: Bytes;
  fingerprint: string;
}

export interface KeyDocument {
  pool: string;
  keys: { line: string; closing_key: string; n: string[] }[];
}

/** What a line's marks are sealed to, and the issuers' keys, in the pool's order. */
export interface LineKeys {
  closingKey: Bytes;
  issuers: CryptoKey[];
}

/** The keys of every line of a pool. */
export type Keys = Map<string, LineKeys>;

/** The parts of a code check's answer that are proved here. */
export interface KeyProof {
  pool: string;
  keys: KeyDocument;
  path: string[];
  index: number;
}

/**
 * The manifest in `bytes`. Throws Distrust("other_manifest") unless the bytes hash to every one of `fingerprints`
 * (hexadecimal, either case), are their own canonical form and are of this format.
 */
export async function openManifest(bytes: Bytes, fingerprints: string[]): Promise<Opened> {
  const digest = await sha256(bytes);
  const fingerprint = hex(digest);
  if (!fingerprints.length || fingerprints.some((expected) => expected.toLowerCase() !== fingerprint)) {
    throw new Distrust("other_manifest");
  }
  const manifest = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) as Manifest;
  const own = utf8(canonical(manifest as unknown as Json));
  if (manifest.format !== "blindballot-manifest-1" || !equal(own, bytes)) throw new Distrust("other_manifest");
  return { manifest, digest, fingerprint };
}

export function findPool(manifest: Manifest, id: string): Pool {
  const pool = manifest.pools.find((candidate) => candidate.id === id);
  if (!pool) throw new Distrust("wrong_keys");
  return pool;
}

/** The lines that a pool's people mark, in the manifest's order. */
export function linesOf(manifest: Manifest, pool: Pool): Line[] {
  const { lines } = pool;
  return lines === "all" ? manifest.lines : manifest.lines.filter(({ id }) => lines.includes(id));
}

/**
 * The keys of every line of the proved pool, each imported and none standing twice. Throws Distrust("wrong_keys") if
 * the document is not the manifest's, or leaves a line or an issuer out, or names one twice or in another order.
 */
export async function proveKeys(opened: Opened, proof: KeyProof): Promise<Keys> {
  const { manifest } = opened;
  const pool = findPool(manifest, proof.pool);
  try {
    const named = manifest.pools[proof.index] === pool && proof.keys.pool === pool.id;
    if (!named || !(await isProved(manifest, proof)) || !coversLines(manifest, pool, proof.keys))
      throw new Distrust("wrong_keys");
    const keys = proof.keys.keys.map(async (entry) => [entry.line, await importKeys(entry)] as const);
    return new Map(await Promise.all(keys));
  } catch {
    // An answer too broken to be read is as little proof as a false one.
    throw new Distrust("wrong_keys");
  }
}

async function importKeys({ closing_key, n }: KeyDocument["keys"][number]): Promise<LineKeys> {
  const closingKey = unb64(closing_key, 65);
  if (closingKey[0] !== 4) throw new Distrust("wrong_keys");
  await crypto.subtle.importKey("raw", closingKey, { name: "ECDH", namedCurve: "P-256" }, false, []);
  return { closingKey, issuers: await Promise.all(n.map((modulus) => issuerKey(unb64(modulus, 256)))) };
}

async function isProved(manifest: Manifest, proof: KeyProof): Promise<boolean> {
  const document = await hashLeaf(utf8(canonical(proof.keys as unknown as Json)));
  const path = proof.path.map((hash) => unb64(hash, 32));
  return isIncluded(document, proof.index, manifest.pools.length, path, unb64(manifest.keys_root, 32));
}

function coversLines(manifest: Manifest, pool: Pool, { keys }: KeyDocument): boolean {
  const wanted = linesOf(manifest, pool);
  const once = keys.flatMap(({ closing_key, n }) => [closing_key, ...n]);
  return (
    keys.length === wanted.length &&
    new Set(once).size === once.length &&
    keys.every(({ line, n }, place) => line === wanted[place]?.id && n.length === pool.issuers.length)
  );
}
