// Whom the method of a question puts first and whether that is certain, from the section on questions in
// docs/ballots.md. Every method is a table of leads, of option i over option j, in whole numbers.
import type { Question } from "./questions";

export type Table = number[][];

/** `numbers` are the options' first choices or approvals, `pairwise` the slips that put i above j. */
export function leadsOf({ method }: Question, numbers: number[], pairwise: Table): Table {
  if (method === "schulze") return schulzeLeads(pairwise);
  const points = method === "borda" ? marginsOf(pairwise).map(total) : numbers;
  return points.map((one) => points.map((other) => one - other));
}

/** The places of those whom nobody leads. */
export function firstOf(leads: Table): number[] {
  const places = Array.from(leads.keys());
  return places.filter((place) => leads.every((row) => (row[place] as number) <= 0));
}

/** The most by which one slip more can move a lead. */
export function swingOf({ method, most, options }: Question): number {
  const others = options.length - 1;
  if (method === "borda") return others + Math.min(most, others);
  return method === "schulze" ? 2 : 1;
}

/** Whether the one who is first stays the only one whatever `cell` slips more might say. */
export function isCertain(question: Question, leads: Table, valid: number, cell: number): boolean {
  const [first, ...others] = firstOf(leads);
  if (first === undefined || others.length || valid < 2 * cell + 2) return false;
  const needed = cell * swingOf(question);
  return (leads[first] as number[]).every((lead, other) => other === first || lead > needed);
}

function total(numbers: number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function marginsOf(pairwise: Table): Table {
  return pairwise.map((row, i) => row.map((above, j) => above - (pairwise[j]?.[i] as number)));
}

/** The strength of the strongest path from i to j less that of the way back. */
function schulzeLeads(pairwise: Table): Table {
  const strength = marginsOf(pairwise);
  for (const [via, onward] of strength.entries()) {
    for (const [from, row] of strength.entries()) {
      for (const [to, step] of onward.entries()) {
        if (from === via || to === via || from === to) continue;
        row[to] = Math.max(row[to] as number, Math.min(row[via] as number, step));
      }
    }
  }
  return marginsOf(strength);
}
