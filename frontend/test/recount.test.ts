// The recount in the browser against the shared record and all its forgeries: the verdict that the Python verifier gives
// on the same bytes (tests/blindballot/test_record_vectors.py), any changed byte, stopping, a browser without Ed25519.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Bytes } from "../src/format";
import { recount } from "../src/recount-record";
import { withoutHidden } from "../src/recount-source";
import { filesOf, found, given, openings, soundFiles, variants } from "./recount-vectors";

const shown = process.env.SHOW_FINDINGS;

for (const variant of variants) {
  test(`record: ${variant.name}`, async () => {
    const files = withoutHidden(filesOf(variant));
    const outcome = await recount(given(files, { openings: variant.openings ? openings : null }));
    if (shown) console.log(variant.name, JSON.stringify(found(outcome)));
    if (variant.finding) assert.ok(found(outcome).some((one) => one.join() === variant.finding?.join()));
    else assert.deepEqual(found(outcome), []);
    assert.equal(outcome.count === 0, variant.finding === null);
  });
}
