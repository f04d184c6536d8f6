// The other side of the booth's tests: the shared vectors' manifest, and an issuer that signs with their private keys.
import { type Bytes, b64, hex, unb64 } from "../../shared/bytes";
import { type KeyDocument, type KeyProof, type Opened, openManifest } from "../../booth/manifest";
import { fromHex, read, vectors } from "../vectors";

export interface BlindVectors {
  p: string;
  q: string;
  message: string;
  variants: {
    name: string;
    prefix: string;
    salt: string;
    inverse: string;
    blinded: string;
    blind_signature: string;
    signature: string;
  }[];
}

export const rfc9474 = read("blindballot-rfc9474") as BlindVectors;

export const manifestBytes = (): Bytes => new Uint8Array(Buffer.from(vectors.manifest, "utf8"));

export const opened = (): Promise<Opened> => openManifest(manifestBytes(), [vectors.fingerprint]);

/** What the site answers for a code of the pool at this place. */
export function proofOf(place: number): KeyProof {
  const pool = vectors.pools[place];
  if (!pool) throw new Error(`no pool ${place}`);
  const keys = JSON.parse(pool.key_document) as KeyDocument;
  return { pool: pool.pool, keys, path: [...pool.key_document_path], index: pool.key_document_index };
}

export const toNumber = (bytes: Uint8Array): bigint => BigInt(`0x${hex(bytes) || "0"}`);
export const toModulusBytes = (value: bigint, size = 256): Bytes => fromHex(value.toString(16).padStart(2 * size, "0"));

export function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  for (let square = base % modulus, rest = exponent; rest; rest >>= 1n, square = (square * square) % modulus) {
    if (rest & 1n) result = (result * square) % modulus;
  }
  return result;
}

export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [modulus, ((value % modulus) + modulus) % modulus, 0n, 1n];
  while (b) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}

/** The raw RSA signature with the two primes: what the issuer answers to blinded bytes. */
export function rawSign(p: bigint, q: bigint, blinded: Bytes): Bytes {
  const d = inverse(65537n, (p - 1n) * (q - 1n));
  return toModulusBytes(power(toNumber(blinded), d, p * q));
}

/** The whole answer for a pool of the vectors by its issuer at this place. */
export function signAll(place: number, blinded: { [line: string]: Bytes }, issuer = 0): { [line: string]: string } {
  const keys = vectors.pools[place]?.issuer_keys ?? [];
  const names = Array.from(new Set(keys.map((key) => key.issuer)));
  const own = keys.filter((key) => key.issuer === names[issuer]);
  const answers = own.map(({ line, p, q }) => {
    return [line, b64(rawSign(toNumber(unb64(p)), toNumber(unb64(q)), blinded[line] as Bytes))] as const;
  });
  return Object.fromEntries(answers);
}

/** Runs `act` with the next random bytes given: the RFC's vectors say what the draws were. */
export async function withRandom<T>(draws: Bytes[], act: () => Promise<T>): Promise<T> {
  const original = crypto.getRandomValues.bind(crypto);
  const queue = [...draws];
  crypto.getRandomValues = (<A extends ArrayBufferView>(target: A): A => {
    const next = queue.shift();
    if (!next || next.length !== target.byteLength) throw new Error("an unexpected draw");
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(next);
    return target;
  }) as typeof crypto.getRandomValues;
  try {
    return await act();
  } finally {
    crypto.getRandomValues = original;
  }
}
