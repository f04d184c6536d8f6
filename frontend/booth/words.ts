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
  "progress", // {marked} {total}: units with every criterion marked
  "progress_answers", // the same of a sheet with questions: units and questions
  "dont_know",
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
  "change_note", // above the empty sheet of a second vote
  "resume_note", // the ballot was drawn in an earlier visit, the marks were not kept
  "cast",
  "confirm_heading",
  "confirm_answers", // above the answers to questions
  "confirm_all",
  "confirm_blank", // {blank} {total}: criteria; {units}: names
  "confirm_until", // {closes}: instant in the reader's form
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
  "done_note",
  "check_code",
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
