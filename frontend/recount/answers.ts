// The count of a question's line, worked out from its slips, and what counts.json says of it, read strictly; by the
// section on questions in docs/ballots.md.
import type { Json } from "../shared/bytes";
import { type Fields, Misfit, asFields, asIdentifier, asList, asWhole, inside } from "../shared/fields";
import { mostOthers } from "./joining";
import { type Question, rankedIn } from "./questions";
import { type Table, firstOf, isCertain, leadsOf } from "./winners";

export interface Answers {
  /** First choices, or approvals, of each option. */
  numbers: number[];
  /** How many slips put one option above another; only of rankings. */
  pairwise: Table;
  unknown: number;
  abstained: number;
  valid: number;
}

type Outcome = { winners: string[]; is_certain: boolean };
type Patterns = Iterable<{ marks: Uint8Array; n: number }>;

export function countAnswers(question: Question, patterns: Patterns): Answers {
  const blank = question.options.map(() => 0);
  const pairwise = question.kind === "ranking" ? blank.map(() => [...blank]) : [];
  const count: Answers = { numbers: blank, pairwise, unknown: 0, abstained: 0, valid: 0 };
  for (const { marks, n } of patterns) {
    count.valid += n;
    if (marks[0] === 255) count.unknown += n;
    else if (marks.every((mark) => mark === 0)) count.abstained += n;
    else if (question.kind === "ranking") addRanking(count, rankedIn(marks), n);
    else for (const [option, mark] of marks.entries()) increase(count.numbers, option, mark * n);
  }
  return count;
}

function increase(numbers: number[], at: number, n: number): void {
  numbers[at] = (numbers[at] as number) + n;
}

function addRanking({ numbers, pairwise }: Answers, ranked: number[], n: number): void {
  increase(numbers, ranked[0] as number, n);
  for (const [place, option] of ranked.entries()) {
    const above = ranked.slice(0, place + 1);
    for (const other of numbers.keys()) if (!above.includes(other)) increase(pairwise[option] as number[], other, n);
  }
}

/** Whether nearly all have the same first choice, approve of the same option, don't know, or abstain. */
export function isNearlyOne({ numbers, unknown, abstained, valid }: Answers): boolean {
  return [...numbers, unknown, abstained].some((count) => count > 0 && count >= valid - mostOthers(valid));
}

/** Whether a draw of so many among so few slips is told as one of all options, where slips are not open. */
function isUntold(drawing: number, valid: number): boolean {
  return drawing > 1 && 3 * drawing >= valid;
}

function outcomeOf(question: Question, count: Answers, cell: number, isOpen: boolean): Outcome {
  const leads = leadsOf(question, count.numbers, count.pairwise);
  const first = firstOf(leads);
  const all = question.options;
  const winners = !isOpen && isUntold(first.length, count.valid) ? all : first.map((place) => all[place] as string);
  return { winners, is_certain: isCertain(question, leads, count.valid, cell) };
}

/** The `question` of a line in counts.json. */
export function publishAnswers(question: Question, count: Answers, cell: number, isOpen: boolean): Json {
  const outcome = outcomeOf(question, count, cell, isOpen);
  if (!isOpen) return outcome;
  const { numbers: options, unknown, abstained, pairwise } = count;
  const open = { ...outcome, options, dont_know: unknown, abstained };
  return question.kind === "ranking" ? { ...open, pairwise } : open;
}

/** Throws Misfit unless the `question` of a line with so many valid slips keeps to the rule. */
export function readAnswers(
  item: Json | undefined,
  place: string,
  question: Question,
  valid: number,
  cell: number,
  isOpen: boolean,
): void {
  const numbers = ["options", "dont_know", "abstained", ...(question.kind === "ranking" ? ["pairwise"] : [])];
  const given = asFields(item, place, ["winners", "is_certain", ...(isOpen ? numbers : [])]);
  const told = readOutcome(given, place, question);
  const isDoubtful = told.winners.length > 1 || valid < 2 * cell + 2;
  if (told.is_certain && isDoubtful) throw new Misfit(inside(place, "is_certain"));
  if (!isOpen) {
    const isAll = told.winners.length === question.options.length;
    if (!isAll && isUntold(told.winners.length, valid)) throw new Misfit(inside(place, "winners"));
    return;
  }
  const count = readNumbers(given, place, question, valid);
  if (isNearlyOne(count)) throw new Misfit(place);
  const own = outcomeOf(question, count, cell, true);
  const isOwn = own.winners.join() === told.winners.join() && own.is_certain === told.is_certain;
  if (!isOwn) throw new Misfit(inside(place, "winners"));
}

function readOutcome(given: Fields, place: string, { options }: Question): Outcome {
  const winners = asList(given.winners, inside(place, "winners"), [1, options.length], asIdentifier);
  const inOrder = options.filter((option) => winners.includes(option));
  if (inOrder.join() !== winners.join()) throw new Misfit(inside(place, "winners"));
  const certain = given.is_certain;
  if (typeof certain !== "boolean") throw new Misfit(inside(place, "is_certain"));
  return { winners, is_certain: certain };
}

function readNumbers(given: Fields, place: string, question: Question, valid: number): Answers {
  const size = question.options.length;
  const number = (item: Json, at: string) => asWhole(item, at, 0, valid);
  const row = (item: Json | undefined, at: string) => asList(item, at, [size, size], number);
  const numbers = row(given.options, inside(place, "options"));
  const unknown = asWhole(given.dont_know, inside(place, "dont_know"), 0, valid);
  const abstained = asWhole(given.abstained, inside(place, "abstained"), 0, valid);
  const answered = valid - unknown - abstained;
  const named = numbers.reduce((sum, one) => sum + one, 0);
  if (question.kind === "approval") {
    if (named < answered || numbers.some((one) => one > answered)) throw new Misfit(inside(place, "options"));
    return { numbers, pairwise: [], unknown, abstained, valid };
  }
  if (named !== answered) throw new Misfit(inside(place, "options"));
  const pairwise = asList(given.pairwise, inside(place, "pairwise"), [size, size], row);
  if (!canBe(numbers, pairwise, answered)) throw new Misfit(inside(place, "pairwise"));
  return { numbers, pairwise, unknown, abstained, valid };
}

/** Whether so many rankings can have this table. */
function canBe(numbers: number[], pairwise: Table, answered: number): boolean {
  return pairwise.every((row, i) =>
    row.every((above, j) => {
      if (i === j) return above === 0;
      return above >= (numbers[i] as number) && above + (pairwise[j]?.[i] as number) <= answered;
    }),
  );
}
