// What a finding's values are in words: pools, lines and items by name, counts as the result has them. Text out of a
// file stands on the page without signs that change how it is read, and not without end.
import type { Json } from "../shared/bytes";
import { type Called, cellsCalled, criterionCalled, lineCalled, placeCalled, poolCalled } from "./called";
import type { PoolVerdict } from "./counts";
import type { RecountWords } from "./words";

const mostShown = 300;
/** Controls, separators and signs of direction, by which a text out of a file could pretend to be the page's own. */
const treacherous = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu;

/** Text out of a file as it may stand on the page. */
export function harmless(text: string): string {
  const escaped = text.replace(treacherous, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
  return escaped.length > mostShown ? `${escaped.slice(0, mostShown)}…` : escaped;
}

export function verdictNames(words: RecountWords): Record<PoolVerdict, string> {
  const { verdict_valid, verdict_void, verdict_below_turnout } = words;
  return { valid: verdict_valid, void: verdict_void, "below-turnout": verdict_below_turnout };
}

interface Told {
  file: string;
  check: string;
  values: Record<string, string | number>;
}

/** The values of a finding as its sentence takes them. */
export function valuesInWords(
  { file, check, values }: Told, words: RecountWords, called: Called | null,
): Told["values"] {
  const speak = (name: string, value: string | number): string | number => {
    if (value === "") return words.whole_file;
    if (typeof value === "number") return value;
    if (name === "pool") return harmless(poolCalled(called, value));
    if (name === "place") return harmless(lineCalled(called, value));
    if (name === "field") return fieldNames(words)[value] ?? harmless(value);
    if (name === "detail") return harmless(placeCalled(called, file, value));
    if (check === "verdict") return new Map(Object.entries(verdictNames(words))).get(value) ?? harmless(value);
    return harmless(check === "recount" ? countsCalled(value, words, called) : value);
  };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, speak(name, value)]));
}

function fieldNames(words: RecountWords): Record<string, string | undefined> {
  return {
    criteria: words.field_criteria,
    returned: words.field_returned,
    valid: words.field_valid,
    invalid: words.field_invalid,
    abstained: words.field_abstained,
  };
}

/** The items of a line as the result has them; whatever else was counted as it is. */
function countsCalled(counted: string, words: RecountWords, called: Called | null): string {
  if (!called || !counted.startsWith("[")) return counted;
  try {
    const items = JSON.parse(counted) as { criterion?: string }[];
    if (!items.every((item) => item.criterion)) return counted;
    const say = (item: { criterion?: string }) => cellsCalled(called, item as Json, words);
    return items.map((item) => `${criterionCalled(called, item.criterion ?? "")}: ${say(item)}`).join("; ");
  } catch {
    return counted;
  }
}
