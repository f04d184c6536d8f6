// The bytes of docs/ballots.md against the shared vectors: both engines have to write the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { acknowledged, boardLine, wireSlip } from "../../booth/wire";
import { b64, unb64 } from "../../shared/bytes";
import { type Slip, commitment, sealInfo, slipBody, slipName } from "../../shared/slips";
import { type SlipVector, vectors } from "../vectors";
import { opened } from "./issuing";

function slipOf({ slip, sealed_hash }: SlipVector): Slip {
  return {
    pool: slip.pool,
    line: slip.line,
    serial: unb64(slip.serial, 65),
    tokens: slip.tokens.map((token) => unb64(token, 288)),
    version: slip.version,
    commitment: unb64(slip.commitment, 32),
    sealed: unb64(slip.sealed),
    sealedHash: unb64(sealed_hash, 32),
    signature: unb64(slip.signature, 64),
  };
}

test("every slip of the vectors has the same body, name, seal context and acknowledgement message", async () => {
  const { digest } = await opened();
  assert.ok(vectors.slips.length >= 5);
  for (const vector of vectors.slips) {
    const slip = slipOf(vector);
    assert.equal(b64(slipBody(digest, slip)), vector.body);
    assert.equal(b64(await slipName(digest, slip)), vector.name);
    assert.equal(b64(sealInfo(digest, slip.pool, slip.line, slip.serial, slip.version)), vector.seal_info);
    assert.equal(b64(acknowledged(digest, unb64(vector.name))), vector.acknowledgement_message);
    assert.equal(
      b64(await commitment(digest, slip.serial, unb64(vector.marks), unb64(vector.salt))),
      vector.commitment,
    );
    assert.equal(boardLine(slip), vector.board);
    assert.deepEqual(wireSlip(slip), vector.slip);
  }
});

test("a slip whose sealed marks were dropped cannot be sent, but is still found on the board", () => {
  const vector = vectors.slips[0] as SlipVector;
  const kept = { ...slipOf(vector), sealed: null };
  assert.throws(() => wireSlip(kept));
  assert.equal(boardLine(kept), vector.board);
});
