// The sentences of the second device's page, by key. The server puts them, translated, into
// <script type="application/json" id="seal-words">.
import type { Trouble } from "../words";

const troubles: Trouble[] = ["no_record", "no_zip", "zip_twice", "too_large", "site_unreached"];
troubles.push("insecure", "unexpected");

const keys = [
  "kept_heading",
  "kept_none",
  "kept",
  "forget",
  "check",
  "code_wrong",
  "manifest",
  "opened_fits", // {count}
  "opened_waits", // {count} {total}
  "opened_differs",
  "opened_none",
  "opened_unreadable", // {line}
  "slips_here", // {count}
  "opened_other",
  "opened_no_line",
  "opened_twice", // {name}
  "dont_know",
  "unmarked",
  "approved",
  "no_mark", // {number}
  "order", // {place} {name}
  "found", // {count}
  "not_found",
  "ask_where",
  "where_wrong",
  "recount_too",
  "other_record",
  "false_record", // {file}
  "reading",
  "choose_first",
  "other_manifest",
  "no_poll",
  "bad_poll",
  "camera",
] as const;

export type SealWord = (typeof keys)[number] | Trouble;
export type SealWords = Record<SealWord, string>;

/** Throws if a sentence is missing, naming the keys. */
export function readSealWords(json: string): SealWords {
  const given = JSON.parse(json) as Partial<SealWords>;
  const missing = [...keys, ...troubles].filter((key) => typeof given[key] !== "string");
  if (missing.length) throw new Error(`seal-words lacks ${missing.join(", ")}`);
  return given as SealWords;
}

/** What cannot be shown or checked; the person reads the sentence under `word`. */
export class Doubtful extends Error {
  constructor(
    readonly word: SealWord,
    readonly values: Record<string, string | number> = {},
  ) {
    super(word);
  }
}
