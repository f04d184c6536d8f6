// The sentences of a scrutineer's pages at the desk, by key. The server puts them, translated, into
// <script type="application/json" id="scrutineer-words">, together with all those of the recount page.
import { type RecountWords, readRecountWords } from "../words";
import { type SealedCheck, sealedChecks } from "./findings";

const troubles = ["record_waiting", "handover_refused"] as const;

const keys = [
  // The keys
  "key_file",
  "paper", // the label of the field in which printed keys are typed
  "paper_hint",
  "make_keys",
  "keys_made",
  "keys_taken", // the card of keys that were there already is filled in
  "save_again",
  "print",
  "print_heading",
  "print_note", // {poll}
  "bad_key_file",
  "paper_length", // {count}
  "paper_letter", // {group}
  "paper_check",
  // The test decryption
  "tried",
  "try_other_keys",
  "bad_challenge",
  // The recount
  "fetching_record",
  "fetching_handover",
  "progress_shares", // {done} {total}
  "progress_slips", // {done} {total}
  "stop",
  "again",
  "handover_gone",
  "saved_files",
  "not_named",
  "sealed_heading",
  "sealed_fits", // {lines} {slips} {name}: of the scrutineer with whose shares the keys were made
  "sealed_none",
  "sealed_first", // {lines} {slips}
  "sealed_fails", // {count}
  "sealed_left", // the record itself fails
  "no_ed25519", // the signature of the record could not be checked, so nothing can be signed as checked
  "passed_unreadable",
  "passed_closed", // {name}
  "passed_misfit", // {name}
  "pass_on", // {count}: other scrutineers
  "sign_legend",
  "sign_checked", // {lines}
  "sign_seen",
  "sign_disagrees",
  "sign_ready",
  "remark", // the label of its field
  "remark_needed",
  ...troubles,
] as const;

/** Why nothing could be fetched. */
export type FetchTrouble = (typeof troubles)[number];
export type ScrutineerWord = (typeof keys)[number];
export type ScrutineerWords = RecountWords & Record<ScrutineerWord | SealedCheck, string>;

/** The pages' sentences. Throws if one is missing, naming the keys. */
export function readScrutineerWords(json: string): ScrutineerWords {
  const given = readRecountWords(json) as Partial<ScrutineerWords>;
  const missing = [...keys, ...sealedChecks].filter((key) => typeof given[key] !== "string");
  if (missing.length) throw new Error(`scrutineer-words lacks ${missing.join(", ")}`);
  return given as ScrutineerWords;
}
