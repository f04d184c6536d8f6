// What a line's slips may be published as, worked out anew from the marks by the last section of docs/ballots.md.
// Which cells are joined is joining.ts; counts.ts reads counts.json and holds it to the same rule.
import type { Json } from "../shared/bytes";
import { type Answers, countAnswers, isNearlyOne, publishAnswers } from "./answers";
import { joinRuns, leadingMark } from "./joining";
import type { Line, Rules } from "./manifest";
import { type Question, noMark } from "./questions";

export interface Cell {
  marks: string[];
  n: number;
}

/** The opened slips of one line: its patterns of marks with how often each came, and the invalid ones by reason. */
export interface Tally {
  patterns: Map<string, { marks: Uint8Array; n: number }>;
  invalid: Map<string, number>;
}

/** What the gate keeps back of a line: it is published as `most` at most, its `criteria` as one cell of all marks. */
export interface Withheld {
  most: Publication;
  criteria: string[];
}

export type Publication = "nothing" | "band" | "counts" | "open";

export const dontKnow = 255;
/** From the least that can be published of a line to the most. */
export const kinds: Publication[] = ["nothing", "band", "counts", "open"];
export const nothingWithheld: Withheld = { most: "open", criteria: [] };
/** From the best to the one that says nothing. */
export const bands = ["high", "middle", "low", "none"];

export function emptyTally(): Tally {
  return { patterns: new Map(), invalid: new Map() };
}

export function addMarks(tally: Tally, marks: Uint8Array): void {
  const key = marks.join();
  const known = tally.patterns.get(key);
  tally.patterns.set(key, { marks, n: (known?.n ?? 0) + 1 });
}

export function addInvalid(tally: Tally, reason: string): void {
  tally.invalid.set(reason, (tally.invalid.get(reason) ?? 0) + 1);
}

export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}

/** The marks in the order of cells: grades, then don't know, then unmarked. */
export function markIds(rules: Rules): string[] {
  return [...rules.grades.map(({ id }) => id), ...noMark];
}

/** A line of counts.json as it is worked out. */
export type Published = { [key: string]: Json };

/** The lines of counts.json that the slips of a pool with a valid verdict must make. */
export function publishLines(
  rules: Rules,
  slips: [Line, Tally][],
  withheldOf: (line: string) => Withheld = () => nothingWithheld,
): Published[] {
  const published = slips.map(([line, tally]) => publishLine(rules, line, tally, withheldOf(line.id)));
  const units = slips.map(([{ unit }]) => unit);
  const lowest = lowestBands(units.map((unit, at) => [unit, published[at]?.band]));
  return published.map((line, at) => {
    if (line.band === undefined) return line;
    const { returned, valid } = line as { returned: number; valid: number };
    return { ...line, invalid: anyOf(returned - valid), band: lowest.get(units[at] as string) as string };
  });
}

/** The lowest band of each unit's lines. */
export function lowestBands(lines: [string, Json | undefined][]): Map<string, string> {
  const lowest = new Map<string, string>();
  for (const [unit, band] of lines) {
    if (typeof band !== "string") continue;
    const known = lowest.get(unit);
    if (!known || bands.indexOf(known) < bands.indexOf(band)) lowest.set(unit, band);
  }
  return lowest;
}

/** Invalid slips without their reasons. */
function anyOf(invalid: number): Published {
  return invalid ? { any: invalid } : {};
}

/** One line by itself, with its own band and the reasons of invalid slips, which a unit with bands does not keep. */
export function publishLine(rules: Rules, line: Line, tally: Tally, withheld = nothingWithheld): Published {
  const valid = sum(Array.from(tally.patterns.values(), ({ n }) => n));
  const invalid = sum(tally.invalid.values());
  const head = { line: line.id, returned: valid + invalid, valid, invalid: Object.fromEntries(tally.invalid) };
  const { question } = line;
  if (question) return publishQuestion(rules, question, head, tally, withheld);
  const columns = line.criteria.map((_, place) => countMarks(rules, tally, place));
  const isDivided = columns.every((column) => leadingMark(column) < 0);
  const publication = lower(kindOf(rules, valid + invalid, tally, isDivided), withheld.most);
  if (publication === "nothing") return { ...head, invalid: anyOf(invalid), publication };
  if (publication === "band") return { ...head, publication, band: bandOf(rules, tally) };
  const criteria = columns.map((column, place) => {
    const criterion = line.criteria[place] as string;
    const single = column.map((slips) => ({ marks: 1, slips }));
    if (publication === "open") return { criterion, cells: cellsOf(rules, single) };
    return { criterion, ...shown(rules, column, withheld.criteria.includes(criterion)) };
  }) as unknown as Json;
  return publication === "open"
    ? { ...head, publication, criteria, abstained: abstained(tally) }
    : { ...head, publication, criteria };
}

type Head = { line: string; returned: number; valid: number; invalid: Published };

function publishQuestion(
  rules: Rules,
  question: Question,
  head: Head,
  { patterns, invalid }: Tally,
  withheld: Withheld,
): Published {
  const count: Answers = countAnswers(question, patterns.values());
  const isDivided = !isNearlyOne(count);
  const publication = lower(kindOf(rules, head.returned, { patterns, invalid }, isDivided), withheld.most);
  const isSmall = publication === "nothing" || publication === "band";
  const reasons = isSmall ? anyOf(head.returned - head.valid) : head.invalid;
  const told = { ...head, invalid: reasons, publication };
  if (publication === "nothing") return told;
  const shown = publishAnswers(question, count, rules.thresholds.cell, publication === "open");
  return { ...told, question: shown };
}

function lower(kind: Publication, most: Publication): Publication {
  return kinds[Math.min(kinds.indexOf(kind), kinds.indexOf(most))] as Publication;
}

/**
 * Before the gate: open by the slips returned, if four fifths share their pattern and there is no mark that nearly all
 * gave.
 */
function kindOf(rules: Rules, returned: number, tally: Tally, isDivided: boolean): Publication {
  const { nothingBelow, bandBelow, openFrom } = rules.thresholds;
  const every = Array.from(tally.patterns.values(), ({ n }) => n);
  const isAlike = 5 * sum(every.filter((n) => n > 1)) >= 4 * returned;
  if (returned >= openFrom && isAlike && isDivided) return "open";
  const valid = sum(every);
  if (valid < nothingBelow) return "nothing";
  return valid < bandBelow ? "band" : "counts";
}

/** The kinds that the numbers of slips and the gate's `most` leave: one, or two where only the slips could tell. */
export function allowedKinds(rules: Rules, returned: number, valid: number, most: Publication): Publication[] {
  const { nothingBelow, bandBelow, openFrom } = rules.thresholds;
  const kind: Publication = valid < nothingBelow ? "nothing" : valid < bandBelow ? "band" : "counts";
  return (returned >= openFrom ? [kind, "open" as const] : [kind]).map((one) => lower(one, most));
}

/** A criterion of a line in counts: the mark that nearly all gave, or cells; one cell if it is withheld. */
function shown(rules: Rules, column: number[], isWithheld: boolean): { most: string } | { cells: Cell[] } {
  if (isWithheld) return { cells: cellsOf(rules, [{ marks: column.length, slips: sum(column) }]) };
  const most = markIds(rules)[leadingMark(column)];
  return most === undefined ? { cells: cellsOf(rules, joinRuns(column, rules.thresholds.cell)) } : { most };
}

function cellsOf(rules: Rules, runs: { marks: number; slips: number }[]): Cell[] {
  const ids = markIds(rules);
  return runs.map(({ marks, slips }) => ({ marks: ids.splice(0, marks), n: slips }));
}

function countMarks(rules: Rules, tally: Tally, place: number): number[] {
  const codes = [...rules.grades.map((_, at) => at + 1), dontKnow, 0];
  return codes.map((code) => {
    const matching = Array.from(tally.patterns.values()).filter(({ marks }) => marks[place] === code);
    return sum(matching.map(({ n }) => n));
  });
}

function isGrade(mark: number): boolean {
  return mark !== 0 && mark !== dontKnow;
}

function abstained(tally: Tally): number {
  const without = Array.from(tally.patterns.values()).filter(({ marks }) => !marks.some(isGrade));
  return sum(without.map(({ n }) => n));
}

/** In whole numbers: the mean's share of the largest points is points / (marks × largest). */
function bandOf(rules: Rules, tally: Tally): string {
  let [marked, points] = [0, 0];
  for (const { marks, n } of tally.patterns.values()) {
    for (const mark of Array.from(marks).filter(isGrade)) {
      marked += n;
      points += n * (rules.grades[mark - 1]?.points ?? 0);
    }
  }
  const whole = marked * (rules.grades[0]?.points ?? 0);
  if (!marked) return "none";
  if (10 * points >= 8 * whole) return "high";
  return 2 * points >= whole ? "middle" : "low";
}
