// counts.json: read strictly, and held to the rule of publication as far as its own numbers tell. record.ts compares
// the numbers with the slips.
import type { Bytes, Json } from "../shared/bytes";
import {
  type Fields,
  Misfit,
  asFields,
  asIdentifier,
  asList,
  asWhole,
  decode,
  inside,
  readJson,
} from "../shared/fields";
import { readAnswers } from "./answers";
import type { Gate } from "./gate";
import { canBeRuns, leadingMark } from "./joining";
import type { Line, Pool, Rules } from "./manifest";
import { reasons } from "./opening";
import {
  type Cell,
  type Publication,
  type Withheld,
  allowedKinds,
  bands,
  lowestBands,
  markIds,
  nothingWithheld,
  sum,
} from "./publication";

export type PoolVerdict = "valid" | "void" | "below-turnout";
export interface LineCount {
  line: string;
  returned: number;
  publication: Publication;
  /** Invalid slips by reason, or under "any". */
  invalid: Map<string, number>;
  /** The line as the file has it. */
  written: Fields;
}
export interface PoolCount {
  pool: string;
  issued: Map<string, number>;
  /** Cancelled paper slips by line, without lines that have none. */
  cancelled: Map<string, number>;
  verdict: PoolVerdict;
  lines: LineCount[];
}

const extraFields: Record<Publication, string[]> = {
  nothing: [],
  band: ["band"],
  counts: ["criteria"],
  open: ["criteria", "abstained"],
};

/**
 * The pools' counts in the manifest's order. Throws Misfit where a rule is broken, or more is told than the gate
 * allows.
 */
export function readCounts(bytes: Bytes, rules: Rules, gate: Gate = () => nothingWithheld): PoolCount[] {
  const given = asFields(readJson(decode(bytes)), "", ["format", "pools"]);
  if (given.format !== "blindballot-counts-1") throw new Misfit("format");
  const size = rules.pools.length;
  return asList(given.pools, "pools", [size, size], (item, place, at) =>
    readPool(item, place, rules.pools[at] as Pool, rules, gate),
  );
}

function readPool(item: Json, place: string, pool: Pool, rules: Rules, gate: Gate): PoolCount {
  const given = asFields(item, place, ["pool", "issued", "cancelled", "verdict", "lines"]);
  if (given.pool !== pool.id) throw new Misfit(inside(place, "pool"));
  const counted = asFields(given.issued, inside(place, "issued"), pool.issuers);
  const issued = pool.issuers.map((issuer) => {
    return [issuer, asWhole(counted[issuer], inside(place, `issued.${issuer}`), 0)] as const;
  });
  const verdict = asOneOf(given.verdict, inside(place, "verdict"), ["valid", "void", "below-turnout"]);
  const size = pool.lines.length;
  const lines = asList(given.lines, inside(place, "lines"), [size, size], (item, where, at) => {
    const line = pool.lines[at] as Line;
    if (verdict !== "valid") return readUncounted(item, where, line);
    return readLine(item, where, line, rules, gate(pool.id, line.id));
  });
  demandOneBand(lines, inside(place, "lines"), pool);
  const cancelled = readCancelled(given.cancelled, inside(place, "cancelled"), pool);
  return { pool: pool.id, issued: new Map(issued), cancelled, verdict, lines };
}

function readCancelled(value: Json | undefined, place: string, pool: Pool): Map<string, number> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misfit(place);
  const given = Object.keys(value).map((line) => {
    if (!pool.lineOf.has(line)) throw new Misfit(inside(place, line));
    return [line, asWhole(value[line], inside(place, line), 1)] as const;
  });
  return new Map(given);
}

/** A line of a pool without a valid verdict: no slip is opened, so there is nothing but their number. */
function readUncounted(item: Json, place: string, line: Line): LineCount {
  const given = asFields(item, place, ["line", "returned", "publication"]);
  if (given.line !== line.id) throw new Misfit(inside(place, "line"));
  const publication = asOneOf<Publication>(given.publication, inside(place, "publication"), ["nothing"]);
  const returned = asWhole(given.returned, inside(place, "returned"), 0);
  return { line: line.id, returned, publication, invalid: new Map(), written: given };
}

/** Lines of one unit show one band; `lines` are in the manifest's order. */
function demandOneBand(lines: LineCount[], place: string, pool: Pool): void {
  const bandOfEach = lines.map(({ written }, at): [string, Json | undefined] => {
    return [(pool.lines[at] as Line).unit, written.band];
  });
  const lowest = lowestBands(bandOfEach);
  if (bandOfEach.some(([unit, band]) => band !== undefined && band !== lowest.get(unit))) throw new Misfit(place);
}

function asOneOf<T extends string>(value: Json | undefined, place: string, allowed: T[]): T {
  const known = allowed.find((one) => one === value);
  if (known === undefined) throw new Misfit(place);
  return known;
}

function readLine(
  item: Json,
  place: string,
  line: Line,
  rules: Rules,
  withheld: Withheld,
): LineCount {
  const stated = typeof item === "object" && item !== null && !Array.isArray(item) ? item.publication : undefined;
  const kinds: Publication[] = ["nothing", "band", "counts", "open"];
  const publication = asOneOf(stated, inside(place, "publication"), kinds);
  const head = ["line", "returned", "valid", "invalid", "publication"];
  const given = asFields(item, place, [...head, ...fieldsOf(line, publication)]);
  if (given.line !== line.id) throw new Misfit(inside(place, "line"));
  const valid = asWhole(given.valid, inside(place, "valid"), 0);
  const returned = asWhole(given.returned, inside(place, "returned"), 0);
  const invalid = readInvalid(given.invalid, place, publication === "counts" || publication === "open");
  if (valid + sum(invalid.values()) !== returned) throw new Misfit(inside(place, "returned"));
  if (!allowedKinds(rules, returned, valid, withheld.most).includes(publication))
    throw new Misfit(inside(place, "publication"));
  if (given.band !== undefined) asOneOf(given.band, inside(place, "band"), bands);
  if (given.question !== undefined) readQuestionOf(line, given, place, rules);
  if (given.criteria !== undefined) readCriteria(given, place, line, rules, valid, withheld);
  if (given.abstained !== undefined) asWhole(given.abstained, inside(place, "abstained"), 0, valid);
  return { line: line.id, returned, publication, invalid, written: given };
}

function fieldsOf({ question }: Line, publication: Publication): string[] {
  if (!question) return extraFields[publication];
  return publication === "nothing" ? [] : ["question"];
}

/** `given` has whole numbers and a kind already. */
function readQuestionOf({ question }: Line, given: Fields, place: string, { thresholds }: Rules): void {
  if (!question) throw new Misfit(inside(place, "question"));
  const isOpen = given.publication === "open";
  readAnswers(given.question, inside(place, "question"), question, given.valid as number, thresholds.cell, isOpen);
}

function readInvalid(value: Json | undefined, place: string, hasReasons: boolean): Map<string, number> {
  const at = inside(place, "invalid");
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misfit(at);
  const allowed: readonly string[] = hasReasons ? reasons : ["any"];
  const given = Object.keys(value).map((reason) => {
    if (!allowed.includes(reason)) throw new Misfit(inside(at, reason));
    return [reason, asWhole(value[reason], inside(at, reason), 1)] as const;
  });
  return new Map(given);
}

function readCriteria(
  given: Fields,
  place: string,
  line: Line,
  rules: Rules,
  valid: number,
  withheld: Withheld,
): void {
  const size = line.criteria.length;
  const isOpen = given.publication === "open";
  asList(given.criteria, inside(place, "criteria"), [size, size], (item, where, at) => {
    const criterion = line.criteria[at] as string;
    readCriterion(item, where, criterion, rules, valid, isOpen, withheld.criteria.includes(criterion));
  });
}

function readCriterion(
  item: Json,
  place: string,
  criterion: string,
  rules: Rules,
  valid: number,
  isOpen: boolean,
  isWithheld: boolean,
): void {
  const isMost = typeof item === "object" && item !== null && "most" in item;
  const given = asFields(item, place, ["criterion", isMost ? "most" : "cells"]);
  if (given.criterion !== criterion) throw new Misfit(inside(place, "criterion"));
  if (isMost) {
    const isMark = markIds(rules).some((id) => id === given.most);
    if (isOpen || isWithheld || !isMark) throw new Misfit(inside(place, "most"));
    return;
  }
  const cells = asList(given.cells, inside(place, "cells"), [1, rules.grades.length + 2], readCell);
  demandCells(cells, inside(place, "cells"), rules, valid, isOpen);
  if (isWithheld && !isOpen && cells.length > 1) throw new Misfit(inside(place, "cells"));
}

function readCell(item: Json, place: string): Cell {
  const given = asFields(item, place, ["marks", "n"]);
  return {
    marks: asList(given.marks, inside(place, "marks"), [1, 14], asIdentifier),
    n: asWhole(given.n, inside(place, "n"), 0),
  };
}

function demandCells(cells: Cell[], place: string, rules: Rules, valid: number, isOpen: boolean): void {
  const ids = markIds(rules);
  if (cells.flatMap(({ marks }) => marks).join() !== ids.join()) throw new Misfit(place);
  if (sum(cells.map(({ n }) => n)) !== valid) throw new Misfit(place);
  const tally = cells.map(({ n }) => n);
  const runs = cells.map(({ marks, n }) => ({ marks: marks.length, slips: n }));
  const fits = isOpen
    ? cells.length === ids.length && leadingMark(tally) < 0
    : canBeRuns(runs, rules.thresholds.cell);
  if (!fits) throw new Misfit(place);
}
