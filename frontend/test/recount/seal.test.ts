// The second device: opened slips against the code it kept, and a code in a record, with what a doubted device may try.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readKeys } from "../../recount/keys";
import { readManifest } from "../../recount/manifest";
import { findCode } from "../../recount/seal/finding";
import { scanned, typedCode } from "../../recount/seal/keeping";
import { NamesOf } from "../../recount/seal/marks";
import { type Code, checkOpened } from "../../recount/seal/opened";
import { Doubtful, type SealWords } from "../../recount/seal/words";
import { type Bytes, b64, canonical, hex, unb64, utf8 } from "../../shared/bytes";
import { readWhere, sealDigest, sealItem, sealLetters, writeWhere } from "../../shared/sealcode";
import { type Slip, readSlip, slipName } from "../../shared/slips";
import { soundFiles } from "../records";
import { sealVectors, vectors } from "../vectors";

const manifest = utf8(vectors.manifest);
const keyFile = utf8(canonical(vectors.pools.map(({ key_document }) => JSON.parse(key_document) as never)));
const code: Code = { letters: sealVectors.letters, digest: hex(unb64(sealVectors.digest)) };
const text = (slips = sealVectors.slips) => slips.map(({ opened }) => opened).join("\n");
const doubts = (word: string) => (error: unknown) => error instanceof Doubtful && error.word === word;

async function check(lines: string, own = code) {
  const rules = await readManifest(manifest);
  return checkOpened(lines, own, rules, await readKeys(keyFile, rules));
}

test("opened slips make the code they were shown under, in any order, and are shown in words", async () => {
  const { fate, total, slips } = await check(text([...sealVectors.slips].reverse()));
  assert.deepEqual([fate, total], ["fits", 2]);
  assert.equal((await check(`${text()}\n\n${text()}\n`)).fate, "fits", "scanned twice is once");
  assert.equal((await check(text(), { ...code, digest: "" })).fate, "fits");
  assert.equal((await check(sealVectors.slips[0]?.opened ?? "")).fate, "waits");
  const words = { dont_know: "?", unmarked: "-" } as SealWords;
  const rules = await readManifest(manifest);
  const names = new NamesOf(manifest, (given) => given["en"] ?? Object.values(given)[0] ?? "");
  const shown = slips.flatMap(({ line, marks }) => {
    const own = rules.poolOf.get("members")?.lineOf.get(line);
    return own ? names.marks(own, marks, words) : [];
  });
  assert.deepEqual(shown, [["Service", "-"], ["Work", "优秀"], ["Service", "?"]]);
});

test("a device that opens other marks than it had sealed is found out", async () => {
  for (const name of ["marks", "salt", "randomness", "serial"]) {
    const [first, second] = sealVectors.slips.map(({ opened }) => JSON.parse(opened) as Record<string, string>);
    const bytes = unb64(first?.[name] ?? "");
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 3;
    const told = [{ ...first, [name]: b64(bytes) }, second ?? {}].map((each) => canonical(each));
    assert.equal((await check(told.join("\n"))).fate, "differs", name);
  }
});

test("what is no opened slip of this poll is said", async () => {
  const [first = "", second = ""] = sealVectors.slips.map(({ opened }) => opened);
  await assert.rejects(check("http://example.org"), doubts("opened_unreadable"));
  await assert.rejects(check(""), doubts("opened_none"));
  await assert.rejects(check(first.replace(vectors.fingerprint, "0".repeat(64))), doubts("opened_other"));
  await assert.rejects(check(first.replace("u001-1", "u003")), doubts("opened_no_line"));
  await assert.rejects(check(`${first}\n${first.replace('"version":1', '"version":2')}`), doubts("opened_twice"));
  await assert.rejects(check(`${first}\n${second.replace("members", "guests")}`), doubts("opened_twice"));
});

/** One slip of each line of a pool in the record of the vectors, as a stack; and its code and place. */
async function stackOfRecord() {
  const files = soundFiles();
  const rules = await readManifest(files.get("manifest.json") as Bytes);
  const board = new TextDecoder().decode(files.get("board.jsonl")).split("\n").slice(0, -1).map(readSlip);
  const pool = rules.pools.find(({ lines }) => lines.length > 1) ?? rules.pools[0];
  const own = (line: string) => board.find((slip) => slip.pool === pool?.id && slip.line === line);
  const stack = (pool?.lines ?? []).flatMap(({ id }) => own(id) ?? []);
  const codeOf = async (slips: Slip[], digest = rules.digest): Promise<Code> => {
    const made = await sealDigest(digest, await Promise.all(slips.map(sealItem)));
    return { letters: sealLetters(made), digest: hex(made) };
  };
  const where = readWhere(writeWhere(await Promise.all(stack.map((slip) => slipName(rules.digest, slip)))));
  return { files, rules, board, stack, codeOf, where };
}

test("a cast code is found where the device says, and a slip alone by itself", async () => {
  const { files, rules, stack, codeOf, where } = await stackOfRecord();
  const print = hex(rules.digest);
  assert.ok(stack.length > 1);
  assert.deepEqual(await findCode(files, await codeOf(stack), print, where), { kind: "found", count: stack.length });
  assert.deepEqual(await findCode(files, await codeOf(stack.slice(0, 1)), print, null), { kind: "found", count: 1 });
});

test("a device shows the code of other bytes than it casts: it is not found, wherever it says", async () => {
  const { files, rules, board, stack, codeOf, where } = await stackOfRecord();
  const [slip] = stack as [Slip];
  const shown = await codeOf([{ ...slip, commitment: slip.sealedHash }, ...stack.slice(1)]);
  assert.deepEqual(await findCode(files, shown, hex(rules.digest), where), { kind: "not_found" });
  const all = readWhere(writeWhere(await Promise.all(board.map((each) => slipName(rules.digest, each)))));
  assert.deepEqual(await findCode(files, shown, hex(rules.digest), all), { kind: "not_found" });
});

test("a code of another poll is not found in this record, and is said to be of another", async () => {
  const { files, stack, codeOf, where } = await stackOfRecord();
  const elsewhere = await codeOf(stack, unb64(sealVectors.digest));
  assert.deepEqual(await findCode(files, elsewhere, "", where), { kind: "not_found" });
  await assert.rejects(findCode(files, elsewhere, vectors.fingerprint, where), doubts("other_record"));
});

test("a record that is not as it was signed is no record to find anything in", async () => {
  const { files, stack, codeOf, where } = await stackOfRecord();
  const board = files.get("board.jsonl") as Bytes;
  const shorter = board.subarray(0, board.lastIndexOf(10, board.length - 2) + 1);
  const changed = { "board.jsonl": shorter, "record.sig": utf8("A") };
  for (const [name, bytes] of Object.entries(changed)) {
    const other = new Map([...files, [name, bytes as Bytes]]);
    await assert.rejects(findCode(other, await codeOf(stack), "", where), doubts("false_record"), name);
  }
  await assert.rejects(findCode(new Map(), await codeOf(stack), "", where), doubts("no_record"));
});

test("a code comes by an address that was scanned, or by typing", () => {
  const address = `https://example.org/recount/seal/?poll=x#m=${vectors.fingerprint}&h=${sealVectors.digest}&w=AAAA`;
  const wanted = { ...code, manifest: vectors.fingerprint };
  assert.deepEqual(scanned(address), { code: wanted, where: "AAAA" });
  assert.deepEqual(typedCode(sealVectors.code.toLowerCase(), ""), { letters: code.letters, digest: "", manifest: "" });
  for (const other of ["", "#m=1&h=2", `#m=${vectors.fingerprint}&h=AAA`, `#h=${sealVectors.digest}`])
    assert.equal(scanned(other), null);
  assert.equal(typedCode("ABCD", ""), null);
});
