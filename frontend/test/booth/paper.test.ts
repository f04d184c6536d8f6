// Printed slips: the same letters, numbers and look-up words as blindballot/box/paper.py, from one file of vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Ballot, findInRecord } from "../../booth/ballot";
import { paperSecret, readKey } from "../../booth/paper";
import { boardLine } from "../../booth/wire";
import { hex } from "../../shared/bytes";
import { normalCode } from "../../shared/letters";
import { fromHex } from "../vectors";

interface PaperVectors {
  digest: string;
  slips: { key: string; printed: string; secret: string; serial: string; finder: string }[];
}

const { digest, slips } = JSON.parse(
  readFileSync("../tests/vectors/blindballot-paper-1.json", "utf8"),
) as PaperVectors;

test("a printed key is read however it is typed, and leads to the private number and word of the vectors", async () => {
  assert.ok(slips.length >= 4);
  for (const { key, printed, secret, finder } of slips) {
    const typed = printed.toLowerCase().replace(/-/g, " ").replace(/0/g, "o").replace(/1/g, "l");
    for (const text of [printed, typed]) assert.equal(readKey(normalCode(text)), key);
    const found = await paperSecret(fromHex(digest), key);
    assert.equal(hex(found.secret), secret);
    assert.equal(hex(found.finder), finder);
  }
});

test("one wrong letter or two neighbours swapped are found at every place, and other lengths are no key", () => {
  const letters = normalCode(slips[3]?.printed ?? "");
  for (let place = 0; place < letters.length; place++) {
    const wrong = letters[place] === "7" ? "8" : "7";
    assert.equal(readKey(letters.slice(0, place) + wrong + letters.slice(place + 1)), null);
    const [one, other] = [letters[place], letters[place + 1]];
    if (!other || one === other) continue;
    assert.equal(readKey(letters.slice(0, place) + other + one + letters.slice(place + 2)), null);
  }
  for (const text of ["", "ABCD1234EFGH", `${letters}0`, letters.slice(1)]) assert.equal(readKey(text), null);
});

test("a printed slip that the record lacks may be on a form; an ordinary ballot is missing then", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const serial = fromHex(slips[0]?.serial ?? "");
  const slip = {
    pool: "pool-1",
    line: "u001-1",
    serial,
    tokens: [new Uint8Array(288)],
    version: 1,
    commitment: new Uint8Array(32),
    sealed: null,
    sealedHash: new Uint8Array(32),
    signature: new Uint8Array(64),
  };
  const own = { line: "u001-1", key: pair.privateKey, serial, closingKey: serial };
  const drawn = [{ ...own, blindings: [null], tokens: [slip.tokens[0] ?? null] }];
  const stacks = [{ version: 1, slips: [slip], acknowledgements: [new Uint8Array(64)] }];
  const ballot: Ballot = { id: "x", pool: "pool-1", codes: null, keys: null, drawn, stacks, isPaper: true };
  assert.equal(findInRecord(ballot, "").kind, "paper");
  assert.equal(findInRecord({ ...ballot, isPaper: false }, "").kind, "missing");
  assert.equal(findInRecord(ballot, boardLine(slip)).kind, "whole");
  assert.equal(findInRecord({ ...ballot, stacks: [] }, "").kind, "not_cast");
});
