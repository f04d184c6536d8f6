// The manifest that a booth trusts: its exact bytes are hashed and compared with every fingerprint at hand, and the
// pool's issuer keys are checked against its keys_root by an RFC 9162 inclusion path. sheet.ts shows the manifest to a
// person; the recount has a stricter reading of its own.
import { type Bytes, type Json, canonical, compare, equal, hex, join, sha256, unb64, utf8 } from "../shared/bytes";
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
export interface Line {
  id: string;
  unit: string;
  name: Names;
  criteria: string[];
}
export interface Pool {
  id: string;
  name: Names;
  closing_key: string;
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
}

/** A manifest that has passed `openManifest`; `digest` is M of the format. */
export interface Opened {
  manifest: Manifest;
  digest: Bytes;
  fingerprint: string;
}

export interface KeyDocument {
  pool: string;
  keys: { line: string; issuer: string; n: string }[];
}

/** The issuers' keys of every line, in the pool's order of issuers. */
export type Keys = Map<string, CryptoKey[]>;

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
  if (manifest.format !== "zhengyou-manifest-1" || !equal(own, bytes)) throw new Distrust("other_manifest");
  return { manifest, digest, fingerprint };
}

export function findPool(manifest: Manifest, id: string): Pool {
  const pool = manifest.pools.find((candidate) => candidate.id === id);
  if (!pool) throw new Distrust("wrong_keys");
  return pool;
}

/**
 * Whether `leaf` is number `index` of `size` leaves under `root`: RFC 9162, section 2.1.3.2. Leaves are hashed here.
 */
export async function isIncluded(
  leaf: Bytes,
  index: number,
  size: number,
  path: Bytes[],
  root: Bytes,
): Promise<boolean> {
  if (!Number.isInteger(index) || index < 0 || index >= size) return false;
  let hash = await sha256(join(Uint8Array.of(0), leaf));
  let [place, last] = [index, size - 1];
  for (const sibling of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = await sha256(join(Uint8Array.of(1), sibling, hash));
      while (place % 2 === 0 && place !== 0) [place, last] = [place >> 1, last >> 1];
    } else {
      hash = await sha256(join(Uint8Array.of(1), hash, sibling));
    }
    [place, last] = [place >> 1, last >> 1];
  }
  return last === 0 && compare(hash, root) === 0;
}

/**
 * The issuers' keys of every line for the proved pool. Throws Distrust("wrong_keys") if the document is not the
 * manifest's, or leaves a line or an issuer out, or names one twice or in another order.
 */
export async function proveKeys(opened: Opened, proof: KeyProof): Promise<Keys> {
  const { manifest } = opened;
  const pool = findPool(manifest, proof.pool);
  try {
    const named = manifest.pools[proof.index] === pool && proof.keys.pool === pool.id;
    if (!named || !(await isProved(manifest, proof)) || !coversLines(manifest, pool, proof.keys))
      throw new Distrust("wrong_keys");
    const keys = await Promise.all(proof.keys.keys.map(({ n }) => issuerKey(unb64(n, 256))));
    const width = pool.issuers.length;
    return new Map(manifest.lines.map(({ id }, place) => [id, keys.slice(place * width, (place + 1) * width)]));
  } catch {
    // An answer too broken to be read is as little proof as a false one.
    throw new Distrust("wrong_keys");
  }
}

function isProved(manifest: Manifest, proof: KeyProof): Promise<boolean> {
  const document = utf8(canonical(proof.keys as unknown as Json));
  const path = proof.path.map((hash) => unb64(hash, 32));
  return isIncluded(document, proof.index, manifest.pools.length, path, unb64(manifest.keys_root, 32));
}

function coversLines({ lines }: Manifest, { issuers }: Pool, { keys }: KeyDocument): boolean {
  const wanted = lines.flatMap(({ id }) => issuers.map((issuer) => [id, issuer] as const));
  return (
    keys.length === wanted.length &&
    keys.every(({ line, issuer }, place) => line === wanted[place]?.[0] && issuer === wanted[place]?.[1])
  );
}
