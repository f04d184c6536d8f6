// Blind signatures against RFC 9474's vector, the shared vectors, and a key fresh from node.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { blind, finalize, issuerKey } from "../../booth/blind";
import { type Bytes, b64, hex, join, unb64 } from "../../shared/bytes";
import { type Token, fromHex, vectors } from "../vectors";
import { inverse, proofOf, rawSign, rfc9474, toModulusBytes, toNumber, withRandom } from "./issuing";

/** The random number whose inverse a vector names. */
const factorDrawn = (inv: Bytes, modulus: bigint, size = 256): Bytes =>
  toModulusBytes(inverse(toNumber(inv), modulus), size);

test("RFC 9474, appendix A.1: the library on our big numbers blinds and finalizes as printed", async () => {
  const variant = rfc9474.variants.find(({ name }) => name === "RSABSSA-SHA384-PSS-Randomized");
  assert.ok(variant);
  const modulus = toNumber(fromHex(rfc9474.p)) * toNumber(fromHex(rfc9474.q));
  const suite = RSABSSA.SHA384.PSS.Randomized();
  const jwk = { kty: "RSA", n: b64(toModulusBytes(modulus, 512)), e: "AQAB", alg: "PS384", ext: true };
  const key = await crypto.subtle.importKey("jwk", jwk, { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]);
  const [prefix, inv, message] = [fromHex(variant.prefix), fromHex(variant.inverse), fromHex(rfc9474.message)];
  const draws = [prefix, fromHex(variant.salt), factorDrawn(inv, modulus, 512)];
  const prepared = await withRandom(draws.slice(0, 1), () => Promise.resolve(suite.prepare(message)));
  const blinded = await withRandom(draws.slice(1), () => suite.blind(key, prepared));
  assert.equal(hex(blinded.blindedMsg), variant.blinded);
  assert.equal(hex(blinded.inv), variant.inverse);
  const signature = await suite.finalize(key, prepared, fromHex(variant.blind_signature), inv);
  assert.equal(hex(signature), variant.signature);
});

test("every token of the shared vectors comes out byte for byte", async () => {
  for (const { slip, tokens } of vectors.slips) {
    for (const token of tokens) {
      const { key, modulus } = await keyOf(slip.pool, slip.line, token);
      const [inv, serial] = [unb64(token.inverse), unb64(slip.serial)];
      const draws = [unb64(token.prefix), unb64(token.pss_salt), factorDrawn(inv, modulus)];
      const made = await withRandom(draws, () => blind(key, serial));
      assert.equal(b64(made.blinded), token.blinded);
      assert.equal(b64(made.factor), token.inverse);
      const finished = await finalize(key, made.message, made.factor, unb64(token.blind_signature));
      assert.equal(b64(finished), token.token);
    }
  }
});

async function keyOf(pool: string, line: string, token: Token): Promise<{ key: CryptoKey; modulus: bigint }> {
  const place = vectors.pools.findIndex((each) => each.pool === pool);
  const { pools } = JSON.parse(vectors.manifest) as { pools: { issuers: string[] }[] };
  const { issuers } = pools[place] ?? { issuers: [] };
  const found = proofOf(place).keys.keys.find((each) => each.line === line)?.n[issuers.indexOf(token.issuer)];
  assert.ok(found);
  const modulus = unb64(found, 256);
  return { key: await issuerKey(modulus), modulus: toNumber(modulus) };
}

test("a token under a key from node verifies there as RSA-PSS; a wrong answer does not finish", async () => {
  const jwk = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
  const [p, q] = [toNumber(unb64(jwk.p as string)), toNumber(unb64(jwk.q as string))];
  const key = await issuerKey(unb64(jwk.n as string));
  const serial = crypto.getRandomValues(new Uint8Array(65));
  const { message, factor, blinded } = await blind(key, serial);
  assert.deepEqual(message.subarray(32), serial);
  const answer = rawSign(p, q, blinded);
  const token = await finalize(key, message, factor, answer);
  assert.equal(token.length, 288);
  const signed = join(token.subarray(0, 32), serial);
  assert.ok(await crypto.subtle.verify({ name: "RSA-PSS", saltLength: 48 }, key, token.subarray(32), signed));
  const other = rawSign(p, q, toModulusBytes(toNumber(blinded) - 1n));
  await assert.rejects(finalize(key, message, factor, other));
  await assert.rejects(finalize(key, message, factor, answer.subarray(1)));
});

test("blinding the same serial twice shares nothing", async () => {
  const key = await issuerKey(unb64(proofOf(0).keys.keys[0]?.n[0] as string));
  const serial = new Uint8Array(65);
  const [first, second] = await Promise.all([blind(key, serial), blind(key, serial)]);
  for (const part of ["message", "factor", "blinded"] as const) assert.notDeepEqual(first[part], second[part]);
});

test("only a modulus of 2,048 bits makes an issuer's key", () => {
  assert.throws(() => issuerKey(new Uint8Array(255).fill(255)));
  assert.throws(() => issuerKey(join(Uint8Array.of(127), new Uint8Array(255).fill(255))));
});
