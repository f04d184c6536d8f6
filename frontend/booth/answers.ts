// What is chosen in a question, and the bytes it becomes: options in order of preference, or those that are approved.
// Knows no page: questions.ts shows it. docs/ballots.md says how marks of a question are written.
import { fill } from "../shared/wording";
import type { Question } from "./manifest";
import type { Words } from "./words";

const dontKnow = 255;

/** The numbers, from 1, of the chosen options, in order; or that one does not know. Neither is an abstention. */
export interface Answer {
  readonly chosen: number[];
  readonly unsure: boolean;
}

export const noAnswer: Answer = { chosen: [], unsure: false };

export function isBlank({ chosen, unsure }: Answer): boolean {
  return !unsure && !chosen.length;
}

/** Whether no further option can be chosen. */
export function isFull({ most }: Question, { chosen }: Answer): boolean {
  return chosen.length >= most;
}

/**
 * The answer after an option was tapped: it comes last, or leaves if it was chosen, and those behind it move up. Beyond
 * the places that there are nothing changes.
 */
export function tapped(question: Question, answer: Answer, number: number): Answer {
  if (answer.chosen.includes(number))
    return { chosen: answer.chosen.filter((each) => each !== number), unsure: false };
  return isFull(question, answer) ? answer : { chosen: [...answer.chosen, number], unsure: false };
}

/** The answer without the option that was chosen last. */
export function takenBack({ chosen }: Answer): Answer {
  return { chosen: chosen.slice(0, -1), unsure: false };
}

/** The marks of an answer, always `most` bytes. */
export function marksOf(question: Question, { chosen, unsure }: Answer): Uint8Array<ArrayBuffer> {
  const marks = new Uint8Array(question.most);
  if (unsure) marks[0] = dontKnow;
  else if (question.kind === "ranking") marks.set(chosen);
  else for (const number of chosen) marks[number - 1] = 1;
  return marks;
}

/** What a draft keeps of an answer, for a reload. */
export function draftOf({ chosen, unsure }: Answer): string {
  return unsure ? String(dontKnow) : chosen.join();
}

/** The answer of a draft; what cannot be of this question is left out. */
export function fromDraft({ most, options }: Question, draft: string): Answer {
  const numbers = draft.split(",").map(Number);
  if (numbers[0] === dontKnow) return { chosen: [], unsure: true };
  const known = numbers.filter((number) => Number.isInteger(number) && number >= 1 && number <= options.length);
  return { chosen: Array.from(new Set(known)).slice(0, most), unsure: false };
}

/** "1st", "2nd" and so on, from 0. */
export function ordinal(words: Words, at: number): string {
  return words.ordinals.split("|")[at] ?? String(at + 1);
}

/** The answer as a person reads it; `names` are the options'. */
export function inWords(question: Question, answer: Answer, names: string[], words: Words): string {
  if (answer.unsure) return words.dont_know;
  if (isBlank(answer)) return words.left_blank;
  const isRanking = question.kind === "ranking";
  const chosen = isRanking ? answer.chosen : [...answer.chosen].sort((one, other) => one - other);
  const own = chosen.map((number) => names[number - 1] ?? "");
  return own.map((name, at) => (isRanking ? `${ordinal(words, at)} ${name}` : name)).join(" · ");
}

/** What stands under the question: how many places there are, and that one may stop. */
export function hintOf({ kind, most, options }: Question, words: Words): string {
  if (kind === "approval") return words.approve_hint;
  const total = options.length;
  return most < total ? fill(words.best_hint, { most, total }) : fill(words.rank_hint, { total });
}
