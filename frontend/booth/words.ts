// The sentences of the booth, by key. The server puts them, translated, into <script type="application/json"
// id="booth-words">; this file says which keys there are and what stands in their braces. It writes no sentence itself.

const keys = [
  // Entering
  "code_heading",
  "code_label",
  "code_hint",
  "code_open",
  "code_empty", // the field was left empty
  "checking", // status while the code is checked
  "slip_note", // above the sheet of a printed slip
  "bad_slip", // an address named a slip, but its code is none
  "issued_elsewhere", // a ballot was drawn with this code, and this device does not have it
  "issued_erased", // the same, in a browser that forgets, or that has a trace of the ballot
  "issued_before", // the same, but this person's letter was renewed
  "both_codes", // {names}: of second issuers; above the first code of a poll that has some
  "second_heading",
  "second_label", // {name}: of the second issuer, here and below
  "second_hint",
  "second_same", // the first code was entered again
  "second_elsewhere",
  "second_down",
  "second_refused", // {sentence}: what the second issuer said
  // The sheet
  "sheet_heading",
  "doubted_note", // the seal code was looked at, and the ballot is not cast
  "help", // {closes}: instant in the reader's form, here and below; what a blank means
  "help_answers", // the same of a sheet with questions
  "kept_note", // how long the marks are kept
  "kept_tab", // they are kept without a code
  "kept_not", // the browser has stopped keeping them
  "clear_all", // marks and code, for the next person on this device
  "clear_sure",
  "cleared",
  "promises", // the unit's public page
  "promises_label", // {unit}
  "wechat_note",
  "iphone_note",
  "progress", // {marked} {total}: criteria
  "progress_answers", // the same of a sheet with questions: criteria and questions
  "next_blank",
  "dont_know",
  "unit_unknown", // one tap: "don't know" in every item of a unit
  "unit_known", // takes it back
  "clear",
  "clear_label", // {criterion} {unit}
  "rank_hint", // {total}: options, all of which may be put in order
  "best_hint", // {most} {total}: so many of the options may be put in order
  "approve_hint",
  "ordinals", // 1st|2nd|3rd and so on, six of them
  "your_order", // {order}: the options so far
  "places_full", // {most}: another option was tapped after so many
  "undo",
  "left_blank", // in place of an answer
  "replaces", // {old}: what a second sheet will replace
  "replaced", // {old} {new}: the same, asked once more
  "so_many", // {marked} {total}: in the braces of these two
  "all_of_it", // the same where this device does not know how much
  "resume_note", // the ballot was drawn in an earlier visit, the marks had not gone out
  "check",
  // Check your answers
  "check_heading",
  "all_items", // {count}: of a unit, all marked alike or all blank
  "confirm_all",
  "confirm_blank", // {blank} {total}: criteria; {units}: names, or the next
  "blank_many", // {count}: units, too many to be named
  "change_one",
  "change_label", // {unit}
  "confirm_until", // {closes}
  "cast_now",
  "doubt", // the small link beside casting
  "back",
  // While casting (status)
  "preparing",
  "issuing",
  "sealing",
  "sending",
  // Afterwards and on the next visit
  "done_heading",
  "nothing_more",
  "next_heading",
  "next_open", // the sheet can still be filled in again
  "next_close",
  "next_look",
  "check_code",
  "seal_code", // as the second device keeps it
  "check_code_hint",
  "again_heading",
  "ballot_number", // {number}: heading when several people voted on this device
  "in_box",
  "not_drawn", // casting was begun, the token's reply was lost
  "not_sent", // token drawn, nothing cast yet
  "no_reply", // cast, the box's reply was lost
  "forget",
  "show_where", // of a ballot whose seal code a second device may have
  "keep_proof", // beside missing_in_record
  "proof_note", // who decides, and from what
  "change",
  "change_answers",
  "continue",
  "send_again",
  "another_person",
  "in_record",
  "in_record_earlier",
  "in_record_paper", // a printed slip is not there as it was cast: its form may count instead
  "missing_in_record", // acknowledged and not there: {missing} {total}: slips; {units}: names
  "partly_in_record", // never acknowledged and there in part: the same braces
  "never_arrived", // nothing was ever acknowledged and nothing is in the record
  "not_cast", // the record is published and nothing was ever cast with this token
  "names_root", // above the root over the names of all slips, where the record is not shown
  "ask_scrutineer", // beside missing_in_record there
  "record_head", // above the fingerprint of the record
  "other_head", // {kept}: the fingerprint that was shown on an earlier visit
  "record_unreached",
  "record_refused", // what the site shows is not the record that the box signed
  // Refusals of the booth itself
  "network",
  "retry",
  "unexpected",
  "other_manifest",
  "wrong_keys",
  "bad_token",
  "bad_reply",
  "bad_acknowledgement",
  "cast_elsewhere",
  "was_opened",
  "was_cast",
  "no_storage",
  "storage_full",
  "no_keys", // the browser keeps texts but no keys
  "wechat_leave", // after one of these, in WeChat
  "insecure",
] as const;

export type Word = (typeof keys)[number];
export type Words = Record<Word, string>;

/** The page's sentences. Throws if one is missing, naming the keys. */
export function readWords(json: string): Words {
  const given = JSON.parse(json) as Partial<Words>;
  const missing = keys.filter((key) => typeof given[key] !== "string");
  if (missing.length) throw new Error(`booth-words lacks ${missing.join(", ")}`);
  return given as Words;
}

/** What the booth itself will not accept; the person reads the sentence under `word`. */
export class Distrust extends Error {
  constructor(readonly word: Word) {
    super(word);
  }
}
