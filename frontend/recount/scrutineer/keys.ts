// A scrutineer's two keys, which follow from one seed: one signs, the other opens what is sealed to the scrutineer.
// Also the file that keeps the seed, and the card, which is all of it that the house gets to see.
import { type Bytes, b64, canonical, join, tag } from "../../shared/bytes";
import { Misfit, asBytes, asFields, readAnyJson } from "../../shared/fields";
import { base, multiply, toNumber, writePoint } from "../curve";
import { ExchangeKey, deriveSecret } from "../hpke";

const fileFormat = "blindballot-scrutineer-keys-1";
const cardFormat = "blindballot-scrutineer-1";
export const seedSize = 32;

/** A private number and its point. */
export interface Pair {
  secret: Bytes;
  point: Bytes;
}

export interface OwnKeys {
  signing: Pair;
  decryption: Pair;
}

export function makeSeed(): Bytes {
  return crypto.getRandomValues(new Uint8Array(seedSize));
}

export async function keysOf(seed: Bytes): Promise<OwnKeys> {
  const [signing, decryption] = await Promise.all(["sign", "open"].map((use) => pairFor(seed, use)));
  return { signing: signing as Pair, decryption: decryption as Pair };
}

async function pairFor(seed: Bytes, use: string): Promise<Pair> {
  const material = await crypto.subtle.importKey("raw", seed, "HKDF", false, ["deriveBits"]);
  const info = tag(`blindballot-scrutineer-${use}-1`);
  const derived = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: join(), info }, material, 256);
  const secret = await deriveSecret(new Uint8Array(derived));
  const point = multiply(toNumber(secret), base);
  if (!point) throw new RangeError("no key follows from this seed");
  return { secret, point: writePoint(point) };
}

export function exchangeKey({ point, secret }: Pair): Promise<ExchangeKey> {
  return ExchangeKey.of(point, secret);
}

export function writeKeyFile(seed: Bytes): string {
  return canonical({ format: fileFormat, seed: b64(seed) });
}

/** The seed of a key file in any layout of JSON: an editor may have been at it. Throws Misfit. */
export function readKeyFile(text: string): Bytes {
  const given = asFields(readAnyJson(text), "", ["format", "seed"]);
  if (given.format !== fileFormat) throw new Misfit("format");
  return asBytes(given.seed, "seed", seedSize);
}

/** The public half, for the house. */
export function writeCard({ signing, decryption }: OwnKeys): string {
  const points = { decryption_key: b64(decryption.point), signing_key: b64(signing.point) };
  return canonical({ format: cardFormat, ...points });
}
