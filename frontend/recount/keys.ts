// keys.json: the issuers' keys and the closing key of every pool and line, proved to be the manifest's.
import { type Bytes, type Json, b64, canonical, equal, utf8 } from "../shared/bytes";
import { Misfit, asBytes, asFields, asList, decode, readJson } from "../shared/fields";
import { hashLeaf, rootOf } from "../shared/merkle";
import { type Pool, type Rules, asPoint, keyOf } from "./manifest";
import { isModulus } from "./moduli";

/** The keys of one pool and line; those of the issuers in the pool's order. */
export interface PlaceKeys {
  closingKey: Bytes;
  issuers: CryptoKey[];
}

/** By `keyOf`. */
export type Keys = Map<string, PlaceKeys>;

/** No key may stand twice in all the documents, so that no token counts on two lines. */
class Once {
  private readonly seen = new Set<string>();

  demand(bytes: Bytes, place: string): void {
    const text = b64(bytes);
    if (this.seen.has(text)) throw new Misfit(place);
    this.seen.add(text);
  }
}

/** Throws Misfit. */
export async function readKeys(bytes: Bytes, rules: Rules): Promise<Keys> {
  const size = rules.pools.length;
  const documents = asList(readJson(decode(bytes)), "", [size, size], (item) => item);
  const hashes = await Promise.all(documents.map((document) => hashLeaf(utf8(canonical(document)))));
  if (!equal(await rootOf(hashes), rules.keysRoot)) throw new Misfit("keys_root");
  const keys: Keys = new Map();
  const once = new Once();
  for (const [at, document] of documents.entries()) {
    const pool = rules.pools[at] as Pool;
    for (const entry of readDocument(document, `[${at}]`, pool, once)) {
      const issuers = await Promise.all(entry.moduli.map((modulus) => importIssuer(modulus, entry.place)));
      keys.set(keyOf(pool.id, entry.line), { closingKey: entry.closingKey, issuers });
    }
  }
  return keys;
}

function readDocument(document: Json, place: string, pool: Pool, once: Once) {
  const given = asFields(document, place, ["pool", "keys"]);
  if (given.pool !== pool.id) throw new Misfit(`${place}.pool`);
  const [size, width] = [pool.lines.length, pool.issuers.length];
  return asList(given.keys, `${place}.keys`, [size, size], (item, where, at) => {
    const { line, closing_key, n } = asFields(item, where, ["line", "closing_key", "n"]);
    const wanted = pool.lines[at]?.id;
    if (wanted === undefined || line !== wanted) throw new Misfit(`${where}.line`);
    const closingKey = asPoint(closing_key, `${where}.closing_key`);
    once.demand(closingKey, `${where}.closing_key`);
    const moduli = asList(n, `${where}.n`, [width, width], (value, inner) => readModulus(value, inner, once));
    return { line: wanted, closingKey, moduli, place: `${where}.n` };
  });
}

function readModulus(value: Json, place: string, once: Once): Bytes {
  const modulus = asBytes(value, place, 256);
  if (!isModulus(modulus)) throw new Misfit(place);
  once.demand(modulus, place);
  return modulus;
}

async function importIssuer(modulus: Bytes, place: string): Promise<CryptoKey> {
  const algorithm = { name: "RSA-PSS", hash: "SHA-384" };
  try {
    const key = { kty: "RSA", n: b64(modulus), e: "AQAB" };
    return await crypto.subtle.importKey("jwk", key, algorithm, false, ["verify"]);
  } catch {
    throw new Misfit(place);
  }
}
