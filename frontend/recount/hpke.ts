// HPKE base mode (RFC 9180, 4.1, 5.1 and 7.1.3) with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM: sealing,
// keys that follow from random bytes, and opening by the result of the Diffie-Hellman exchange alone. That result comes
// from a private key or from a proof; where from is not known here.
import { type Bytes, b64, join, unsigned, utf8 } from "../shared/bytes";
import { type Point, base, multiply, order, readPoint, toBytes, toNumber, writePoint } from "./curve";

const kemSuite = join(utf8("KEM"), unsigned(0x10, 2));
const suite = join(utf8("HPKE"), unsigned(0x10, 2), unsigned(1, 2), unsigned(1, 2));
const nothing = new Uint8Array(0);
const [secretSize, keySize, nonceSize, pointSize] = [32, 16, 12, 65];
const exchanging = { name: "ECDH", namedCurve: "P-256" };

async function hmac(key: Bytes, message: Bytes): Promise<Bytes> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
}

/** An empty salt is as many zero bytes as the hash has: RFC 5869, 2.2. */
function extract(suiteId: Bytes, salt: Bytes, label: string, input: Bytes): Promise<Bytes> {
  const labelled = join(utf8("HPKE-v1"), suiteId, utf8(label), input);
  return hmac(salt.length ? salt : new Uint8Array(32), labelled);
}

/** At most 32 bytes, which are one block of HKDF. */
async function expand(suiteId: Bytes, secret: Bytes, label: string, info: Bytes, size: number): Promise<Bytes> {
  const labelled = join(unsigned(size, 2), utf8("HPKE-v1"), suiteId, utf8(label), info);
  return (await hmac(secret, join(labelled, Uint8Array.of(1)))).slice(0, size);
}

/** What encrypts under one exchange, whose x coordinate is given. */
async function schedule(exchanged: Bytes, enc: Bytes, recipient: Bytes, info: Bytes, use: KeyUsage) {
  const first = await extract(kemSuite, nothing, "eae_prk", exchanged);
  const shared = await expand(kemSuite, first, "shared_secret", join(enc, recipient), secretSize);
  const ids = [extract(suite, nothing, "psk_id_hash", nothing), extract(suite, nothing, "info_hash", info)];
  const context = join(Uint8Array.of(0), ...(await Promise.all(ids)));
  const secret = await extract(suite, shared, "secret", nothing);
  const key = await expand(suite, secret, "key", context, keySize);
  const iv = await expand(suite, secret, "base_nonce", context, nonceSize);
  return { key: await crypto.subtle.importKey("raw", key, "AES-GCM", false, [use]), cipher: { name: "AES-GCM", iv } };
}

/**
 * The plaintext of `sealed = enc(65) || ciphertext`, or null if it does not open. `exchanged` is the x coordinate of
 * the point that the private key of `recipient` and `enc` make together.
 */
export async function openSealed(
  sealed: Bytes,
  exchanged: Bytes,
  recipient: Bytes,
  info: Bytes,
): Promise<Bytes | null> {
  const { key, cipher } = await schedule(exchanged, sealed.slice(0, pointSize), recipient, info, "decrypt");
  const opened = await crypto.subtle.decrypt(cipher, key, sealed.slice(pointSize)).catch(() => null);
  return opened && new Uint8Array(opened);
}

/** `enc(65) || ciphertext` that only the private key of `recipient` opens, under the same `info`. */
export async function sealTo(recipient: Bytes, info: Bytes, plaintext: Bytes): Promise<Bytes> {
  const own = await crypto.subtle.generateKey(exchanging, false, ["deriveBits"]);
  const enc = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const other = await crypto.subtle.importKey("raw", recipient, exchanging, false, []);
  const made = await crypto.subtle.deriveBits({ name: "ECDH", public: other }, own.privateKey, 256);
  const { key, cipher } = await schedule(new Uint8Array(made), enc, recipient, info, "encrypt");
  return join(enc, new Uint8Array(await crypto.subtle.encrypt(cipher, key, plaintext)));
}

/** What `sealTo` would have made if its one-time key followed from these random bytes. `recipient` must be a point. */
export async function sealFrom(material: Bytes, recipient: Bytes, info: Bytes, plaintext: Bytes): Promise<Bytes> {
  const secret = toNumber(await deriveSecret(material));
  const enc = writePoint(multiply(secret, base) as Point);
  const exchanged = toBytes((multiply(secret, readPoint(recipient) as Point) as Point).x);
  const { key, cipher } = await schedule(exchanged, enc, recipient, info, "encrypt");
  return join(enc, new Uint8Array(await crypto.subtle.encrypt(cipher, key, plaintext)));
}

/** The private number that follows from 32 random bytes: DeriveKeyPair of RFC 9180, 7.1.3. */
export async function deriveSecret(material: Bytes): Promise<Bytes> {
  const root = await extract(kemSuite, nothing, "dkp_prk", material);
  for (let counter = 0; counter < 256; counter++) {
    const candidate = await expand(kemSuite, root, "candidate", unsigned(counter, 1), secretSize);
    const number = toNumber(candidate);
    if (number > 0n && number < order) return candidate;
  }
  throw new RangeError("no key follows from these bytes");
}

/** A private key that something was sealed to, ready for the exchange. */
export class ExchangeKey {
  private constructor(
    readonly point: Bytes,
    private readonly key: CryptoKey,
  ) {}

  /** `secret` has to be the private number of `point`, which the caller has proved. */
  static async of(point: Bytes, secret: Bytes): Promise<ExchangeKey> {
    const [x, y] = [b64(point.slice(1, 33)), b64(point.slice(33))];
    const written = { kty: "EC", crv: "P-256", d: b64(secret), x, y };
    return new ExchangeKey(point, await crypto.subtle.importKey("jwk", written, exchanging, false, ["deriveBits"]));
  }

  /** The x coordinate that the key makes with the first 65 sealed bytes, or null if they are no point. */
  async exchange(sealed: Bytes): Promise<Bytes | null> {
    const enc = sealed.slice(0, pointSize);
    if (enc[0] !== 4) return null;
    const other = await crypto.subtle.importKey("raw", enc, exchanging, false, []).catch(() => null);
    if (!other) return null;
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "ECDH", public: other }, this.key, 256));
  }

  /** What was sealed to the key under `info`, or null if it does not open. */
  async open(sealed: Bytes, info: Bytes): Promise<Bytes | null> {
    const exchanged = await this.exchange(sealed);
    return exchanged && openSealed(sealed, exchanged, this.point, info);
  }
}
