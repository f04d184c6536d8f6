// record.json, the head that the box signed: the two forms of a record, and what the head says. Shared by the booth,
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

export const keysFile = "keys.json";
export const boardFile = "board.jsonl";
export const openedFile = "opened.jsonl";
export const cancelledFile = "cancelled.jsonl";
export const countsFile = "counts.json";
export const headFile = "record.json";
export const signatureFile = "record.sig";
const mostExtensions = 100;

/** One version of the format: what its documents call themselves, and the files whose fingerprints the head lists. */
export interface Form {
  record: string;
  counts: string;
  listed: string[];
  hasCancelled: boolean;
  /** Whether the lines of a unit share one band in a pool, and bands stand without the reasons of invalid slips. */
  hasOneBandAUnit: boolean;
}

/** The older form, then today's. */
export const forms: [Form, Form] = [
  {
    record: "zhengyou-record-1",
    counts: "zhengyou-counts-1",
    listed: [keysFile, boardFile, openedFile, countsFile],
    hasCancelled: false,
    hasOneBandAUnit: false,
  },
  {
    record: "zhengyou-record-2",
    counts: "zhengyou-counts-2",
    listed: [keysFile, boardFile, openedFile, cancelledFile, countsFile],
    hasCancelled: true,
    hasOneBandAUnit: true,
  },
];

/** The form that record.json names; where it names none, the one whose files are there. */
export function formOf(files: Map<string, Bytes>): Form {
  const head = new TextDecoder().decode(files.get(headFile));
  const named = forms.find(({ record }) => head.includes(`"format":"${record}"`));
  return named ?? forms[files.has(cancelledFile) ? 1 : 0];
}

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
  files: Record<string, string>;
}

/** The head in its form. Throws Misfit. */
export function readHead(bytes: Bytes, form: Form): Head {
  const names = ["format", "manifest", "closed_at", "board_root", "board_size", "files"];
  const given = asFields(readJson(decode(bytes)), "", form.hasCancelled ? [...names, "extensions"] : names);
  if (given.format !== form.record) throw new Misfit("format");
  const files = asFields(given.files, "files", form.listed);
  return {
    manifest: asFingerprint(given.manifest, "manifest"),
    closedAt: asInstant(given.closed_at, "closed_at"),
    extensions: form.hasCancelled ? asList(given.extensions, "extensions", [0, mostExtensions], readExtension) : [],
    boardRoot: asBytes(given.board_root, "board_root", 32),
    boardSize: asWhole(given.board_size, "board_size", 0),
    files: Object.fromEntries(form.listed.map((name) => [name, asFingerprint(files[name], `files.${name}`)])),
  };
}

function readExtension(item: Json, place: string): Extension {
  const given = asFields(item, place, ["closes_at", "reason", "announced_at"]);
  const reason = asText(given.reason, inside(place, "reason"));
  if (!reason) throw new Misfit(inside(place, "reason"));
  return {
    closesAt: asInstant(given.closes_at, inside(place, "closes_at")),
    reason,
    announcedAt: asInstant(given.announced_at, inside(place, "announced_at")),
  };
}
