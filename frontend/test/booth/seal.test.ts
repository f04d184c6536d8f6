// The HPKE seal: the shared vectors' sealed marks open, and so does what the booth seals; in another context nothing
// does.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { type LineKeys, proveKeys } from "../../booth/manifest";
import { seal } from "../../booth/seal";
import { type Bytes, b64, join, unb64 } from "../../shared/bytes";
import { type SlipVector, vectors } from "../vectors";
import { opened, proofOf } from "./issuing";

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });

async function unseal(pool: string, line: string, info: Bytes, sealed: Bytes): Promise<Bytes> {
  const jwk = vectors.pools.find((each) => each.pool === pool)?.closing_keys[line] as JsonWebKey;
  const recipientKey = await suite.kem.importKey("jwk", jwk, false);
  const recipient = await suite.createRecipientContext({ recipientKey, enc: sealed.slice(0, 65), info });
  return new Uint8Array(await recipient.open(sealed.slice(65)));
}

test("the sealed marks of the vectors open to marks and salt", async () => {
  for (const { slip, seal_info, sealed, marks, salt } of vectors.slips) {
    const plain = await unseal(slip.pool, slip.line, unb64(seal_info), unb64(sealed));
    assert.equal(b64(plain), b64(join(unb64(marks), unb64(salt))));
  }
});

test("what the booth seals opens with the line's closing key, in its own context only", async () => {
  const { slip, seal_info } = vectors.slips[0] as SlipVector;
  const { closingKey } = (await proveKeys(await opened(), proofOf(0))).get(slip.line) as LineKeys;
  const [info, plain] = [unb64(seal_info), crypto.getRandomValues(new Uint8Array(34))];
  const sealed = await seal(closingKey, info, plain);
  assert.equal(sealed.length, 65 + 34 + 16);
  assert.deepEqual(await unseal(slip.pool, slip.line, info, sealed), plain);
  const nextVersion = info.map((byte, place) => (place === info.length - 1 ? byte + 1 : byte));
  await assert.rejects(unseal(slip.pool, slip.line, nextVersion, sealed));
});

test("a closing key off the curve is refused", async () => {
  const off = new Uint8Array(65).fill(7);
  off[0] = 4;
  await assert.rejects(seal(off, new Uint8Array(1), new Uint8Array(33)));
});
