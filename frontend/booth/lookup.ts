// Looks for a device's own slips in the published record: first the signed head, then the runs of the board in which
// they would stand. The site never learns which slips of a run are meant. Where persons are rated and this reader may
// not see the record, its list of names alone, which says nothing of anybody.
import { type Bytes, compare, hex, sha256, unb64 } from "../shared/bytes";
import { Misfit, decode } from "../shared/fields";
import { type Head, headFile, readHead, signatureFile } from "../shared/head";
import { hashLeaf, rootOf } from "../shared/merkle";
import { type Slip, readSlip, slipName } from "../shared/slips";
import { type Bring, readRuns } from "./board-runs";
import type { Opened } from "./manifest";
import { boardLine } from "./wire";

/** What the site shows is not a signed record of this poll, or not whole. */
export class RefusedRecord extends Error {}

/** The board's lines among which slips stand if they are on it, and the fingerprint of the head that vouches for it. */
export interface Found {
  board: string;
  head: string;
}

/** Looks for these slips; null before the record is published. Throws RefusedRecord, and what `bring` throws. */
export async function lookUp(opened: Opened, slips: Slip[], bring: Bring): Promise<Found | null> {
  const bytes = await bring(`files/${headFile}`);
  if (!bytes) return null;
  try {
    const head = readHead(bytes);
    await demandSigned(opened, head, bytes, await bring(`files/${signatureFile}`));
    const names = await Promise.all(slips.map((slip) => slipName(opened.digest, slip)));
    const board = { root: head.boardRoot, size: head.boardSize, manifest: opened.digest };
    const text = await readRuns(board, names, bring);
    await demandUnchanged(opened, slips, text);
    return { board: text, head: hex(await sha256(bytes)) };
  } catch (error) {
    throw error instanceof Misfit ? new RefusedRecord(error.place) : error;
  }
}

/**
 * The same by the list of all names; `head` is the root over them, which is the board's. Nobody signed it by itself: it
 * stands on a public page and in the public entries, where everybody sees the same.
 */
export async function lookUpNames(opened: Opened, slips: Slip[], bytes: Bytes | null): Promise<Found | null> {
  if (!bytes) return null;
  try {
    const names = decode(bytes).split("\n").slice(0, -1).map((line) => unb64(line, 32));
    const isOrdered = names.every((name, at) => !at || compare(names[at - 1] as Bytes, name) < 0);
    if (!isOrdered) throw new Misfit("names");
    const listed = new Set(names.map(hex));
    const own = await Promise.all(slips.map((slip) => slipName(opened.digest, slip)));
    const there = slips.filter((_, at) => listed.has(hex(own[at] as Bytes)));
    return { board: there.map(boardLine).join("\n"), head: hex(await rootOf(await Promise.all(names.map(hashLeaf)))) };
  } catch {
    throw new RefusedRecord("names");
  }
}

/** A slip's name leaves out its signature: one that stands there with another was changed by whoever serves it. */
async function demandUnchanged(opened: Opened, slips: Slip[], text: string): Promise<void> {
  const lines = new Set(text.split("\n"));
  const own = await Promise.all(slips.map(async (slip) => hex(await slipName(opened.digest, slip))));
  const changed = new Set(own.filter((_, at) => !lines.has(boardLine(slips[at] as Slip))));
  if (!changed.size) return;
  for (const line of lines)
    if (line && changed.has(hex(await slipName(opened.digest, readSlip(line))))) throw new Misfit("signature");
}

/** A browser without Ed25519 goes by the manifest and the roots alone. */
async function demandSigned(opened: Opened, head: Head, bytes: Bytes, signature: Bytes | null): Promise<void> {
  if (head.manifest !== opened.fingerprint) throw new Misfit("manifest");
  const raw = unb64(opened.manifest.head_key, 32);
  const key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]).catch(() => null);
  if (!key) return;
  const signed = signature && readSignature(signature);
  if (!signed || !(await crypto.subtle.verify("Ed25519", key, signed, bytes))) throw new Misfit(signatureFile);
}

function readSignature(bytes: Bytes): Bytes | null {
  try {
    return unb64(decode(bytes), 64);
  } catch {
    return null;
  }
}
