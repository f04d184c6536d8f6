// Which cells of one criterion are joined before they are shown, so that nobody can take them apart again: the section
// on cells in docs/ballots.md. One pass, whole numbers; what is published of a line is publication.ts.

/** A cell: how many neighbouring marks it stands for, and how many slips have one of them. */
export interface Run {
  marks: number;
  slips: number;
}

/** Below it the marks inside a joined cell could be told by whoever gave one of them. */
export const smallestCell = 4;
/** Don't know and unmarked, at the end of every tally. */
const noGrades = 2;

function add(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** How many slips may have another mark where nearly all have one: a tenth, or two if that is more. */
export function mostOthers(slips: number): number {
  return Math.max(2, Math.floor(slips / 10));
}

/** The place of the mark that nearly all slips have, or -1. */
export function leadingMark(tally: number[]): number {
  const slips = add(tally);
  return tally.findIndex((count) => count > 0 && count === Math.max(...tally) && slips - count <= mostOthers(slips));
}

/** Whether so few slips are outside a joined cell that the rule of the leading mark would tell what is inside. */
function isTold({ marks, slips }: Run, total: number, least: number): boolean {
  return marks > 1 && total - slips <= Math.max(0, mostOthers(total) - least + 2);
}

/** The cells of a tally without a leading mark. */
export function joinRuns(tally: number[], least: number): Run[] {
  const total = add(tally);
  const runs = cut(tally, least);
  const grades = tally.slice(0, -noGrades).filter((count) => count > 0).length;
  const isOne = grades < 2 || runs.some((run) => isTold(run, total, least));
  return isOne ? [{ marks: tally.length, slips: total }] : runs;
}

function cut(tally: number[], least: number): Run[] {
  const runs: Run[] = [];
  let open: Run = { marks: 0, slips: 0 };
  for (const count of tally) {
    open = { marks: open.marks + 1, slips: open.slips + count };
    if (0 < open.slips && open.slips < least) continue;
    runs.push(open);
    open = { marks: 0, slips: 0 };
  }
  while (open.marks && open.slips < least && runs.length) {
    const before = runs.pop() as Run;
    open = { marks: open.marks + before.marks, slips: open.slips + before.slips };
  }
  if (open.marks) runs.push(open);
  return runs;
}

/** Whether the rule can leave these cells. */
export function canBeRuns(runs: Run[], least: number): boolean {
  if (runs.length === 1) return true;
  const total = add(runs.map(({ slips }) => slips));
  let grades = add(runs.map(({ marks }) => marks)) - noGrades;
  let given = 0;
  for (const run of runs) {
    if (run.slips && grades > 0) given += Math.min(run.marks, grades, 2);
    grades -= run.marks;
    const isLarge = run.slips >= least || (!run.slips && run.marks === 1);
    const leads = run.marks === 1 && run.slips > 0 && total - run.slips <= mostOthers(total);
    if (!isLarge || leads || isTold(run, total, least)) return false;
  }
  return given > 1;
}
