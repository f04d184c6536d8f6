// One person's ballot on this device: serials and blinding, tokens, stacks of slips, acknowledgements, check code, and
// the search for it in the published record. Uses no network, no storage and no page: casting.ts joins them.
import { type Bytes, b64, compare, hex, join, sha256, tag, unb64, utf8 } from "../shared/bytes";
import { firstLetters, inGroups } from "../shared/letters";
import type { OpenedSlip } from "../shared/sealcode";
import { type Slip, type UnsignedSlip, commitment, sealInfo, slipBody, slipName } from "../shared/slips";
import { type Blinded, blind, finalize } from "./blind";
import { withLowS } from "./low-s";
import type { Keys, LineKeys, Opened } from "./manifest";
import { Prepared } from "./prepared";
import { seal } from "./seal";
import { acknowledged, boardLine } from "./wire";
import { Distrust } from "./words";

/**
 * The secret side of one line, with a place for each issuer of the pool, in its order, and the closing key that its
 * marks are sealed to. An issuer's blinding is deleted as soon as its token is there, because only the blinding ties
 * the slip to the roll.
 */
export interface Drawn {
  line: string;
  key: CryptoKey;
  serial: Bytes;
  closingKey: Bytes;
  blindings: (Blinded | null)[];
  tokens: (Bytes | null)[];
}

/** All slips of one version. Without acknowledgements nobody knows whether the box has it. */
export interface Stack {
  version: number;
  slips: Slip[];
  acknowledgements: Bytes[] | null;
}

/**
 * `codes`, one for each issuer, and `keys` are kept only until all tokens are there. `stacks` holds the last
 * acknowledged stack and all that were sent after it. `isPaper` says that the serial stands on a printed slip: it may
 * have been stapled to a paper form instead of being cast here. `head` is the fingerprint of the record that was first
 * shown to this device. `isDoubted` says that a second device may have kept the seal code of the newest stack.
 */
export interface Ballot {
  id: string;
  pool: string;
  codes: string[] | null;
  keys: Keys | null;
  drawn: Drawn[];
  stacks: Stack[];
  isPaper?: boolean;
  head?: string;
  isDoubted?: boolean; // its seal code was looked at: of the newest stack, or before there is one
  seal?: string; // that code, as the second device keeps it
  marked?: number; // how much of the newest acknowledged sheet was marked: what a second one replaces
}

/** The marks of every line, a byte per criterion: 0 unmarked, 1 to G the grade's place, 255 don't know. */
export type Marks = Map<string, Bytes>;

/**
 * The id under which a code's ballot is stored. It begins with the manifest's fingerprint and does not show the code.
 */
export async function ballotId(opened: Opened, code: string): Promise<string> {
  const owner = await sha256(join(tag("blindballot-booth-1"), opened.digest, utf8(code)));
  return `${opened.fingerprint}:${hex(owner.subarray(0, 16))}`;
}

/** A fresh serial for every line, blinded once for each issuer. Nothing is sent: the caller stores the ballot first. */
export async function drawBallot(id: string, pool: string, codes: string[], keys: Keys): Promise<Ballot> {
  const drawn = await Promise.all(Array.from(keys, ([line, own]) => drawLine(line, own)));
  return { id, pool, codes, keys, drawn, stacks: [] };
}

async function drawLine(line: string, { closingKey, issuers }: LineKeys): Promise<Drawn> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const serial = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const blindings = await Promise.all(issuers.map((issuer) => blind(issuer, serial)));
  return { line, key: pair.privateKey, serial, closingKey, blindings, tokens: issuers.map(() => null) };
}

export function hasTokens(ballot: Ballot): boolean {
  return ballot.drawn.every(({ tokens }) => tokens.every((token) => token !== null));
}

/** Whether the issuer at this place has given all its tokens. */
export function hasTokensOf(ballot: Ballot, place: number): boolean {
  return ballot.drawn.every(({ tokens }) => tokens[place] !== null);
}

/** What is sent to the issuer at this place, the same bytes at every try. */
export function blindedFor(ballot: Ballot, place: number): Record<string, string> {
  const sent = ballot.drawn.map(({ line, blindings }) => [line, blindings[place]] as const);
  return Object.fromEntries(sent.flatMap(([line, blinding]) => (blinding ? [[line, b64(blinding.blinded)]] : [])));
}

export function newestVersion(ballot: Ballot | null): number {
  return ballot?.stacks[ballot.stacks.length - 1]?.version ?? 0;
}

/**
 * The ballot with the tokens of the issuer at `place`, each verified under that issuer's key. The codes go with the
 * last tokens. Throws Distrust("bad_token") if any answer is missing or no signature.
 */
export async function takeTokens(
  ballot: Ballot,
  place: number,
  keys: Keys,
  answers: Map<string, string>,
): Promise<Ballot> {
  const drawn = await Promise.all(ballot.drawn.map((each) => takeToken(each, place, keys, answers)));
  const taken = { ...ballot, drawn };
  return hasTokens(taken) ? { ...taken, codes: null, keys: null } : taken;
}

async function takeToken(
  drawn: Drawn,
  place: number,
  keys: Keys,
  answers: Map<string, string>,
): Promise<Drawn> {
  const [key, answer] = [keys.get(drawn.line)?.issuers[place], answers.get(drawn.line)];
  const blinding = drawn.blindings[place];
  if (!key || !answer || !blinding) throw new Distrust("bad_token");
  try {
    const token = await finalize(key, blinding.message, blinding.factor, unb64(answer, 256));
    const [blindings, tokens] = [[...drawn.blindings], [...drawn.tokens]];
    [blindings[place], tokens[place]] = [null, token];
    return { ...drawn, blindings, tokens };
  } catch {
    throw new Distrust("bad_token");
  }
}

/** Fills a slip for every line, also for those without a mark, so that the number of slips says nothing. */
export async function fillStack(opened: Opened, ballot: Ballot, marks: Marks): Promise<Stack> {
  return (await fillAll(opened, ballot, marks, () => undefined)).stack;
}

/** The same of which it is known what every slip was made from, so that it can be opened instead of cast. */
export async function prepareStack(opened: Opened, ballot: Ballot, marks: Marks): Promise<Prepared> {
  const draw = () => crypto.getRandomValues(new Uint8Array(32));
  const { stack, openings } = await fillAll(opened, ballot, marks, draw);
  return new Prepared(stack, openings);
}

async function fillAll(opened: Opened, ballot: Ballot, marks: Marks, draw: () => Bytes | undefined) {
  const version = newestVersion(ballot) + 1;
  const filled = await Promise.all(
    ballot.drawn.map((drawn) => fillSlip(opened, ballot.pool, drawn, version, marks.get(drawn.line), draw())),
  );
  const stack: Stack = { version, slips: filled.map(({ slip }) => slip), acknowledgements: null };
  return { stack, openings: filled.map(({ opening }) => opening) };
}

async function fillSlip(
  opened: Opened,
  pool: string,
  drawn: Drawn,
  version: number,
  marks?: Bytes,
  randomness?: Bytes,
): Promise<{ slip: Slip; opening: OpenedSlip }> {
  const { line, serial, closingKey } = drawn;
  const tokens = drawn.tokens.filter((token) => token !== null);
  if (tokens.length !== drawn.tokens.length || !marks) throw new Error(`line ${line} lacks a token or marks`);
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const info = sealInfo(opened.digest, pool, line, serial, version);
  const sealed = await seal(closingKey, info, join(marks, salt), randomness);
  const place = { pool, line, serial, version };
  const unsigned: UnsignedSlip = {
    ...place,
    tokens,
    commitment: await commitment(opened.digest, serial, marks, salt),
    sealed,
    sealedHash: await sha256(sealed),
  };
  const body = slipBody(opened.digest, unsigned);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, drawn.key, body);
  const opening = { ...place, manifest: opened.fingerprint, marks, salt, randomness: randomness ?? new Uint8Array() };
  return { slip: { ...unsigned, signature: withLowS(new Uint8Array(signature)) }, opening };
}

/**
 * The ballot with its newest stack acknowledged, older ones and the sealed marks dropped. Throws
 * Distrust("bad_acknowledgement") if one is missing or false; a browser without Ed25519 keeps them unverified.
 */
export async function acceptReply(opened: Opened, ballot: Ballot, reply: string[]): Promise<Ballot> {
  const stack = ballot.stacks[ballot.stacks.length - 1];
  if (!stack || reply.length !== stack.slips.length) throw new Distrust("bad_acknowledgement");
  const acknowledgements = reply.map(readAcknowledgement);
  const key = await acknowledgementKey(opened);
  const valid = stack.slips.map(async (slip, place) => {
    const message = acknowledged(opened.digest, await slipName(opened.digest, slip));
    return !key || crypto.subtle.verify("Ed25519", key, acknowledgements[place] as Bytes, message);
  });
  if (!(await Promise.all(valid)).every(Boolean)) throw new Distrust("bad_acknowledgement");
  const slips = stack.slips.map((slip) => ({ ...slip, sealed: null }));
  return { ...ballot, stacks: [{ ...stack, slips, acknowledgements }] };
}

function readAcknowledgement(text: string): Bytes {
  try {
    return unb64(text, 64);
  } catch {
    throw new Distrust("bad_acknowledgement");
  }
}

async function acknowledgementKey(opened: Opened): Promise<CryptoKey | null> {
  const raw = unb64(opened.manifest.acknowledgement_key, 32);
  return crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]).catch(() => null);
}

/** The check code of a stack: 12 letters (60 bits) of H(the slips' names, sorted and joined), in groups of four. */
export async function checkCode(opened: Opened, stack: Stack): Promise<string> {
  const names = await Promise.all(stack.slips.map((slip) => slipName(opened.digest, slip)));
  return inGroups(firstLetters(await sha256(join(...names.sort(compare))), 12));
}

/**
 * What the record says about a ballot: `missing` are lines whose slip is not on the board. That is the box's fault if
 * it had acknowledged them ("missing"); a stack never acknowledged may be there in part ("partly") or not at all.
 */
export interface Finding {
  kind: "whole" | "earlier" | "paper" | "missing" | "partly" | "never_arrived" | "not_cast";
  missing: string[];
}

/**
 * Looks for every slip, byte for byte, among the lines of board.jsonl. For a line the newest stack counts, or any that
 * was sent without an acknowledgement after it; an older version than the acknowledged one counts as missing. A
 * printed slip that is missing may have been counted from its form, in another version that only the keyers know.
 */
export function findInRecord(ballot: Ballot, board: string): Finding {
  if (!ballot.stacks.length) return { kind: "not_cast", missing: [] };
  const lines = new Set(board.split("\n"));
  const versions = ballot.drawn.map((_, place) => newestFound(ballot.stacks, place, lines));
  const missing = ballot.drawn.filter((_, place) => versions[place] === 0).map((drawn) => drawn.line);
  if (missing.length && ballot.isPaper) return { kind: "paper", missing: [] };
  const everAcknowledged = ballot.stacks.some((stack) => stack.acknowledgements);
  if (missing.length && everAcknowledged) return { kind: "missing", missing };
  if (missing.length) return { kind: missing.length === versions.length ? "never_arrived" : "partly", missing };
  return { kind: versions.every((version) => version === newestVersion(ballot)) ? "whole" : "earlier", missing };
}

function newestFound(stacks: Stack[], place: number, board: Set<string>): number {
  const present = stacks.filter((stack) => board.has(boardLine(stack.slips[place] as Slip)));
  return Math.max(0, ...present.map((stack) => stack.version));
}
