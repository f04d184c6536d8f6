// Roots against the shared vectors, and over more leaves than are hashed in one stretch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { b64, unb64 } from "../../shared/bytes";
import { hashLeaf, rootOf } from "../../shared/merkle";
import { vectors } from "../vectors";

test("roots are those of the shared vectors, for every number of leaves there", async () => {
  assert.ok(vectors.merkle.length > 5);
  for (const { leaves, root } of vectors.merkle) {
    const hashes = await Promise.all(leaves.map((leaf) => hashLeaf(unb64(leaf))));
    assert.equal(b64(await rootOf(hashes)), root);
  }
});

test("a root over more leaves than one stretch holds is the root of its two halves", async () => {
  const leaves = await Promise.all(Array.from({ length: 1500 }, (_, at) => hashLeaf(Uint8Array.of(at % 256))));
  const halves = [await rootOf(leaves.slice(0, 1024)), await rootOf(leaves.slice(1024))];
  assert.deepEqual(await rootOf(leaves), await rootOf(halves));
});
