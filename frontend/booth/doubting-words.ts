// The sentences of what is fetched later, by key. The server puts them, translated, into
// <script type="application/json" id="doubting-words">.

const keys = [
  "code_heading",
  "code_note",
  "code_keep", // {address}: where the second device keeps it
  "code_choice",
  "cast_it",
  "open_it",
  "back",
  "opened_heading",
  "opened_note",
  "opened_text", // above the same as text
  "picture", // {number} {total} {name}
  "previous",
  "next",
  "play", // one picture after the other, in a round
  "stop",
  "copy",
  "copied",
  "fill_again", // back to the sheet
  "where_heading",
  "where_note",
  "forget_heading",
  "forget_lost",
  "forget_kept",
  "forget_now",
  "forget_not",
  "forgotten_heading",
  "forgotten_note",
  "begin_again",
  "proof_heading", // instead of a file, in WeChat
  "proof_copy",
  "proof_text",
  "qr_label", // what a QR code is, for who hears the page
] as const;

export type DoubtingWords = Record<(typeof keys)[number], string>;

/** Throws if a sentence is missing, naming the keys. */
export function readDoubtingWords(json: string): DoubtingWords {
  const given = JSON.parse(json) as Partial<DoubtingWords>;
  const missing = keys.filter((key) => typeof given[key] !== "string");
  if (missing.length) throw new Error(`doubting-words lacks ${missing.join(", ")}`);
  return given as DoubtingWords;
}
