// A printed slip on a phone: from its 28 letters to a ballot of one line that has its token already. docs/ballots.md
// says what follows from the letters; blindballot's paper.py derives the same.
import { type Bytes, b64, hex, tag, unb64, utf8 } from "../shared/bytes";
import { readLetters } from "../shared/letters";
import { type Ballot, ballotId } from "./ballot";
import { isToken } from "./blind";
import type { Station } from "./casting";
import { type KeyProof, proveKeys } from "./manifest";
import { nameless, post } from "./server";
import { Distrust } from "./words";

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const keyLetters = 26;

/** The 26 letters of a slip's key out of a normalised code of 28, or null if it is none. O I L stand for 0 1 1. */
export function readKey(code: string): string | null {
  return readLetters(code, keyLetters);
}

/** What follows from a key under a manifest's digest: the serial's private number and the word to ask for the slip. */
export async function paperSecret(digest: Bytes, key: string): Promise<{ secret: Bytes; finder: Bytes }> {
  const number = await derive(digest, key, "blindballot-paper-serial-1", 48);
  const reduced = (BigInt(`0x${hex(number)}`) % (order - 1n)) + 1n;
  const digits = reduced.toString(16).padStart(64, "0");
  const secret = Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return { secret, finder: await derive(digest, key, "blindballot-paper-finder-1", 32) };
}

async function derive(salt: Bytes, key: string, info: string, length: number): Promise<Bytes> {
  const material = await crypto.subtle.importKey("raw", utf8(key), "HKDF", false, ["deriveBits"]);
  const kdf = { name: "HKDF", hash: "SHA-256", salt, info: tag(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(kdf, material, 8 * length));
}

/**
 * The ballot of one line that a slip's key opens, not yet stored. Throws Refusal if the slip may not be used,
 * Distrust("wrong_keys" or "bad_token") if the answer is not this manifest's.
 */
export async function openSlip(station: Station, key: string): Promise<Ballot> {
  const { opened, addresses } = station;
  const { secret, finder } = await paperSecret(opened.digest, key);
  const answer = await post(addresses.paper, { manifest: opened.fingerprint, finder: b64(finder) }, nameless);
  const { pool, line } = answer as { pool: string; line: string };
  const keys = await proveKeys(opened, answer as unknown as KeyProof);
  const [serial, token] = [readBytes(answer.serial, 65), readBytes(answer.token, 288)];
  const own = keys.get(line);
  const [issuer, second] = own?.issuers ?? [];
  if (!own || !issuer || second || !(await isToken(issuer, serial, token))) throw new Distrust("bad_token");
  const { closingKey } = own;
  const known = { line, serial, closingKey, blindings: [null], tokens: [token] };
  const drawn = { ...known, key: await signingKey(secret, serial) };
  return { id: await ballotId(opened, key), pool, codes: null, keys: null, drawn: [drawn], stacks: [], isPaper: true };
}

function readBytes(text: unknown, size: number): Bytes {
  try {
    return unb64(String(text), size);
  } catch {
    throw new Distrust("bad_reply");
  }
}

/** The private key as an object that no script can read out. A serial that is not its own makes it invalid. */
async function signingKey(secret: Bytes, serial: Bytes): Promise<CryptoKey> {
  const [x, y] = [b64(serial.subarray(1, 33)), b64(serial.subarray(33))];
  const written = { kty: "EC", crv: "P-256", d: b64(secret), x, y };
  try {
    return await crypto.subtle.importKey("jwk", written, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  } catch {
    throw new Distrust("bad_token");
  }
}
