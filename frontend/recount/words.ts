// The sentences of the recount page, by key. The server puts them, translated, into
// <script type="application/json" id="recount-words">; those of the checks stand under the checks' own names.
import { type Check, checks } from "./findings";

const troubles = ["no_record", "no_zip", "zip_twice", "too_large", "site_unreached", "insecure", "unexpected"] as const;

const keys = [
  "chosen", // {name}
  "choose_first",
  "reading",
  "progress", // {done} {total}: slips
  "stopped",
  "sound_heading",
  "sound", // {slips} {opened} {fingerprint}: the manifest is the one that was announced
  "sound_alone", // {slips} {opened} {fingerprint}: it was compared with nothing
  "sealed", // some slips are not published one by one
  "unsound_heading",
  "unsound", // {count}
  "changed_heading", // the files are not those that the head names
  "changed", // {count}
  "more", // {count}: findings that are not listed
  "file", // {file}
  "file_line", // {file} {line}
  "signature_unchecked",
  "manifest", // above the fingerprint
  "head", // above the fingerprint of record.json
  "scrutiny", // heading
  "unscrutinised", // fewer than two scrutineers have checked
  "scrutinised", // {count}
  "scrutineer_checked", // {name} {lines}
  "scrutineer_seen", // {name}
  "scrutineer_disagrees", // {name} {remark}
  "scrutineer_silent", // {name}
  "turnout",
  "pool",
  "size",
  "issued",
  "returned_most",
  "pool_verdict",
  "verdict_valid",
  "verdict_void",
  "verdict_below_turnout",
  "extended", // {closes_at} {announced_at} {reason}
  "cancelled_slips", // {pool} {count}
  "counted", // heading of the counts beside the verdict
  "counted_how",
  "compare", // link to the published result
  "organisation",
  "item",
  "marks",
  "mean",
  "nearly_all", // before the mark that nearly all gave
  "dont_know",
  "unmarked",
  "whole_file", // a place that is the whole document
  "field_criteria", // what of a line was counted
  "field_returned",
  "field_valid",
  "field_invalid",
  "field_abstained",
  ...troubles,
] as const;

/** Why nothing could be recounted. */
export type Trouble = (typeof troubles)[number];
export type RecountWord = (typeof keys)[number] | Check;
export type RecountWords = Record<RecountWord, string>;

/** The page's sentences. Throws if one is missing, naming the keys. */
export function readRecountWords(json: string): RecountWords {
  const given = JSON.parse(json) as Partial<RecountWords>;
  const missing = [...keys, ...checks].filter((key) => typeof given[key] !== "string");
  if (missing.length) throw new Error(`recount-words lacks ${missing.join(", ")}`);
  return given as RecountWords;
}
