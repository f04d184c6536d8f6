// What the booth refuses: another manifest, a manifest of other bytes, keys that the manifest does not name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isIncluded, openManifest, proveKeys } from "../../booth/manifest";
import { Distrust } from "../../booth/words";
import { type Bytes, type Json, canonical, hex, sha256, unb64, utf8 } from "../../shared/bytes";
import { vectors } from "../vectors";
import { manifestBytes, opened, proofOf } from "./issuing";

const distrusts = (word: string) => (error: unknown) => error instanceof Distrust && error.word === word;

async function openWithOwnHash(text: string): Promise<unknown> {
  return openManifest(utf8(text), [hex(await sha256(utf8(text)))]);
}

test("the manifest opens when every fingerprint at hand is its own", async () => {
  const both = [vectors.fingerprint, vectors.fingerprint.toUpperCase()];
  assert.equal((await openManifest(manifestBytes(), both)).fingerprint, vectors.fingerprint);
});

test("a manifest is refused under another fingerprint, with a changed byte, and without any fingerprint", async () => {
  const changed = manifestBytes();
  changed[100] = (changed[100] as number) ^ 1;
  const other = "0".repeat(64);
  await assert.rejects(openManifest(manifestBytes(), [vectors.fingerprint, other]), distrusts("other_manifest"));
  await assert.rejects(openManifest(manifestBytes(), [vectors.fingerprint, ""]), distrusts("other_manifest"));
  await assert.rejects(openManifest(changed, [vectors.fingerprint]), distrusts("other_manifest"));
  await assert.rejects(openManifest(manifestBytes(), []), distrusts("other_manifest"));
});

test("a manifest that is not its own canonical form or of another format is refused, whatever its hash", async () => {
  await assert.rejects(openWithOwnHash(`${vectors.manifest}\n`), distrusts("other_manifest"));
  await assert.rejects(openWithOwnHash(vectors.manifest.replace(":", ": ")), distrusts("other_manifest"));
  const next = vectors.manifest.replace("zhengyou-manifest-1", "zhengyou-manifest-2");
  await assert.rejects(openWithOwnHash(next), distrusts("other_manifest"));
});

test("the pool's keys are proved, one for every line", async () => {
  const keys = await proveKeys(await opened(), proofOf(0));
  assert.deepEqual(Array.from(keys.keys()), ["u001-1", "u002"]);
});

test("a pool with two issuers has two proved keys a line, in the manifest's order", async () => {
  const keys = await proveKeys(await opened(), proofOf(1));
  assert.deepEqual(
    Array.from(keys, ([line, issuers]) => [line, issuers.length]),
    [
      ["u001-1", 2],
      ["u002", 2],
    ],
  );
  const proof = proofOf(1);
  for (const shown of [[...proof.keys.keys].reverse(), proof.keys.keys.filter((_, place) => place % 2 === 0)]) {
    const other = { ...proof, keys: { ...proof.keys, keys: shown } };
    await assert.rejects(proveKeys(await opened(), other), distrusts("wrong_keys"));
  }
});

test("keys that are not the manifest's are refused", async () => {
  const station = await opened();
  const first = proofOf(0);
  const substituted = {
    ...first,
    keys: { ...first.keys, keys: first.keys.keys.map((key) => ({ ...key, n: first.keys.keys[0]?.n ?? "" })) },
  };
  const swapped = { ...first, keys: { ...first.keys, keys: [...first.keys.keys].reverse() } };
  const short = { ...first, keys: { ...first.keys, keys: first.keys.keys.slice(1) } };
  const wrong = [
    substituted,
    swapped,
    short,
    { ...first, index: 1 },
    { ...first, path: [] },
    { ...first, pool: "nobody" },
    { ...first, path: [...first.path, ...first.path] },
    { ...first, keys: proofOf(1).keys },
    {},
    { ...first, keys: null },
    { ...first, path: "x" },
  ];
  for (const proof of wrong) await assert.rejects(proveKeys(station, proof as typeof first), distrusts("wrong_keys"));
});

test("inclusion holds at each leaf's own place only: RFC 9162 over the board of the vectors", async () => {
  const root = unb64(vectors.board_root);
  const leaves = await inBoardOrder();
  assert.equal(leaves.length, vectors.board_paths.length);
  for (const [place, leaf] of leaves.entries()) {
    const path = (vectors.board_paths[place] as string[]).map((hash) => unb64(hash));
    for (let index = -1; index <= leaves.length; index++) {
      assert.equal(
        await isIncluded(leaf, index, leaves.length, path, root),
        index === place,
        `leaf ${place} at ${index}`,
      );
    }
    assert.equal(await isIncluded(leaf, place, leaves.length, path.slice(1), root), false);
  }
});

async function inBoardOrder(): Promise<Bytes[]> {
  const named = await Promise.all(
    vectors.slips.map(async ({ leaf }) => [hex(await sha256(unb64(leaf))), unb64(leaf)] as const),
  );
  return named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, leaf]) => leaf);
}

test("the only leaf of a tree is its root and needs no path", async () => {
  const single = vectors.merkle.find(({ leaves }) => leaves.length === 1);
  assert.ok(single);
  const [leaf, root] = [unb64(single.leaves[0] as string), unb64(single.root)];
  assert.equal(await isIncluded(leaf, 0, 1, [], root), true);
  assert.equal(await isIncluded(leaf, 0, 1, [root], root), false);
});

test("the key document is hashed in its canonical form, whatever form it came in", () => {
  for (const pool of vectors.pools) assert.equal(canonical(JSON.parse(pool.key_document) as Json), pool.key_document);
});
