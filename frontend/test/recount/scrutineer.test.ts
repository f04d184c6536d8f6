// A scrutineer's keys, printed keys, test decryption and statements in the browser, against what the Python engine
// made of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCosignatures } from "../../recount/cosignatures";
import { Findings } from "../../recount/findings";
import { sealTo } from "../../recount/hpke";
import { importPoint, isSignedByPoint } from "../../recount/points";
import { keysOf, makeSeed, readKeyFile, writeCard, writeKeyFile } from "../../recount/scrutineer/keys";
import { Mistyped, readPaper, writePaper } from "../../recount/scrutineer/paper";
import { type Word, answerTry, cosign, sign } from "../../recount/scrutineer/signing";
import { readRemark } from "../../recount/scrutineer/statement";
import { signedPart } from "../../recount/statements";
import { type Bytes, b64, canonical, tag, unb64 } from "../../shared/bytes";
import { type Fields, Misfit } from "../../shared/fields";
import { factsOf, ids, linesOf, own, seedOf, textOf, told } from "../scrutineers";

const poll = (JSON.parse(textOf("record/manifest.json")) as { poll: string }).poll;

async function isSigned(document: Fields, point: Bytes): Promise<boolean> {
  const key = await importPoint(point);
  const signature = unb64(String(document.signature), 64);
  return key !== null && isSignedByPoint(key, signature, await signedPart(document));
}

test("keys follow from the seed in the file, as the engine derives them, and so does the card", async () => {
  for (const id of ids) {
    assert.equal(writeCard(await keysOf(seedOf(id))), own(id).card);
    assert.equal(writeKeyFile(seedOf(id)), textOf(`keys-${id}.json`).trim());
  }
  const [one, other] = [makeSeed(), makeSeed()];
  assert.equal(one.length, 32);
  assert.notDeepEqual(one, other);
});

test("a key file may have been laid out anew, but is nothing else", () => {
  const file = textOf("keys-s1.json");
  assert.deepEqual(readKeyFile(`\n${JSON.stringify(JSON.parse(file), null, 2)}\r\n`), seedOf("s1"));
  const wrong = ["", "{}", "null", '"x"', file.replace("keys-1", "keys-2"), file.replace('"seed"', '"seeds"')];
  for (const one of [...wrong, canonical({ format: "blindballot-scrutineer-keys-1", seed: b64(new Uint8Array(31)) })])
    assert.throws(() => readKeyFile(one), Misfit, one);
});

test("the paper form is the engine's, and forgives how it is typed", async () => {
  for (const id of ids) {
    const paper = own(id).paper;
    const groups = await writePaper(seedOf(id));
    assert.deepEqual([groups.length, groups.join(" ").toLowerCase()], [14, paper]);
    const typed = paper.toUpperCase().replace(/0/g, "o").replace(/1/g, "I").replace(/ /g, " – ");
    for (const one of [paper, typed, typed.replace(/I/g, "l"), ` ${paper.replace(/ /g, "\n")}\t`])
      assert.deepEqual(await readPaper(one), seedOf(id));
  }
});

test("a letter typed wrong, left out or unknown is noticed, and where it can be told, its group is named", async () => {
  const paper = own("s1").paper;
  const fault = async (typed: string) => {
    try {
      await readPaper(typed);
    } catch (error) {
      if (error instanceof Mistyped) return [error.fault, error.group];
    }
    return null;
  };
  assert.deepEqual(await fault(paper.slice(0, -1)), ["length", 0]);
  assert.deepEqual(await fault(""), ["length", 0]);
  assert.deepEqual(await fault(`${paper.slice(0, 10)}u${paper.slice(11)}`), ["letter", 3]);
  for (let at = 0; at < paper.length; at++) {
    if (paper[at] === " ") continue;
    const other = paper[at] === "z" ? "y" : "z";
    assert.deepEqual(await fault(`${paper.slice(0, at)}${other}${paper.slice(at + 1)}`), ["check", 0], String(at));
  }
});

test("the test decryption is answered with what was sealed, and by nobody else's keys", async () => {
  for (const id of ids) {
    const keys = await keysOf(seedOf(id));
    const { challenge, nonce, answer } = own(id);
    const made = JSON.parse((await answerTry(challenge, poll, keys)) ?? "") as Fields;
    const theirs = JSON.parse(answer) as Fields;
    assert.deepEqual({ ...made, signature: "" }, { ...theirs, signature: "" });
    assert.equal(made.nonce, nonce);
    for (const one of [made, theirs]) assert.ok(await isSigned(one, keys.signing.point));
    assert.equal(await answerTry(challenge, poll, await keysOf(seedOf(id === "s1" ? "s2" : "s1"))), null);
    await assert.rejects(answerTry(challenge, "another poll", keys), Misfit);
    await assert.rejects(answerTry(challenge.replace("try-1", "try-2"), poll, keys), Misfit);
  }
});

test("what is sealed for another use is no challenge, so that nobody gets a share opened by asking", async () => {
  const keys = await keysOf(seedOf("s1"));
  const sealed = await sealTo(keys.decryption.point, tag("blindballot-share-1"), new Uint8Array(32));
  const challenge = canonical({ format: "blindballot-scrutineer-try-1", poll, sealed: b64(sealed) });
  assert.equal(await answerTry(challenge, poll, keys), null);
});

test("of the two signatures that fit the one with the low number is written, whatever the browser makes", async () => {
  const { signing } = await keysOf(seedOf("s1"));
  for (let turn = 0; turn < 16; turn++)
    assert.ok(await isSigned(JSON.parse(await sign({ format: "x", turn }, signing)) as Fields, signing.point));
});

test("what a scrutineer signs holds in the record: checked, seen, or disagreeing and why", async () => {
  const { facts, head } = await factsOf();
  const none = { record: head, lines: [], invalid: [], remark: "" };
  const lines = told.lines.map(([pool, line]) => ({ pool, line }));
  const words: Word[] = [
    { ...none, scrutineer: "s1", kind: "checked", lines, invalid: told.invalid.map((name) => unb64(name)) },
    { ...none, scrutineer: "s2", kind: "disagrees", remark: readRemark(" 计数\n不符,\tu1 ") },
    { ...none, scrutineer: "s3", kind: "seen" },
  ];
  const signed = await Promise.all(words.map(async (word) => cosign(word, await keysOf(seedOf(word.scrutineer)))));
  const findings = new Findings();
  const cosigned = await checkCosignatures(linesOf(signed), { ...facts, fingerprint: head }, findings);
  assert.deepEqual(findings.kept, []);
  assert.deepEqual(
    cosigned.map(({ kind, lines, remark }) => [kind, lines, remark]),
    [
      ["checked", told.lines.length, ""],
      ["disagrees", 0, "计数 不符, u1"],
      ["seen", 0, ""],
    ],
  );
});

test("a remark is one line of at most 500 characters without signs that turn it round", () => {
  assert.equal(readRemark("x".repeat(500)).length, 500);
  for (const typed of ["", " \n ", "x".repeat(501), "a\u202eb", "a\u0007b"]) assert.equal(readRemark(typed), "");
});
