// The recount in the browser against the shared records and all their forgeries: the verdict that the Python verifier
// gives on the same bytes (tests/blindballot/test_record_vectors.py), any changed byte, stopping, a browser without
// Ed25519.
import assert from "node:assert/strict";
import { test } from "node:test";
import { recount } from "../../recount/record";
import { withoutHidden } from "../../recount/source";
import type { Bytes } from "../../shared/bytes";
import { filesOf, found, given, soundFiles, variants, variantsOf } from "../records";

const cases = (["record", "empty"] as const).flatMap((folder) =>
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

test("a sound record tells its turnout, and that not every slip was opened", async () => {
  const { pools, slips, opened, fingerprint, signature, extensions } = await recount(given(soundFiles()));
  assert.deepEqual(
    pools.map(({ pool, size, issued, returned, verdict, cancelled }) => [
      pool,
      size,
      issued,
      returned,
      verdict,
      cancelled,
    ]),
    [
      ["members", 20, { office: 14 }, 14, "valid", 6],
      ["guests", 12, { office: 10, county: 10 }, 10, "valid", 1],
      ["elders", 10, { office: 6 }, 6, "valid", 0],
      ["few", 8, { office: 3 }, 3, "valid", 0],
      ["away", 9, { office: 1 }, 1, "below-turnout", 0],
    ],
  );
  assert.deepEqual(
    extensions.map(({ closesAt, reason }) => [new Date(closesAt).toISOString(), reason]),
    [
      ["2026-11-28T00:00:00.000Z", "下大雪，道路不通"],
      ["2026-11-30T00:00:00.000Z", 'Snow still: "no buses"'],
    ],
  );
  assert.deepEqual([slips, opened, signature], [67, 14, true]);
  const whole = await recount(given(soundFiles(), { openings, announced: fingerprint }));
  assert.deepEqual([whole.count, whole.opened], [0, 65]);
});

test("another manifest than the announced one is found", async () => {
  const outcome = await recount(given(soundFiles(), { announced: "0".repeat(64) }));
  assert.deepEqual(found(outcome), [["manifest.json", 0, "other-manifest"]]);
});

test("any changed byte is found and its file named", async () => {
  for (const [name, bytes] of soundFiles()) {
    for (let step = 0; step < 12; step++) {
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
  assert.deepEqual(seen[0], [67, 67]);
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
