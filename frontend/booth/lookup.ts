// Looks for a device's own slips in the published record: first the signed head, then the runs of the board in which
// they would stand. The site never learns which slips of a run are meant.
import { type Bytes, unb64 } from "../shared/bytes";
import { Misfit, decode } from "../shared/fields";
import { type Head, formOf, headFile, readHead, signatureFile } from "../shared/head";
import { type Slip, slipName } from "../shared/slips";
import { type Bring, readRuns } from "./board-runs";
import type { Opened } from "./manifest";

/** What the site shows is not a record of this poll that the box signed, or not whole. */
export class RefusedRecord extends Error {}

/**
 * The board's lines among which these slips stand if they are on it; null before the record is published. Throws
 * RefusedRecord, and what `bring` throws.
 */
export async function lookUp(opened: Opened, slips: Slip[], bring: Bring): Promise<string | null> {
  const bytes = await bring(`files/${headFile}`);
  if (!bytes) return null;
  try {
    const head = readHead(bytes, formOf(new Map([[headFile, bytes]])));
    await demandSigned(opened, head, bytes, await bring(`files/${signatureFile}`));
    const names = await Promise.all(slips.map((slip) => slipName(opened.digest, slip)));
    const board = { root: head.boardRoot, size: head.boardSize, manifest: opened.digest };
    return await readRuns(board, names, bring);
  } catch (error) {
    throw error instanceof Misfit ? new RefusedRecord(error.place) : error;
  }
}

/** A browser without Ed25519 goes by the manifest and the roots alone. */
async function demandSigned(opened: Opened, head: Head, bytes: Bytes, signature: Bytes | null): Promise<void> {
  if (head.manifest !== opened.fingerprint) throw new Misfit("manifest");
  const raw = unb64(opened.manifest.acknowledgement_key, 32);
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
