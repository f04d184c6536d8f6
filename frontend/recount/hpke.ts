// Opens a seal when the result of the Diffie-Hellman exchange is known: HPKE base mode (RFC 9180, 4.1 and 5.1) with
// DHKEM(P-256, HKDF-SHA256), HKDF-SHA256 and AES-128-GCM. That result comes from a published closing key or from a
// proof; where from is not known here.
import { type Bytes, join, unsigned, utf8 } from "../shared/bytes";

const kemSuite = join(utf8("KEM"), unsigned(0x10, 2));
const suite = join(utf8("HPKE"), unsigned(0x10, 2), unsigned(1, 2), unsigned(1, 2));
const nothing = new Uint8Array(0);
const [secretSize, keySize, nonceSize] = [32, 16, 12];

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

/**
 * The plaintext of `sealed = enc(65) || ciphertext`, or null if it does not open. `exchanged` is the x coordinate of
 * the point that the closing key and `enc` make together.
 */
export async function openSealed(
  sealed: Bytes,
  exchanged: Bytes,
  closingKey: Bytes,
  info: Bytes,
): Promise<Bytes | null> {
  const first = await extract(kemSuite, nothing, "eae_prk", exchanged);
  const shared = await expand(kemSuite, first, "shared_secret", join(sealed.slice(0, 65), closingKey), secretSize);
  const ids = [extract(suite, nothing, "psk_id_hash", nothing), extract(suite, nothing, "info_hash", info)];
  const context = join(Uint8Array.of(0), ...(await Promise.all(ids)));
  const secret = await extract(suite, shared, "secret", nothing);
  const key = await expand(suite, secret, "key", context, keySize);
  const nonce = await expand(suite, secret, "base_nonce", context, nonceSize);
  const opener = await crypto.subtle.importKey("raw", key, "AES-GCM", false, ["decrypt"]);
  const algorithm = { name: "AES-GCM", iv: nonce };
  const opened = await crypto.subtle.decrypt(algorithm, opener, sealed.slice(65)).catch(() => null);
  return opened && new Uint8Array(opened);
}
