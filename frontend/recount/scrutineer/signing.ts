// What a scrutineer signs: the answer to the test decryption, and the word about a record. A document's signature
// covers its form and the hash of the rest; of the two numbers that it may end in the smaller one is written.
import { type Bytes, b64, canonical, join, lp, tag, utf8 } from "../../shared/bytes";
import { type Fields, Misfit, asBytes, asFields, asText, readAnyJson } from "../../shared/fields";
import type { Place } from "../closing";
import type { Kind } from "../cosignatures";
import { order, toBytes, toNumber } from "../curve";
import { signedPart } from "../statements";
import { type OwnKeys, type Pair, exchangeKey } from "./keys";

const tryFormat = "blindballot-scrutineer-try-1";
const answerFormat = "blindballot-scrutineer-answer-1";
const cosignatureFormat = "blindballot-cosignature-1";
const nonceSize = 32;

/** The canonical document with its signature. */
export async function sign(document: Fields, { secret, point }: Pair): Promise<string> {
  const [x, y] = [b64(point.slice(1, 33)), b64(point.slice(33))];
  const written = { kty: "EC", crv: "P-256", d: b64(secret), x, y };
  const key = await crypto.subtle.importKey("jwk", written, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const made = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, await signedPart(document));
  return canonical({ ...document, signature: b64(withLowS(new Uint8Array(made))) });
}

function withLowS(signature: Bytes): Bytes {
  const s = toNumber(signature.subarray(32));
  return 2n * s > order ? join(signature.subarray(0, 32), toBytes(order - s)) : signature;
}

/**
 * The signed answer to a challenge: what was sealed to these keys for its poll. Null if it does not open, so that it
 * was sealed to other keys. Throws Misfit if it is no challenge, or one of another poll than the one that is named.
 */
export async function answerTry(challenge: string, poll: string | undefined, keys: OwnKeys): Promise<string | null> {
  const given = asFields(readAnyJson(challenge), "", ["format", "poll", "sealed"]);
  if (given.format !== tryFormat) throw new Misfit("format");
  const named = asText(given.poll, "poll");
  if (poll !== undefined && named !== poll) throw new Misfit("poll");
  const sealed = asBytes(given.sealed, "sealed");
  const key = await exchangeKey(keys.decryption);
  const nonce = await key.open(sealed, join(tag(tryFormat), lp(utf8(named))));
  if (nonce?.length !== nonceSize) return null;
  return sign({ format: answerFormat, nonce: b64(nonce), poll: named }, keys.signing);
}

/** What a scrutineer says of the record with this fingerprint. `lines` and `invalid` are for *checked*. */
export interface Word {
  record: string;
  scrutineer: string;
  kind: Kind;
  lines: Place[];
  invalid: Bytes[];
  remark: string;
}

/** The line of cosignatures.jsonl, without its line feed. */
export function cosign({ invalid, lines, ...said }: Word, keys: OwnKeys): Promise<string> {
  const places = lines.map(({ pool, line }) => ({ pool, line }));
  const names = invalid.map((name) => b64(name));
  return sign({ format: cosignatureFormat, ...said, lines: places, invalid: names }, keys.signing);
}
