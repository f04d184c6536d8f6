// A stack whose seal code is shown before it is cast or opened: the code of the shared vectors, and never both deeds.
// The file about a missing slip: its neighbours prove that the record leaves it out.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Ballot, type Marks, ballotId, blindedFor, drawBallot } from "../../booth/ballot";
import { prepareStack, takeTokens } from "../../booth/ballot";
import { openManifest, proveKeys } from "../../booth/manifest";
import { proofFile } from "../../booth/missing";
import { seal } from "../../booth/seal";
import { Distrust } from "../../booth/words";
import { type Bytes, b64, compare, equal, hex, join, sha256, unb64, utf8 } from "../../shared/bytes";
import { readHead } from "../../shared/head";
import { hashLeaf, isIncluded } from "../../shared/merkle";
import {
  printedCode,
  readCode,
  readOpened,
  readWhere,
  sealDigest,
  sealItem,
  sealLetters,
  writeOpened,
  writeWhere,
} from "../../shared/sealcode";
import { commitment, readSlip, sealInfo, slipName } from "../../shared/slips";
import { soundFiles } from "../records";
import { sealVectors } from "../vectors";
import { opened, proofOf, signAll } from "./issuing";

const marks: Marks = new Map([
  ["u001-1", Uint8Array.of(1, 255)],
  ["u002", Uint8Array.of(0)],
]);
const distrusts = (word: string) => (error: unknown) => error instanceof Distrust && error.word === word;

async function withTokens(): Promise<Ballot> {
  const station = await opened();
  const keys = await proveKeys(station, proofOf(0));
  const ballot = await drawBallot(await ballotId(station, "CODE"), "members", ["CODE"], keys);
  const blinded = Object.entries(blindedFor(ballot, 0)).map(([line, text]) => [line, unb64(text)] as const);
  return takeTokens(ballot, 0, keys, new Map(Object.entries(signAll(0, Object.fromEntries(blinded)))));
}

test("the code of the shared vectors, from what was opened to the letters", async () => {
  const { digest } = await opened();
  const items: Bytes[] = [];
  for (const each of sealVectors.slips) {
    const slip = readOpened(each.opened);
    assert.equal(writeOpened(slip), each.opened);
    const info = sealInfo(digest, slip.pool, slip.line, slip.serial, slip.version);
    const sealed = await seal(unb64(each.closing_key), info, join(slip.marks, slip.salt), slip.randomness);
    assert.equal(b64(sealed), each.sealed);
    const committed = await commitment(digest, slip.serial, slip.marks, slip.salt);
    assert.equal(b64(committed), each.commitment);
    items.push(await sealItem({ commitment: committed, sealedHash: await sha256(sealed) }));
  }
  const made = await sealDigest(digest, items.reverse());
  assert.equal(b64(made), sealVectors.digest);
  assert.equal(printedCode(sealLetters(made)), sealVectors.code);
  assert.equal(readCode(sealVectors.code.toLowerCase()), sealVectors.letters);
  assert.equal(readCode(sealVectors.code.replace(/.$/, (last) => (last === "0" ? "1" : "0"))), null);
  assert.equal(writeWhere(sealVectors.names.map((name) => unb64(name))), sealVectors.where);
  assert.equal(readWhere(sealVectors.where)?.length, 2);
});

test("an opened stack is never cast, and a cast one is never opened", async () => {
  const [station, ballot] = [await opened(), await withTokens()];
  const first = await prepareStack(station, ballot, marks);
  assert.equal(first.open().length, 2);
  assert.throws(() => first.cast(), distrusts("was_opened"));
  assert.equal(first.open().length, 2);
  const second = await prepareStack(station, ballot, marks);
  const stack = second.cast();
  assert.throws(() => second.open(), distrusts("was_cast"));
  assert.equal(second.cast(), stack);
});

test("what is cast is what the code was shown of; of what was opened nothing comes again", async () => {
  const [station, ballot] = [await opened(), await withTokens()];
  const first = await prepareStack(station, ballot, marks);
  const second = await prepareStack(station, ballot, marks);
  const shown = [...second.slips];
  const opening = first.open();
  const cast = second.cast().slips;
  assert.deepEqual(cast, shown);
  for (const [at, slip] of cast.entries()) {
    const before = first.slips[at];
    assert.ok(before && !equal(before.commitment, slip.commitment) && !equal(before.sealedHash, slip.sealedHash));
    assert.equal(slip.version, 1);
    const text = writeOpened(opening[at] as (typeof opening)[number]);
    for (const secret of [...slip.tokens, slip.signature, before.signature])
      assert.ok(!text.includes(b64(secret)), "an opened slip shows no token and no signature");
  }
});

test("the file about a missing slip: both neighbours lead to the signed root, nothing between", async () => {
  const files = soundFiles();
  const manifest = files.get("manifest.json") as Bytes;
  const station = await openManifest(manifest, [hex(await sha256(manifest))]);
  const lines = new TextDecoder().decode(files.get("board.jsonl")).split("\n").slice(0, -1);
  const bring = async (path: string): Promise<Bytes | null> => {
    if (path === "index.json") return new Uint8Array(readFileSync("../tests/vectors/record/index-4.json"));
    const run = /^runs\/(\d+)$/.exec(path);
    const from = 16 * Number(run?.[1]);
    return run ? utf8(`${lines.slice(from, from + 16).join("\n")}\n`) : (files.get(path.slice(6)) ?? null);
  };
  const head = readHead(files.get("record.json") as Bytes);
  const [pool, acknowledgements] = ["members", [new Uint8Array(64), new Uint8Array(64)]];
  for (let version = 2; version < 40; version++) {
    const slip = { ...readSlip(lines[version] as string), version: 1000 + version };
    const ballot: Ballot = { id: "", pool, codes: null, keys: null, drawn: [], stacks: [] };
    ballot.stacks = [{ version: slip.version, slips: [slip], acknowledgements }];
    const file = JSON.parse(new TextDecoder().decode(await proofFile(station, ballot, [slip.line], bring))) as {
      slips: { around: { name: string; index: number; path: string[] }[] }[];
    };
    const own = await slipName(station.digest, slip);
    const around = file.slips[0]?.around ?? [];
    for (const { name, index, path } of around) {
      const steps = path.map((step) => unb64(step, 32));
      assert.ok(await isIncluded(await hashLeaf(unb64(name)), index, head.boardSize, steps, head.boardRoot));
    }
    const sides = around.map(({ name }) => compare(unb64(name), own) < 0);
    const [first, last] = [around[0]?.index ?? 0, around[around.length - 1]?.index ?? 0];
    if (around.length === 2) assert.deepEqual([sides, last - first], [[true, false], 1]);
    else assert.ok(sides[0] ? first === head.boardSize - 1 : first === 0);
  }
});
