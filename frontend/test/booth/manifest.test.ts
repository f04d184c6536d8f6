// What the booth refuses: another manifest, a manifest of other bytes, keys that the manifest does not name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Pool, linesOf, openManifest, proveKeys } from "../../booth/manifest";
import { Distrust } from "../../booth/words";
import { type Json, b64, canonical, hex, sha256, utf8 } from "../../shared/bytes";
import { hashLeaf, rootOf } from "../../shared/merkle";
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
  const next = vectors.manifest.replace("blindballot-manifest-1", "blindballot-manifest-2");
  await assert.rejects(openWithOwnHash(next), distrusts("other_manifest"));
});

test("the pool's keys are proved, one for every line", async () => {
  const keys = await proveKeys(await opened(), proofOf(0));
  assert.deepEqual(Array.from(keys.keys()), ["u001-1", "u002"]);
});

test("a pool with two issuers has two proved keys a line, in the manifest's order", async () => {
  const keys = await proveKeys(await opened(), proofOf(1));
  assert.deepEqual(
    Array.from(keys, ([line, { issuers, closingKey }]) => [line, issuers.length, closingKey.length]),
    [
      ["u001-1", 2, 65],
      ["u002", 2, 65],
    ],
  );
  const proof = proofOf(1);
  const half = proof.keys.keys.map((key) => ({ ...key, n: key.n.slice(1) }));
  for (const shown of [[...proof.keys.keys].reverse(), proof.keys.keys.slice(1), half]) {
    const other = { ...proof, keys: { ...proof.keys, keys: shown } };
    await assert.rejects(proveKeys(await opened(), other), distrusts("wrong_keys"));
  }
});

test("keys that are not the manifest's are refused", async () => {
  const station = await opened();
  const first = proofOf(0);
  const substituted = {
    ...first,
    keys: { ...first.keys, keys: first.keys.keys.map((key) => ({ ...key, n: first.keys.keys[0]?.n ?? [] })) },
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

/** The manifest under another key document, which it names: a platform that announced bad keys to everybody. */
async function withKeys(change: (keys: { closing_key: string; n: string[] }[]) => void) {
  const proof = proofOf(0);
  change(proof.keys.keys);
  const others = vectors.pools.slice(1).map(({ key_document }) => hashLeaf(utf8(key_document)));
  const hashes = await Promise.all([hashLeaf(utf8(canonical(proof.keys as unknown as Json))), ...others]);
  const manifest = { ...JSON.parse(vectors.manifest), keys_root: b64(await rootOf(hashes)) } as Json;
  const text = canonical(manifest);
  return { station: await openManifest(utf8(text), [hex(await sha256(utf8(text)))]), proof };
}

test("keys that are announced and no keys, or stand twice, are refused as well", async () => {
  const sound = await withKeys(() => undefined);
  assert.equal((await proveKeys(sound.station, sound.proof)).size, 2);
  const off = new Uint8Array(65).fill(4);
  const changes: ((keys: { closing_key: string; n: string[] }[]) => void)[] = [
    ([first]) => ((first as { closing_key: string }).closing_key = b64(off)),
    ([first, second]) => ((first as { closing_key: string }).closing_key = second?.closing_key ?? ""),
    ([first, second]) => ((first as { n: string[] }).n = second?.n ?? []),
    ([first]) => ((first as { n: string[] }).n = [b64(new Uint8Array(256))]),
  ];
  for (const change of changes) {
    const { station, proof } = await withKeys(change);
    await assert.rejects(proveKeys(station, proof), distrusts("wrong_keys"));
  }
});

test("a pool that marks some lines has keys for those", async () => {
  const whole = await opened();
  const [line] = whole.manifest.lines;
  const pool = { ...(whole.manifest.pools[0] as Pool), lines: [line?.id as string] };
  assert.deepEqual(
    linesOf(whole.manifest, pool).map(({ id }) => id),
    [line?.id],
  );
  const pools = [pool, ...whole.manifest.pools.slice(1)];
  const station = { ...whole, manifest: { ...whole.manifest, pools } };
  await assert.rejects(proveKeys(station, proofOf(0)), distrusts("wrong_keys"));
});

test("the key document is hashed in its canonical form, whatever form it came in", () => {
  for (const pool of vectors.pools) assert.equal(canonical(JSON.parse(pool.key_document) as Json), pool.key_document);
});
