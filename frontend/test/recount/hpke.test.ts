// Opening a seal by the result of the exchange, against the seals of @hpke/core, which the booth uses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Aes128Gcm, CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { type Point, multiply, readPoint, toBytes, toNumber, writePoint } from "../../recount/curve";
import { ExchangeKey, openSealed } from "../../recount/hpke";
import { type Bytes, join, unb64, utf8 } from "../../shared/bytes";

const suite = new CipherSuite({ kem: new DhkemP256HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() });

async function sealed(info: Bytes, plaintext: Bytes) {
  const pair = await suite.kem.generateKeyPair();
  const { d } = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as { d: string };
  const sender = await suite.createSenderContext({ recipientPublicKey: pair.publicKey, info });
  const ciphertext = new Uint8Array(await sender.seal(plaintext));
  const closingKey = new Uint8Array(await suite.kem.serializePublicKey(pair.publicKey)) as Bytes;
  return { bytes: join(new Uint8Array(sender.enc), ciphertext), secret: unb64(d), closingKey };
}

test("a seal opens by the point of the exchange, whichever way it was worked out", async () => {
  for (const size of [33, 34, 44]) {
    const [info, plaintext] = [utf8(`context ${size}`), crypto.getRandomValues(new Uint8Array(size))];
    const { bytes, secret, closingKey } = await sealed(info, plaintext);
    const enc = readPoint(bytes.slice(0, 65)) as Point;
    const shared = writePoint(multiply(toNumber(secret), enc) as Point).slice(1, 33);
    assert.deepEqual(await openSealed(bytes, shared, closingKey, info), plaintext);
    const key = await ExchangeKey.of(closingKey, secret);
    assert.deepEqual(await key.exchange(bytes), shared);
    assert.deepEqual(toBytes(toNumber(shared)), shared);
  }
});

test("nothing opens in another context, under another exchange or key, or changed", async () => {
  const [info, plaintext] = [utf8("context"), new Uint8Array(33)];
  const { bytes, secret, closingKey } = await sealed(info, plaintext);
  const other = await sealed(info, plaintext);
  const shared = (await (await ExchangeKey.of(closingKey, secret)).exchange(bytes)) as Bytes;
  const changed = bytes.map((byte, place) => (place === 70 ? byte ^ 1 : byte));
  const wrong: [Bytes, Bytes, Bytes, Bytes][] = [
    [bytes, shared, closingKey, utf8("another")],
    [bytes, shared.map((byte) => byte ^ 1), closingKey, info],
    [bytes, shared, other.closingKey, info],
    [changed, shared, closingKey, info],
    [bytes.slice(0, 70), shared, closingKey, info],
  ];
  for (const given of wrong) assert.equal(await openSealed(...given), null);
});

test("bytes that begin with no point have no exchange", async () => {
  const { bytes, secret, closingKey } = await sealed(utf8("context"), new Uint8Array(33));
  const key = await ExchangeKey.of(closingKey, secret);
  for (const first of [new Uint8Array(65), new Uint8Array(65).fill(4), new Uint8Array([2, ...bytes.slice(1, 65)])])
    assert.equal(await key.exchange(join(first, bytes.slice(65))), null);
});
