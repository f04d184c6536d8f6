// Blind signatures: prepares and blinds a serial, finalizes a token. RSABSSA-SHA384-PSS-Randomized (RFC 9474) under a
// key given by its modulus. @cloudflare/blindrsa-ts has the protocol; this file only puts our bytes into its shapes.
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { type Bytes, b64, join } from "../shared/bytes";

const suite = RSABSSA.SHA384.PSS.Randomized();
const prefixSize = 32;

/**
 * A serial on its way to the issuer: `message` is prefix || serial, `factor` undoes the blinding. Both stay on the
 * device.
 */
export interface Blinded {
  message: Bytes;
  factor: Bytes;
  blinded: Bytes;
}

/** The issuer's public key for a modulus of exactly 2,048 bits and the exponent 65537. Throws for any other modulus. */
export function issuerKey(modulus: Bytes): Promise<CryptoKey> {
  if (modulus.length !== 256 || (modulus[0] as number) < 128) throw new Error("not a modulus of 2,048 bits");
  const key = { kty: "RSA", n: b64(modulus), e: "AQAB", alg: "PS384", ext: true };
  return crypto.subtle.importKey("jwk", key, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
}

export async function blind(key: CryptoKey, serial: Bytes): Promise<Blinded> {
  const message = new Uint8Array(suite.prepare(serial));
  const { blindedMsg, inv } = await suite.blind(key, message);
  return { message, factor: new Uint8Array(inv), blinded: new Uint8Array(blindedMsg) };
}

/** Whether `token` = prefix || signature is the key's signature on prefix || serial. */
export function isToken(key: CryptoKey, serial: Bytes, token: Bytes): Promise<boolean> {
  const [prefix, signature] = [token.subarray(0, prefixSize), token.subarray(prefixSize)];
  return crypto.subtle.verify({ name: "RSA-PSS", saltLength: 48 }, key, signature, join(prefix, serial));
}

/**
 * The token prefix || signature, verified under the key. Throws if the issuer's answer is no signature on the message.
 */
export async function finalize(key: CryptoKey, message: Bytes, factor: Bytes, answer: Bytes): Promise<Bytes> {
  const signature = await suite.finalize(key, message, answer, factor);
  return join(message.subarray(0, prefixSize), signature);
}
