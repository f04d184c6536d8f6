// One ballot from the draw to the record, with the vectors' issuer, box and closing keys on the other side.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Ballot,
  type Marks,
  acceptReply,
  ballotId,
  blindedFor,
  checkCode,
  drawBallot,
  fillStack,
  findInRecord,
  hasTokens,
  hasTokensOf,
  newestVersion,
  takeTokens,
} from "../../booth/ballot";
import { type Keys, type Opened, proveKeys } from "../../booth/manifest";
import { boardLine } from "../../booth/wire";
import { Distrust } from "../../booth/words";
import { type Bytes, b64, sha256, unb64 } from "../../shared/bytes";
import { normalCode } from "../../shared/letters";
import { isInRange } from "../../shared/signatures";
import { slipBody, slipName } from "../../shared/slips";
import { vectors } from "../vectors";
import { opened, proofOf, signAll } from "./issuing";

const marks: Marks = new Map([
  ["u001-1", Uint8Array.of(1, 255)],
  ["u002", Uint8Array.of(0)],
]);
const distrusts = (word: string) => (error: unknown) => error instanceof Distrust && error.word === word;

async function drawn(station: Opened): Promise<{ ballot: Ballot; keys: Keys }> {
  const keys = await proveKeys(station, proofOf(0));
  return { keys, ballot: await drawBallot(await ballotId(station, "CODE"), "members", ["CODE"], keys) };
}

function blindedBytes(ballot: Ballot, place = 0): { [line: string]: Bytes } {
  return Object.fromEntries(Object.entries(blindedFor(ballot, place)).map(([line, text]) => [line, unb64(text)]));
}

const answersOf = (signatures: Record<string, string>) => new Map(Object.entries(signatures));

async function issued(station: Opened): Promise<Ballot> {
  const { ballot, keys } = await drawn(station);
  return takeTokens(ballot, 0, keys, answersOf(signAll(0, blindedBytes(ballot))));
}

async function acknowledge(station: Opened, ballot: Ballot): Promise<string[]> {
  const jwk = {
    kty: "OKP",
    crv: "Ed25519",
    d: vectors.acknowledgement_private_key,
    x: station.manifest.acknowledgement_key,
  };
  const key = await crypto.subtle.importKey("jwk", jwk, "Ed25519", false, ["sign"]);
  const newest = ballot.stacks[ballot.stacks.length - 1];
  return Promise.all(
    (newest?.slips ?? []).map(async (slip) => {
      const message = Buffer.concat([
        Buffer.from("blindballot-acknowledgement-1\0"),
        station.digest,
        await slipName(station.digest, slip),
      ]);
      return b64(new Uint8Array(await crypto.subtle.sign("Ed25519", key, message)));
    }),
  );
}

async function filled(station: Opened, ballot: Ballot): Promise<Ballot> {
  return { ...ballot, stacks: [...ballot.stacks, await fillStack(station, ballot, marks)] };
}

async function cast(station: Opened, ballot: Ballot): Promise<Ballot> {
  const full = await filled(station, ballot);
  return acceptReply(station, full, await acknowledge(station, full));
}

const boardOf = (...ballots: Ballot[]): string =>
  ballots.flatMap(({ stacks }) => stacks.flatMap(({ slips }) => slips.map((slip) => `${boardLine(slip)}\n`))).join("");

test("a drawn ballot has a serial per line, keys no script can read out, and no token", async () => {
  const { ballot } = await drawn(await opened());
  assert.deepEqual(
    ballot.drawn.map(({ line }) => line),
    ["u001-1", "u002"],
  );
  assert.equal(hasTokens(ballot), false);
  for (const { key, serial } of ballot.drawn) {
    assert.equal(key.extractable, false);
    assert.equal(serial.length, 65);
  }
});

test("tokens are taken once they verify; then blinding and code are gone", async () => {
  const ballot = await issued(await opened());
  assert.ok(hasTokens(ballot));
  assert.deepEqual([ballot.codes, ballot.keys], [null, null]);
  for (const { blindings, tokens } of ballot.drawn) {
    assert.deepEqual(blindings, [null]);
    assert.deepEqual(
      tokens.map((token) => token?.length),
      [288],
    );
  }
});

test("two issuers sign one serial, each blinded for itself; codes and keys stay until both have signed", async () => {
  const station = await opened();
  const keys = await proveKeys(station, proofOf(1));
  const ballot = await drawBallot(await ballotId(station, "ONE"), "guests", ["ONE", "TWO"], keys);
  assert.notDeepEqual(blindedFor(ballot, 0), blindedFor(ballot, 1));
  const [office, county] = [0, 1].map((place) => answersOf(signAll(1, blindedBytes(ballot, place), place))) as [
    Map<string, string>,
    Map<string, string>,
  ];
  await assert.rejects(takeTokens(ballot, 1, keys, office), distrusts("bad_token"));
  const half = await takeTokens(ballot, 1, keys, county);
  assert.deepEqual([hasTokens(half), hasTokensOf(half, 0), hasTokensOf(half, 1)], [false, false, true]);
  assert.deepEqual([half.codes, half.keys === null], [["ONE", "TWO"], false]);
  assert.deepEqual([blindedFor(half, 0), blindedFor(half, 1)], [blindedFor(ballot, 0), {}]);
  await assert.rejects(fillStack(station, half, marks), /lacks a token/);
  const whole = await takeTokens(half, 0, keys, office);
  assert.deepEqual([hasTokens(whole), whole.codes, whole.keys], [true, null, null]);
  const [slip] = (await fillStack(station, whole, marks)).slips;
  assert.deepEqual(slip?.tokens, whole.drawn[0]?.tokens);
  assert.equal(slip?.tokens.length, 2);
});

test("one issuer's key exchanged for one voter is noticed before anything is cast", async () => {
  const station = await opened();
  const keys = await proveKeys(station, proofOf(1));
  const ballot = await drawBallot(await ballotId(station, "ONE"), "guests", ["ONE", "TWO"], keys);
  const other = answersOf(signAll(1, blindedBytes(ballot, 1), 0)); // the office's key where the county's belongs
  await assert.rejects(takeTokens(ballot, 1, keys, other), distrusts("bad_token"));
  const proof = proofOf(1);
  const exchanged = proof.keys.keys.map((key) => ({ ...key, n: proof.keys.keys[0]?.n ?? [] }));
  const forged = { ...proof, keys: { ...proof.keys, keys: exchanged } };
  await assert.rejects(proveKeys(station, forged), distrusts("wrong_keys"));
});

test("an issuer's answer that is swapped, missing or no base64url is no token", async () => {
  const station = await opened();
  const { ballot, keys } = await drawn(station);
  const answers = signAll(0, blindedBytes(ballot));
  const swapped = { "u001-1": answers["u002"] as string, u002: answers["u001-1"] as string };
  for (const wrong of [swapped, { u002: answers["u002"] as string }, { ...answers, u002: "?" }]) {
    const given = answersOf(wrong as Record<string, string>);
    await assert.rejects(takeTokens(ballot, 0, keys, given), distrusts("bad_token"));
  }
});

test("every line has a slip, signed by its serial's own key, sealed to one length however marked", async () => {
  const station = await opened();
  const ballot = await filled(station, await issued(station));
  const slips = ballot.stacks[0]?.slips ?? [];
  assert.deepEqual(
    slips.map(({ line, sealed }) => [line, sealed?.length]),
    [
      ["u001-1", 65 + 2 + 32 + 16],
      ["u002", 65 + 1 + 32 + 16],
    ],
  );
  for (const slip of slips) {
    const key = await crypto.subtle.importKey("raw", slip.serial, { name: "ECDSA", namedCurve: "P-256" }, false, [
      "verify",
    ]);
    const algorithm = { name: "ECDSA", hash: "SHA-256" };
    assert.ok(await crypto.subtle.verify(algorithm, key, slip.signature, slipBody(station.digest, slip)));
    assert.ok(isInRange(slip.signature));
    assert.deepEqual(slip.sealedHash, await sha256(slip.sealed as Bytes));
  }
});

test("acknowledged marks are not kept; a second vote is the next version on the same serials and tokens", async () => {
  const station = await opened();
  const first = await cast(station, await issued(station));
  assert.ok(first.stacks.every(({ slips }) => slips.every(({ sealed }) => sealed === null)));
  const second = await cast(station, first);
  assert.deepEqual([newestVersion(first), newestVersion(second), second.stacks.length], [1, 2, 1]);
  const [before, after] = [first.stacks[0]?.slips ?? [], second.stacks[0]?.slips ?? []];
  for (const [place, slip] of after.entries()) {
    assert.deepEqual([slip.serial, slip.tokens], [before[place]?.serial, before[place]?.tokens]);
    assert.notDeepEqual(slip.commitment, before[place]?.commitment);
  }
});

test("acknowledgements that are false, swapped, too few or garbled are refused", async () => {
  const station = await opened();
  const ballot = await filled(station, await issued(station));
  const [one, two] = (await acknowledge(station, ballot)) as [string, string];
  for (const wrong of [[two, one], [one], [], [one, "x"], [one, b64(new Uint8Array(64))]]) {
    await assert.rejects(acceptReply(station, ballot, wrong), distrusts("bad_acknowledgement"));
  }
});

test("the acknowledgement of the shared vectors' slip is taken", async () => {
  const station = await opened();
  const vector = vectors.slips[0];
  assert.ok(vector);
  const slip = {
    pool: "members",
    line: "u001-1",
    serial: unb64(vector.serial),
    tokens: vector.slip.tokens.map((token) => unb64(token)),
    version: 1,
    commitment: unb64(vector.commitment),
    sealed: unb64(vector.sealed),
    sealedHash: unb64(vector.sealed_hash),
    signature: unb64(vector.signature),
  };
  const ballot: Ballot = {
    id: "x",
    pool: "members",
    codes: null,
    keys: null,
    drawn: [],
    stacks: [{ version: 1, slips: [slip], acknowledgements: null }],
  };
  const accepted = await acceptReply(station, ballot, [vector.acknowledgement]);
  assert.equal(b64(accepted.stacks[0]?.acknowledgements?.[0] as Bytes), vector.acknowledgement);
});

test("the check code is twelve unmistakable letters and goes with the slips, not their order", async () => {
  const station = await opened();
  const stack = (await filled(station, await issued(station))).stacks[0];
  assert.ok(stack);
  const code = await checkCode(station, stack);
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  assert.equal(await checkCode(station, { ...stack, slips: [...stack.slips].reverse() }), code);
  assert.notEqual(await checkCode(station, { ...stack, slips: stack.slips.slice(1) }), code);
  const digits = BigInt(`0x${Buffer.from(await sha256(await namesOf(station, stack.slips))).toString("hex")}`) >> 196n;
  const letters = Array.from(
    { length: 12 },
    (_, place) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[Number((digits >> BigInt(55 - 5 * place)) & 31n)],
  );
  assert.equal(code.replace(/-/g, ""), letters.join(""));
});

async function namesOf(station: Opened, slips: Parameters<typeof slipName>[1][]): Promise<Bytes> {
  const names = await Promise.all(slips.map((slip) => slipName(station.digest, slip)));
  return new Uint8Array(Buffer.concat(names.sort(Buffer.compare)));
}

test("a ballot is found whole, or the lines that fail are named", async () => {
  const station = await opened();
  const ballot = await cast(station, await issued(station));
  const board = boardOf(ballot);
  assert.deepEqual(findInRecord(ballot, board), { kind: "whole", missing: [] });
  assert.deepEqual(findInRecord(ballot, board.split("\n").slice(1).join("\n")), {
    kind: "missing",
    missing: ["u001-1"],
  });
  assert.deepEqual(findInRecord(ballot, ""), { kind: "missing", missing: ["u001-1", "u002"] });
  const altered = board.replace('"version":1', '"version":2');
  assert.deepEqual(findInRecord(ballot, altered).missing, ["u001-1"]);
});

test("a change never acknowledged may be in the record; a version before the acknowledged one may not", async () => {
  const station = await opened();
  const tokens = await issued(station);
  assert.equal(findInRecord(tokens, "").kind, "not_cast");
  const sent = await filled(station, tokens);
  assert.equal(findInRecord(sent, "").kind, "never_arrived");
  assert.equal(findInRecord(sent, boardOf(sent)).kind, "whole");
  const part = boardOf(sent).split("\n").slice(1).join("\n");
  assert.deepEqual(findInRecord(sent, part), { kind: "partly", missing: ["u001-1"] });
  const first = await acceptReply(station, sent, await acknowledge(station, sent));
  const changed = await filled(station, first);
  assert.equal(findInRecord(changed, boardOf(first)).kind, "earlier");
  assert.equal(findInRecord(changed, boardOf({ ...changed, stacks: changed.stacks.slice(1) })).kind, "whole");
  const second = await acceptReply(station, changed, await acknowledge(station, changed));
  assert.equal(findInRecord(second, boardOf(first)).kind, "missing");
});

test("a code is the same however it is typed, and its ballot's id does not show it", async () => {
  for (const typed of ["k7mp-2qrs", " K7MP 2QRS ", "ｋ７ｍｐ－２ｑｒｓ", "K7MP–2QRS"])
    assert.equal(normalCode(typed), "K7MP2QRS");
  const station = await opened();
  const id = await ballotId(station, "K7MP2QRS");
  assert.ok(id.startsWith(`${vectors.fingerprint}:`) && !id.includes("K7MP"));
  assert.notEqual(await ballotId(station, "K7MP2QRT"), id);
});
