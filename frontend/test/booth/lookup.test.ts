// Looking for one's slips in the record of the shared vectors: found byte for byte, missing, altered; a record, an
// index or a run that is not what the box signed is refused; only a part is fetched.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Ballot, findInRecord } from "../../booth/ballot";
import { type BoardIndex, readIndex, runOf, runsFor } from "../../booth/board-runs";
import { RefusedRecord, lookUp, lookUpNames } from "../../booth/lookup";
import { type Opened, openManifest } from "../../booth/manifest";
import { boardLine } from "../../booth/wire";
import { type Bytes, b64, canonical, hex, sha256, unb64, utf8 } from "../../shared/bytes";
import { hashLeaf, rootOf } from "../../shared/merkle";
import { curveOrder } from "../../shared/signatures";
import { type Slip, readSlip, slipName } from "../../shared/slips";
import { soundFiles } from "../records";

const height = 4;
const indexBytes: Bytes = new Uint8Array(readFileSync("../tests/vectors/record/index-4.json"));
const files = soundFiles();
const boardText = new TextDecoder().decode(files.get("board.jsonl"));
const lines = boardText.split("\n").slice(0, -1);
const slips: Slip[] = lines.map(readSlip);

async function station(): Promise<Opened> {
  const bytes = files.get("manifest.json") as Bytes;
  return openManifest(bytes, [hex(await sha256(bytes))]);
}

/** What the site serves, with changes; and what was asked for. */
function site(changes: Record<string, Bytes | null> = {}, size = 2 ** height) {
  const served = new Map<string, Bytes | null>([["index.json", indexBytes]]);
  for (const [name, bytes] of files) served.set(`files/${name}`, bytes);
  for (let from = 0; from < lines.length; from += size)
    served.set(`runs/${from / size}`, utf8(lines.slice(from, from + size).join("\n") + "\n"));
  for (const [path, bytes] of Object.entries(changes)) served.set(path, bytes);
  const asked: string[] = [];
  const bring = async (path: string) => {
    asked.push(path);
    return served.get(path) ?? null;
  };
  return { bring, asked };
}

function withRuns(change: (runs: { first: string; root: string }[]) => void): Record<string, Bytes> {
  const document = JSON.parse(Buffer.from(indexBytes).toString()) as { runs: { first: string; root: string }[] };
  change(document.runs);
  return { "index.json": utf8(canonical(document as never)) };
}

async function refused(changes: Record<string, Bytes | null>, wanted: Slip[] = [slips[3] as Slip]): Promise<boolean> {
  try {
    await lookUp(await station(), wanted, site(changes).bring);
    return false;
  } catch (error) {
    assert.ok(error instanceof RefusedRecord, String(error));
    return true;
  }
}

test("every slip of the board is found byte for byte, and only its run is fetched", async () => {
  const opened = await station();
  for (const [at, slip] of slips.entries()) {
    const { bring, asked } = site();
    const text = (await lookUp(opened, [slip], bring))?.board ?? "";
    assert.ok(text.split("\n").includes(boardLine(slip)));
    assert.equal(boardLine(slip), lines[at]);
    assert.deepEqual(asked, ["files/record.json", "files/record.sig", "index.json", `runs/${at >> height}`]);
  }
});

test("slips over half of the runs bring all of them, which tells nothing", async () => {
  const { bring, asked } = site();
  const wanted = [0, 20, 40].map((at) => slips[at] as Slip);
  assert.equal((await lookUp(await station(), wanted, bring))?.board, boardText);
  const runs = Math.ceil(lines.length / 2 ** height);
  assert.equal(asked.filter((path) => path.startsWith("runs/")).length, runs);
  const index = await readIndex(indexBytes, await boardRoot(), lines.length);
  const names = await Promise.all(slips.slice(0, 20).map(async (slip) => slipName((await station()).digest, slip)));
  assert.deepEqual(runsFor(index, names), [0, 1]);
  assert.deepEqual(runsFor(index, []), []);
});

test("a record of one run", async () => {
  const opened = await station();
  const whole = { height: 10, size: lines.length, format: "blindballot-board-index-1" };
  const first = b64(await slipName(opened.digest, slips[0] as Slip));
  const index = utf8(canonical({ ...whole, runs: [{ first, root: b64(await boardRoot()) }] }));
  const { bring } = site({ "index.json": index }, 1024);
  assert.equal((await lookUp(opened, [slips[66] as Slip], bring))?.board, boardText);
});

test("a slip that is not on the board is proved not to be there, wherever it would stand", async () => {
  const opened = await station();
  for (const [at, slip] of slips.entries()) {
    const altered = { ...slip, version: slip.version + 1 };
    const text = (await lookUp(opened, [altered], site().bring))?.board ?? "";
    assert.ok(!text.split("\n").includes(boardLine(altered)), `slip ${at}`);
  }
  const index = await readIndex(indexBytes, await boardRoot(), lines.length);
  assert.equal(runOf(index, new Uint8Array(32)), 0);
  assert.equal(runOf(index, new Uint8Array(32).fill(255)), index.runs.length - 1);
});

test("a ballot is found whole in what was fetched; an altered or a missing slip is named", async () => {
  const opened = await station();
  const own = slips.filter(({ pool }) => pool === "guests").slice(0, 2);
  const ballot = (some: Slip[]): Ballot => ({
    id: "x",
    pool: "guests",
    codes: null,
    keys: null,
    drawn: some.map((_, at) => ({ line: `line ${at}` }) as Ballot["drawn"][number]),
    stacks: [{ version: 1, slips: some, acknowledgements: [] }],
  });
  const find = async (some: Slip[]) =>
    findInRecord(ballot(some), (await lookUp(opened, some, site().bring))?.board ?? "");
  assert.deepEqual(await find(own), { kind: "whole", missing: [] });
  const altered = [own[0] as Slip, { ...(own[1] as Slip), commitment: new Uint8Array(32) }];
  assert.deepEqual(await find(altered), { kind: "missing", missing: ["line 1"] });
});

test("before the close there is nothing", async () => {
  assert.equal(await lookUp(await station(), slips, async () => null), null);
});

test("an index that is not the signed board's is refused", async () => {
  const swap = withRuns((runs) => runs.reverse());
  const shorter = withRuns((runs) => runs.pop());
  const root = withRuns((runs) => ((runs[1] as { root: string }).root = b64(new Uint8Array(32))));
  const [said, fewer] = [lines.length, lines.length - 1].map((number) => `"size":${number}`) as [string, string];
  const size = { "index.json": utf8(Buffer.from(indexBytes).toString().replace(said, fewer)) };
  for (const changes of [swap, shorter, root, size, { "index.json": null }, { "index.json": utf8("{}") }])
    assert.ok(await refused(changes));
});

test("an index that says other first slips cannot hide a slip", async () => {
  const opened = await station();
  const names = await Promise.all(slips.map((slip) => slipName(opened.digest, slip)));
  const sets = (first: Bytes) => withRuns((runs) => ((runs[1] as { first: string }).first = b64(first)));
  // Lower than the last slip of run 0, which is then looked for in run 1; higher than the first of run 1, sought in run
  // 0.
  assert.ok(await refused(sets(names[15] as Bytes), [slips[15] as Slip]));
  const higher = (names[16] as Bytes).slice();
  higher[31] = ((higher[31] as number) + 1) % 256;
  assert.ok(await refused(sets(higher), [slips[16] as Slip]));
});

test("a run that is not the index's is refused", async () => {
  const run = (from: number, to: number) => utf8(lines.slice(from, to).map((line) => `${line}\n`).join(""));
  const altered = utf8(boardText.split("\n").slice(0, 16).join("\n").replace('"version":1', '"version":2') + "\n");
  const cut = run(0, 16).slice(0, -1);
  for (const bytes of [run(0, 15), run(0, 17), run(16, 32), run(0, 0), altered, cut, utf8("nonsense\n"), null])
    assert.ok(await refused({ "runs/0": bytes }));
});

test("a slip of this device with another signature, or with one of another spelling, is refused", async () => {
  const change = (signature: Bytes): Record<string, Bytes> => {
    const line = boardLine({ ...(slips[3] as Slip), signature });
    const run = lines.slice(0, 16).map((own, at) => `${at === 3 ? line : own}\n`);
    return { "runs/0": utf8(run.join("")) };
  };
  const own = (slips[3] as Slip).signature;
  const s = BigInt(`0x${hex(curveOrder)}`) - BigInt(`0x${hex(own.slice(32))}`);
  const high = new Uint8Array([...own.slice(0, 32), ...Buffer.from(s.toString(16).padStart(64, "0"), "hex")]);
  assert.ok(await refused(change((slips[4] as Slip).signature)));
  assert.ok(await refused(change(high)));
  // Of another device's slip the signature is not looked at beyond its spelling.
  assert.ok(!(await refused(change((slips[4] as Slip).signature), [slips[5] as Slip])));
});

test("the fingerprint of the head is told", async () => {
  const found = await lookUp(await station(), [slips[0] as Slip], site().bring);
  assert.equal(found?.head, hex(await sha256(files.get("record.json") as Bytes)));
});

test("a head that its key did not sign, or of another poll, is refused", async () => {
  const head = Buffer.from(files.get("record.json") as Bytes).toString();
  const later = utf8(head.replace("2026-11-30T00:00:05Z", "2026-11-30T00:00:06Z"));
  assert.notEqual(later.join(), (files.get("record.json") as Bytes).join());
  assert.ok(await refused({ "files/record.json": later }));
  for (const signature of [null, utf8("x"), utf8(b64(new Uint8Array(64)))])
    assert.ok(await refused({ "files/record.sig": signature }));
  const opened = { ...(await station()), fingerprint: "0".repeat(64) };
  await assert.rejects(lookUp(opened, slips, site().bring), RefusedRecord);
});

test("a browser without Ed25519 goes by the roots", async (context) => {
  const importKey = crypto.subtle.importKey.bind(crypto.subtle);
  const without = (...given: Parameters<typeof importKey>) =>
    given[2] === "Ed25519" ? Promise.reject(new DOMException("", "NotSupportedError")) : importKey(...given);
  context.mock.method(crypto.subtle, "importKey", without as typeof importKey);
  const text = (await lookUp(await station(), [slips[30] as Slip], site().bring))?.board ?? "";
  assert.ok(text.includes(boardLine(slips[30] as Slip)));
});

test("an index without runs belongs to a board without slips", async () => {
  const empty = utf8(canonical({ format: "blindballot-board-index-1", height: 10, size: 0, runs: [] }));
  const index: BoardIndex = await readIndex(empty, await rootOf([]), 0);
  assert.deepEqual(runsFor(index, [new Uint8Array(32)]), []);
});

async function boardRoot(): Promise<Bytes> {
  const head = Buffer.from(files.get("record.json") as Bytes).toString();
  return unb64((JSON.parse(head) as { board_root: string }).board_root);
}

test("the root of the vectors is that of the leaves", async () => {
  const { digest } = await station();
  const names = await Promise.all(slips.map((slip) => slipName(digest, slip)));
  const hashes = await Promise.all(names.map(hashLeaf));
  assert.deepEqual(await rootOf(hashes), await boardRoot());
});

test("a device finds its slips by name, and only those that are there; the root is the board's", async () => {
  const opened = await station();
  const names = await Promise.all(slips.map((slip) => slipName(opened.digest, slip)));
  const list = (some: Bytes[]) => utf8(some.map((name) => `${b64(name)}\n`).join(""));
  const [own, other] = [slips[3] as Slip, { ...(slips[4] as Slip), version: 9 }];
  const found = await lookUpNames(opened, [own, other], list(names));
  assert.equal(found?.board, boardLine(own));
  assert.equal(found?.head, hex(await boardRoot()));
  assert.equal(await lookUpNames(opened, [own], null), null);
  const without = await lookUpNames(opened, [own], list(names.filter((_, at) => at !== 3)));
  assert.equal(without?.board, "");
  assert.notEqual(without?.head, hex(await boardRoot()));
  for (const odd of [list([...names].reverse()), list([names[0] as Bytes, names[0] as Bytes]), utf8("nonsense\n")])
    await assert.rejects(lookUpNames(opened, [own], odd), RefusedRecord);
});
