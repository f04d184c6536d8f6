// Roots against the shared vectors, and over more leaves than are hashed in one stretch.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Bytes, b64, compare, sha256, unb64 } from "../../shared/bytes";
import { hashLeaf, isIncluded, rootOf } from "../../shared/merkle";
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

test("inclusion holds at each leaf's own place only: RFC 9162 over the board of the vectors", async () => {
  const root = unb64(vectors.board_root);
  const leaves = inBoardOrder();
  assert.equal(leaves.length, vectors.board_paths.length);
  for (const [place, leaf] of leaves.entries()) {
    const path = (vectors.board_paths[place] as string[]).map((hash) => unb64(hash));
    for (let index = -1; index <= leaves.length; index++) {
      assert.equal(
        await isIncluded(await hashLeaf(leaf), index, leaves.length, path, root),
        index === place,
        `leaf ${place} at ${index}`,
      );
    }
    assert.equal(await isIncluded(await hashLeaf(leaf), place, leaves.length, path.slice(1), root), false);
  }
});

function inBoardOrder(): Bytes[] {
  return vectors.slips.map(({ name }) => unb64(name)).sort(compare);
}

test("the only leaf of a tree is its root and needs no path", async () => {
  const single = vectors.merkle.find(({ leaves }) => leaves.length === 1);
  assert.ok(single);
  const [leaf, root] = [await hashLeaf(unb64(single.leaves[0] as string)), unb64(single.root)];
  assert.equal(await isIncluded(leaf, 0, 1, [], root), true);
  assert.equal(await isIncluded(leaf, 0, 1, [root], root), false);
});

test("a place beyond 32 bits is counted as it stands", async () => {
  const leaf = await hashLeaf(Uint8Array.of(7));
  const size = 2 ** 33 + 1;
  // The last leaf of such a tree hangs at its root.
  const root = await sha256(Uint8Array.of(1, ...leaf, ...leaf));
  assert.ok(await isIncluded(leaf, size - 1, size, [leaf], root));
  assert.ok(!(await isIncluded(leaf, size - 2 ** 32 - 1, size, [leaf], root)));
});
