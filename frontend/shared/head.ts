// record.json, the head that its own key signed: the files of a record, and what the head says. Shared by the booth,
// which compares a published board with it, and the recount. The signature and the truth of what it says are checked by
// them.
import type { Bytes, Json } from "./bytes";
import {
  Misfit,
  asBytes,
  asFields,
  asFingerprint,
  asInstant,
  asList,
  asText,
  asWhole,
  decode,
  inside,
  readJson,
} from "./fields";

export const manifestFile = "manifest.json";
export const keysFile = "keys.json";
export const boardFile = "board.jsonl";
export const openedFile = "opened.jsonl";
export const sealedFile = "sealed.jsonl";
export const closingKeysFile = "closing-keys.json";
export const invalidFile = "invalid.jsonl";
export const cancelledFile = "cancelled.jsonl";
export const printedFile = "printed.json";
export const statementsFile = "statements.jsonl";
export const gateFile = "gate.json";
export const countsFile = "counts.json";
export const headFile = "record.json";
export const signatureFile = "record.sig";

/** The files whose fingerprints the head lists: all but the head itself, its signature and what was signed about it. */
export const listedFiles = [manifestFile, keysFile, boardFile, openedFile, sealedFile, closingKeysFile].concat(
  [invalidFile, cancelledFile, printedFile, statementsFile, gateFile, countsFile],
);
const mostExtensions = 100;

/** A later closing time, why, and when it was announced. Times are milliseconds since 1970. */
export interface Extension {
  closesAt: number;
  reason: string;
  announcedAt: number;
}

export interface Head {
  manifest: string;
  /** Milliseconds since 1970. */
  closedAt: number;
  extensions: Extension[];
  boardRoot: Bytes;
  boardSize: number;
  /** The fingerprint of each of `listedFiles`. */
  files: Map<string, string>;
}

/** The head in its form. Throws Misfit. */
export function readHead(bytes: Bytes): Head {
  const names = ["format", "manifest", "closed_at", "extensions", "board_root", "board_size", "files"];
  const given = asFields(readJson(decode(bytes)), "", names);
  if (given.format !== "blindballot-record-1") throw new Misfit("format");
  const files = asFields(given.files, "files", listedFiles);
  return {
    manifest: asFingerprint(given.manifest, "manifest"),
    closedAt: asInstant(given.closed_at, "closed_at"),
    extensions: asList(given.extensions, "extensions", [0, mostExtensions], readExtension),
    boardRoot: asBytes(given.board_root, "board_root", 32),
    boardSize: asWhole(given.board_size, "board_size", 0),
    files: new Map(listedFiles.map((name) => [name, asFingerprint(files[name], `files.${name}`)])),
  };
}

function readExtension(item: Json, place: string): Extension {
  const given = asFields(item, place, ["closes_at", "reason", "announced_at"]);
  return {
    closesAt: asInstant(given.closes_at, inside(place, "closes_at")),
    reason: asText(given.reason, inside(place, "reason")),
    announcedAt: asInstant(given.announced_at, inside(place, "announced_at")),
  };
}
