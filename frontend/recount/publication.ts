// What a line's slips may be published as, worked out anew from the marks by the last section of docs/ballots.md.
// counts.ts reads counts.json and holds it to the same rule.
import type { Json } from "../shared/bytes";
import { type Line, type Rules, noMark } from "./manifest";

export interface Cell {
  marks: string[];
  n: number;
}

/** The opened slips of one line: its patterns of marks with how often each came, and the invalid ones by reason. */
export interface Tally {
  patterns: Map<string, { marks: Uint8Array; n: number }>;
  invalid: Map<string, number>;
}

export const dontKnow = 255;
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

/** Nine tenths, or all but two: one of two who gave another mark does not know the other's. */
export function isNearlyAll(n: number, valid: number): boolean {
  return 10 * n >= 9 * valid || n + 2 >= valid;
}

/** Joins neighbouring cells until each has 0 or at least `least`, or until one is left. */
export function joinCells(cells: Cell[], least: number): Cell[] {
  const joined = [...cells];
  for (;;) {
    const at = joined.findIndex(({ n }) => 0 < n && n < least);
    if (at < 0 || joined.length === 1) return joined;
    const [before, after] = [joined[at - 1], joined[at + 1]];
    const from = before && (!after || before.n <= after.n) ? at - 1 : at;
    const [first, second] = joined.slice(from, from + 2) as [Cell, Cell];
    joined.splice(from, 2, { marks: [...first.marks, ...second.marks], n: first.n + second.n });
  }
}

/** A line of counts.json as it is worked out. */
export type Published = { [key: string]: Json };

/** The lines of counts.json that the slips of a pool with a valid verdict must make. */
export function publishLines(rules: Rules, slips: [Line, Tally][]): Published[] {
  const published = slips.map(([line, tally]) => publishLine(rules, line, tally));
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
export function publishLine(rules: Rules, line: Line, tally: Tally): Published {
  const valid = sum(Array.from(tally.patterns.values(), ({ n }) => n));
  const invalid = sum(tally.invalid.values());
  const head = { line: line.id, returned: valid + invalid, valid, invalid: Object.fromEntries(tally.invalid) };
  const { nothingBelow, bandBelow, openFrom } = rules.thresholds;
  if (valid < nothingBelow)
    return { ...head, invalid: anyOf(invalid), publication: "nothing" };
  if (valid < bandBelow) return { ...head, publication: "band", band: bandOf(rules, tally) };
  const columns = line.criteria.map((_, place) => cellsOf(rules, tally, place));
  const unanimous = columns.map((cells) => mostOf(rules, cells, valid));
  if (valid >= openFrom && unanimous.every((most) => most === null)) {
    const criteria = columns.map((cells, place) => ({ criterion: line.criteria[place] as string, cells }));
    return { ...head, publication: "open", criteria: criteria as unknown as Json, abstained: abstained(tally) };
  }
  const criteria = columns.map((cells, place) => {
    const [criterion, most] = [line.criteria[place] as string, unanimous[place]];
    return most ? { criterion, most } : { criterion, cells: joinCells(cells, rules.thresholds.cell) };
  });
  return { ...head, publication: "counts", criteria: criteria as unknown as Json };
}

function cellsOf(rules: Rules, tally: Tally, place: number): Cell[] {
  const codes = [...rules.grades.map((_, at) => at + 1), dontKnow, 0];
  const ids = markIds(rules);
  return codes.map((code, at) => {
    const matching = Array.from(tally.patterns.values()).filter(({ marks }) => marks[place] === code);
    return { marks: [ids[at] as string], n: sum(matching.map(({ n }) => n)) };
  });
}

function mostOf(rules: Rules, cells: Cell[], valid: number): string | null {
  return rules.grades.find((_, at) => isNearlyAll(cells[at]?.n ?? 0, valid))?.id ?? null;
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
