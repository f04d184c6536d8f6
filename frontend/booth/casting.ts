// Token and cast as one act: everything is stored before it is sent, one tab works at a time, and after a lost reply
// every step can be repeated with the same bytes. main.ts shows it to the person.
import type { Json } from "../shared/bytes";
import type { Names } from "../shared/wording";
import {
  type Ballot,
  type Marks,
  acceptReply,
  blindedFor,
  drawBallot,
  fillStack,
  hasTokens,
  hasTokensOf,
  newestVersion,
  prepareStack,
  takeTokens,
} from "./ballot";
import { type KeyProof, type Keys, type Opened, findPool, proveKeys } from "./manifest";
import type { Prepared } from "./prepared";
import { Refusal, Unreachable, nameless, post } from "./server";
import { readBallot, writeBallot } from "./store";
import { wireSlip } from "./wire";
import { Distrust, type Word } from "./words";

export interface Addresses {
  manifest: string;
  keys: string;
  issue: string;
  cast: string;
  paper: string;
  record: string;
  /** Where the names of all slips are listed, if this reader is shown them and not the record; else "". */
  names: string;
  seconds: SecondIssuer[];
}

/** A second issuer beside the office, which another level runs at an address of its own. */
export interface SecondIssuer {
  pool: string;
  issuer: string;
  name: Names;
  check: string;
  issue: string;
}

/**
 * What casting needs to know of the page. `closesAt` is in milliseconds and may lie after the manifest's, if the poll
 * was extended. `progress` is told each step before it begins.
 */
export interface Station {
  opened: Opened;
  closesAt: number;
  addresses: Addresses;
  /** The public pages of the units, by the manifest's names of them. */
  links: Map<string, string>;
  progress: (step: Word) => void;
}

/** Checked codes, one for each issuer, with the pool they belong to and that pool's proved keys. */
export interface Permit {
  codes: string[];
  pool: string;
  keys: Keys;
  issued: boolean;
  renewed?: boolean; // the code stands in a newer letter than the first
}

/**
 * One decision to cast. `seen` is the newest version this tab knows of; `filled` is set when the stack is stored, so
 * that a second try sends the same slips. `permit` is null when tokens are already on the device. `prepared` is the
 * stack whose seal code was shown.
 */
export interface Vote {
  id: string;
  permit: Permit | null;
  marks: Marks;
  seen: number;
  filled: boolean;
  prepared?: Prepared;
}

/** Asks the site what a code opens. Throws Refusal, Unreachable, or Distrust if the keys are not the manifest's. */
export async function checkPermit({ opened, addresses }: Station, code: string): Promise<Permit> {
  const answer = await post(addresses.keys, { manifest: opened.fingerprint, code });
  const proof = answer as unknown as KeyProof;
  const keys = await proveKeys(opened, proof);
  return { codes: [code], pool: proof.pool, keys, issued: answer.issued === true, renewed: answer.renewed === true };
}

/** The second issuer of a pool, or null. Throws Distrust("wrong_keys") if the page names another than the manifest. */
export function secondOf({ opened, addresses }: Station, pool: string): SecondIssuer | null {
  const [, issuer] = findPool(opened.manifest, pool).issuers;
  if (issuer === undefined) return null;
  const second = addresses.seconds.find((each) => each.pool === pool && each.issuer === issuer);
  if (!second) throw new Distrust("wrong_keys");
  return second;
}

/** Whether the second issuer has already issued for this code of its own. Throws Refusal or Unreachable from it. */
export async function checkSecond({ opened }: Station, second: SecondIssuer, code: string): Promise<boolean> {
  const answer = await postTo(second, second.check, { manifest: opened.fingerprint, code });
  return answer.issued === true;
}

async function postTo(second: SecondIssuer, url: string, body: Json): Promise<Record<string, unknown>> {
  try {
    return await post(url, body, nameless);
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(error.sentence, error.reason, second.name);
    throw error instanceof Unreachable ? new Unreachable(error.message, second.name) : error;
  }
}

/**
 * Casts a vote and returns the acknowledged ballot. Repeatable with the same `vote` after any failure. Throws
 * Distrust("cast_elsewhere") if another tab has cast since.
 */
export function castVote(station: Station, vote: Vote): Promise<Ballot> {
  return alone(station.opened, async () => {
    let ballot = await withTokens(station, vote);
    if (!vote.filled) ballot = await fillAndStore(station, ballot, vote);
    return send(station, ballot);
  });
}

/**
 * Gets the tokens, if they are not there, and fills the stack of this vote, which `castVote` will then cast as it is.
 * Stores the tokens and that the device was doubted, not the stack. Returns the ballot. Throws what `castVote` does.
 */
export function prepareVote(station: Station, vote: Vote): Promise<Ballot> {
  return alone(station.opened, async () => {
    const ballot = { ...(await withTokens(station, vote)), isDoubted: true };
    await writeBallot(ballot);
    station.progress("sealing");
    vote.prepared = await prepareStack(station.opened, ballot, vote.marks);
    return ballot;
  });
}

async function withTokens(station: Station, vote: Vote): Promise<Ballot> {
  const ballot = await readBallot(vote.id);
  if (newestVersion(ballot) !== vote.seen) throw new Distrust("cast_elsewhere");
  return ballot && hasTokens(ballot) ? ballot : issue(station, ballot, vote);
}

/** Sends the newest stack again, as it was. Returns the ballot, acknowledged now or by another tab meanwhile. */
export function resendStack(station: Station, id: string): Promise<Ballot> {
  return alone(station.opened, async () => {
    const ballot = await readBallot(id);
    if (!ballot) throw new Distrust("no_storage");
    return ballot.stacks[ballot.stacks.length - 1]?.acknowledgements ? ballot : send(station, ballot);
  });
}

function alone<T>(opened: Opened, act: () => Promise<T>): Promise<T> {
  if (!("locks" in navigator)) return act();
  return navigator.locks.request(`booth-${opened.fingerprint}`, act) as Promise<T>;
}

/** Draws the ballot and gets the tokens of each issuer in turn. Stores what one has given before it asks the next. */
async function issue(station: Station, stored: Ballot | null, vote: Vote): Promise<Ballot> {
  if (!vote.permit) throw new Distrust("no_storage");
  const { codes, pool, keys } = vote.permit;
  station.progress("preparing");
  let ballot = stored ?? (await drawBallot(vote.id, pool, codes, keys));
  if (!stored) await writeBallot(ballot);
  station.progress("issuing");
  for (const place of codes.keys()) {
    if (hasTokensOf(ballot, place)) continue;
    ballot = await takeTokens(ballot, place, keys, await askIssuer(station, ballot, place, codes[place] as string));
    await writeBallot(ballot);
  }
  return ballot;
}

async function askIssuer(
  station: Station,
  ballot: Ballot,
  place: number,
  code: string,
): Promise<Map<string, string>> {
  const body = { manifest: station.opened.fingerprint, code, blinded: blindedFor(ballot, place) };
  const second = place ? secondOf(station, ballot.pool) : null;
  const answer = await (second ? postTo(second, second.issue, body) : post(station.addresses.issue, body));
  if (answer.pool !== ballot.pool || typeof answer.signatures !== "object" || !answer.signatures)
    throw new Distrust("bad_reply");
  return new Map(Object.entries(answer.signatures as Record<string, string>));
}

async function fillAndStore(station: Station, ballot: Ballot, vote: Vote): Promise<Ballot> {
  station.progress("sealing");
  const stack = vote.prepared?.cast() ?? (await fillStack(station.opened, ballot, vote.marks));
  const stacks = [...ballot.stacks, stack];
  const filled = { ...ballot, stacks, isDoubted: !!vote.prepared, seal: vote.prepared?.code ?? "" };
  await writeBallot(filled);
  vote.seen = stack.version;
  vote.filled = true;
  return filled;
}

async function send(station: Station, ballot: Ballot): Promise<Ballot> {
  station.progress("sending");
  const slips: Json = (ballot.stacks[ballot.stacks.length - 1]?.slips ?? []).map(wireSlip);
  const body = { manifest: station.opened.fingerprint, slips };
  const answer = await post(station.addresses.cast, body, nameless);
  if (!Array.isArray(answer.acknowledgements)) throw new Distrust("bad_reply");
  const accepted = await acceptReply(station.opened, ballot, answer.acknowledgements as string[]);
  await writeBallot(accepted);
  return accepted;
}
