// The recount in the browser against the shared records and all their forgeries: the verdict that the Python verifier
// gives on the same bytes (tests/blindballot/test_record_vectors.py), any changed byte, stopping, a browser without
// Ed25519.
import assert from "node:assert/strict";
import { test } from "node:test";
import { recount } from "../../recount/record";
import { withoutHidden } from "../../recount/source";
import { type Bytes, hex, sha256 } from "../../shared/bytes";
import { filesOf, found, given, soundFiles, variants, variantsOf } from "../records";

const cases = (["record", "empty", "questions"] as const).flatMap((folder) =>
  variantsOf(folder).map((variant) => [folder, variant] as const),
);

for (const [folder, variant] of cases) {
  test(`${folder}: ${variant.name}`, async () => {
    const files = withoutHidden(filesOf(variant, folder));
    const outcome = await recount(given(files, { openAll: true }));
    if (variant.finding) assert.ok(found(outcome).some((one) => one.join() === variant.finding?.join()));
    else assert.deepEqual(found(outcome), []);
    assert.equal(outcome.count === 0, variant.finding === null);
  });
}

test("a sound record tells its turnout, its scrutineers, and that not every slip was opened", async () => {
  const outcome = await recount(given(soundFiles()));
  const { pools, slips, opened, fingerprint, signature, extensions, scrutineers, cosigned } = outcome;
  assert.deepEqual(
    pools.map(({ pool, size, issued, returned, verdict, cancelled }) => [
      pool,
      size,
      Object.fromEntries(issued),
      returned,
      verdict,
      cancelled,
    ]),
    [
      ["members", 20, { office: 15 }, 15, "valid", 8],
      ["guests", 16, { office: 14, county: 14 }, 14, "valid", 0],
      ["elders", 10, { office: 7 }, 7, "valid", 0],
      ["few", 8, { office: 3 }, 3, "valid", 0],
      ["away", 9, { office: 1 }, 1, "below-turnout", 0],
      ["half", 12, { office: 11 }, 11, "valid", 0],
    ],
  );
  assert.deepEqual(
    extensions.map(({ closesAt, reason }) => [new Date(closesAt).toISOString(), reason]),
    [
      ["2026-11-28T00:00:00.000Z", "下大雪，道路不通"],
      ["2026-11-30T00:00:00.000Z", 'Snow still: "no buses"'],
    ],
  );
  assert.deepEqual([slips, opened, signature], [linesIn("board.jsonl"), linesIn("opened.jsonl"), true]);
  assert.deepEqual(
    cosigned.map(({ scrutineer, kind }) => [scrutineer, kind]),
    [
      ["s1", "checked"],
      ["s2", "checked"],
      ["s3", "seen"],
    ],
  );
  assert.deepEqual(
    scrutineers.map(({ id }) => id),
    ["s1", "s2", "s3"],
  );
  assert.equal(outcome.head, hex(await sha256(soundFiles().get("record.json") as Bytes)));
  const compared = await recount(given(soundFiles(), { announced: fingerprint, openAll: true }));
  assert.deepEqual([compared.count, compared.opened, compared.announced], [0, opened, fingerprint]);
});

function linesIn(name: string): number {
  return Buffer.from(soundFiles().get(name) as Bytes).toString().split("\n").length - 1;
}

test("without the scrutineers' file the record is sound, and says that nobody checked", async () => {
  const files = soundFiles();
  files.delete("cosignatures.jsonl");
  const { count, cosigned, scrutineers } = await recount(given(files));
  assert.deepEqual([count, cosigned, scrutineers.length], [0, [], 3]);
});

test("a file missing, strange or changed says so of the copy; a false count under a good head does not", async () => {
  const missing = soundFiles();
  missing.delete("sealed.jsonl");
  const strange = soundFiles().set("notes.txt", new Uint8Array(1));
  const changed = soundFiles();
  changed.set("board.jsonl", (changed.get("board.jsonl") as Bytes).slice(0, -1));
  for (const files of [missing, strange, changed]) assert.ok((await recount(given(files))).isChanged);
  const forged = variants.find(({ finding }) => finding?.[2] === "recount");
  assert.ok(forged);
  const outcome = await recount(given(filesOf(forged)));
  assert.deepEqual([outcome.isChanged, outcome.count > 0], [false, true]);
});

test("another manifest than the announced one is found", async () => {
  const outcome = await recount(given(soundFiles(), { announced: "0".repeat(64) }));
  assert.deepEqual(found(outcome), [["manifest.json", 0, "other-manifest"]]);
});

test("any changed byte is found and its file named", async () => {
  for (const [name, bytes] of soundFiles()) {
    for (let step = 0; step < 4; step++) {
      const place = (step * 7919 + 3) % bytes.length;
      const changed = bytes.slice();
      changed[place] = (changed[place] as number) ^ (1 << (step % 8));
      const outcome = await recount(given(soundFiles().set(name, changed)));
      const files = new Set(outcome.findings.map(({ file }) => file));
      const named = name === "record.json" ? ["record.json", "record.sig"] : [name];
      assert.ok(
        named.some((file) => files.has(file)),
        `byte ${place} of ${name}`,
      );
    }
  }
});

test("the recount tells how far it is and stops when the page says so", async () => {
  const seen: [number, number][] = [];
  await recount(given(soundFiles()), async (done, total) => void seen.push([done, total]));
  assert.deepEqual(seen[0], [linesIn("board.jsonl"), linesIn("board.jsonl")]);
  const stop = async (): Promise<void> => {
    throw new RangeError("stopped");
  };
  await assert.rejects(recount(given(soundFiles()), stop), RangeError);
});

test("a browser without Ed25519 says so and checks everything else", async (context) => {
  const importKey = crypto.subtle.importKey.bind(crypto.subtle);
  const without = (...given: Parameters<typeof importKey>) =>
    given[2] === "Ed25519"
      ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"))
      : importKey(...given);
  context.mock.method(crypto.subtle, "importKey", without as typeof importKey);
  const sound = await recount(given(soundFiles()));
  assert.deepEqual([sound.count, sound.signature], [0, null]);
  const forged = variants.find(({ name }) => name === "an altered slip");
  assert.ok(forged);
  assert.equal((await recount(given(filesOf(forged)))).findings[0]?.check, "forged-signature");
});

test("of a thousand findings and more only the first thousand are kept", async () => {
  const files = soundFiles();
  const broken = new Uint8Array(Buffer.from("x\n".repeat(1500))) as Bytes;
  const outcome = await recount(given(files.set("board.jsonl", broken)));
  assert.equal(outcome.findings.length, 1000);
  assert.ok(outcome.count >= 1500);
});
