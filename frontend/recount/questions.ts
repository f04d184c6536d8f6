// A question: a line that ranks options or approves of them, where other lines grade criteria. Its form in the manifest
// and which bytes answer it, by docs/ballots.md. The count is answers.ts, whom a method puts first winners.ts.
import type { Json } from "../shared/bytes";
import { Misfit, asFields, asList, asText, asWhole, inside } from "../shared/fields";
import { demandUnique, readNamed } from "./named";

export type Method = "schulze" | "borda" | "approvals";
export interface Question {
  kind: "ranking" | "approval";
  /** How many options a slip may name, which is also how many bytes its marks have. */
  most: number;
  method: Method;
  options: string[];
}

export const noMark = ["dont_know", "unmarked"];
const unknown = 255;
const methods: Record<Question["kind"], Method[]> = { ranking: ["schulze", "borda"], approval: ["approvals"] };
const mostOptions = { ranking: 16, approval: 11 };
const [mostWhollyRanked, mostPlacesOfMany] = [6, 3];

/** Throws Misfit. */
export function readQuestion(item: Json | undefined, place: string): Question {
  const given = asFields(item, place, ["kind", "most", "method", "options"]);
  const kind = asText(given.kind, inside(place, "kind"));
  if (kind !== "ranking" && kind !== "approval") throw new Misfit(inside(place, "kind"));
  const method = methods[kind].find((one) => one === given.method);
  if (!method) throw new Misfit(inside(place, "method"));
  const options = asList(given.options, inside(place, "options"), [2, mostOptions[kind]], readNamed);
  demandUnique(options, inside(place, "options"));
  if (options.some((option) => noMark.includes(option))) throw new Misfit(inside(place, "options"));
  const most = asWhole(given.most, inside(place, "most"), 1, options.length);
  const isRight =
    kind === "approval" ? most === options.length : most <= mostPlacesOfMany || options.length <= mostWhollyRanked;
  if (!isRight) throw new Misfit(inside(place, "most"));
  return { kind, most, method, options };
}

/** Whether the bytes are marks of the question. */
export function isAnswer({ kind, most, options }: Question, marks: Uint8Array): boolean {
  if (marks.length !== most) return false;
  if (marks[0] === unknown) return marks.subarray(1).every((mark) => mark === 0);
  if (kind === "approval") return marks.every((mark) => mark <= 1);
  const ranked = rankedIn(marks);
  const isKnown = ranked.every((option) => option < options.length);
  const isPadded = marks.subarray(ranked.length).every((mark) => mark === 0);
  return isKnown && isPadded && new Set(ranked).size === ranked.length;
}

/** The places of the options before the first zero, from 0. */
export function rankedIn(marks: Uint8Array): number[] {
  const end = marks.indexOf(0);
  return Array.from(end < 0 ? marks : marks.subarray(0, end), (mark) => mark - 1);
}
