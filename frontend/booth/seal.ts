// Seals marks to a line's closing key: HPKE base mode (RFC 9180), DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { type Bytes, join } from "../shared/bytes";

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });

/**
 * enc(65) || ciphertext, for an uncompressed P-256 point. `randomness` is what the one-time key follows from (RFC 9180,
 * 7.1.3) if somebody may want to see how the seal was made. Throws if `closingKey` is no point.
 */
export async function seal(closingKey: Bytes, info: Bytes, plaintext: Bytes, randomness?: Bytes): Promise<Bytes> {
  const recipientPublicKey = await suite.kem.deserializePublicKey(closingKey);
  const sender = await suite.createSenderContext({ recipientPublicKey, info, ...(randomness && { ekm: randomness }) });
  const ciphertext = await sender.seal(plaintext);
  return join(new Uint8Array(sender.enc), new Uint8Array(ciphertext));
}
