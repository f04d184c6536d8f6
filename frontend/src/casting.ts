// Token and cast as one act: everything is stored before it is sent, one tab at a time, and every step can be repeated
// after a lost reply with the same bytes. What the person sees of it is in booth.ts.
import {
  type Ballot,
  type Marks,
  acceptReply,
  drawBallot,
  fillStack,
  hasTokens,
  newestVersion,
  takeTokens,
} from "./ballot";
import { type Json, b64, wireSlip } from "./format";
import { type KeyProof, type Opened, proveKeys } from "./manifest";
import { post } from "./server";
import { dropDraft, readBallot, writeBallot } from "./store";
import { Distrust, type Word } from "./words";

export interface Addresses {
  manifest: string;
  keys: string;
  issue: string;
  cast: string;
  record: string;
}

/**
 * What casting needs to know of the page. `closesAt` is in milliseconds and may lie after the manifest's, if the round was
 * extended. `progress` is told each step before it begins.
 */
export interface Station {
  opened: Opened;
  closesAt: number;
  addresses: Addresses;
  progress: (step: Word) => void;
}

/** A checked code: the pool it belongs to and that pool's proved keys, by line. */
export interface Permit {
  code: string;
  pool: string;
  keys: Map<string, CryptoKey>;
  issued: boolean;
}

/**
 * One decision to cast. `seen` is the newest version this tab knows of; `filled` is set when the stack is stored, so
 * that a second try sends the same slips. `permit` is null when tokens are already on the device.
 */
export interface Vote {
  id: string;
  permit: Permit | null;
  marks: Marks;
  seen: number;
  filled: boolean;
}

/** Asks the site what a code opens. Throws Refusal, Unreachable, or Distrust if the keys are not the manifest's. */
export async function checkPermit({ opened, addresses }: Station, code: string): Promise<Permit> {
  const answer = await post(addresses.keys, { manifest: opened.fingerprint, code });
  const proof = answer as unknown as KeyProof;
  return { code, pool: proof.pool, keys: await proveKeys(opened, proof), issued: answer.issued === true };
}

/**
 * Casts a vote and returns the acknowledged ballot. Repeatable with the same `vote` after any failure. Throws
 * Distrust("cast_elsewhere") if another tab has cast since.
 */
export function castVote(station: Station, vote: Vote): Promise<Ballot> {
  return alone(station.opened, async () => {
    let ballot = await readBallot(vote.id);
    if (newestVersion(ballot) !== vote.seen) throw new Distrust("cast_elsewhere");
    if (!ballot || !hasTokens(ballot)) ballot = await issue(station, ballot, vote);
    if (!vote.filled) ballot = await fillAndStore(station, ballot, vote);
    return send(station, ballot);
  });
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

async function issue(station: Station, stored: Ballot | null, vote: Vote): Promise<Ballot> {
  if (!vote.permit) throw new Distrust("no_storage");
  const { code, pool, keys } = vote.permit;
  station.progress("preparing");
  const ballot = stored ?? (await drawBallot(vote.id, pool, code, keys));
  if (!stored) await writeBallot(ballot);
  station.progress("issuing");
  const blinded: Record<string, string> = {};
  for (const { line, blinding } of ballot.drawn) if (blinding) blinded[line] = b64(blinding.blinded);
  const answer = await post(station.addresses.issue, { manifest: station.opened.fingerprint, code, blinded });
  if (answer.pool !== ballot.pool || typeof answer.signatures !== "object") throw new Distrust("bad_reply");
  const issued = await takeTokens(ballot, keys, answer.signatures as Record<string, string>);
  await writeBallot(issued);
  return issued;
}

async function fillAndStore(station: Station, ballot: Ballot, vote: Vote): Promise<Ballot> {
  station.progress("sealing");
  const stack = await fillStack(station.opened, ballot, vote.marks);
  const filled = { ...ballot, stacks: [...ballot.stacks, stack] };
  await writeBallot(filled);
  dropDraft(station.opened.fingerprint);
  vote.seen = stack.version;
  vote.filled = true;
  return filled;
}

async function send(station: Station, ballot: Ballot): Promise<Ballot> {
  station.progress("sending");
  const slips: Json = (ballot.stacks[ballot.stacks.length - 1]?.slips ?? []).map(wireSlip);
  const body = { manifest: station.opened.fingerprint, slips };
  const nameless: RequestInit = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };
  const answer = await post(station.addresses.cast, body, nameless);
  if (!Array.isArray(answer.acknowledgements)) throw new Distrust("bad_reply");
  const accepted = await acceptReply(station.opened, ballot, answer.acknowledgements as string[]);
  await writeBallot(accepted);
  return accepted;
}
