// The board in aligned runs: finding slips in a published record without fetching all of it and without naming one. The
// index of runs must hash to the root that the box signed, each run to its root in the index. Pure functions.
import { type Bytes, type Json, compare, equal } from "../shared/bytes";
import {
  Misfit,
  asBytes,
  asFields,
  asList,
  asWhole,
  decode,
  inside,
  lineText,
  readJson,
  splitLines,
} from "../shared/fields";
import { hashLeaf, rootOf } from "../shared/merkle";
import { isInRange } from "../shared/signatures";
import { readSlip, slipName } from "../shared/slips";

const mostRuns = 2 ** 20;

export interface Run {
  /** The name of its first slip. */
  first: Bytes;
  root: Bytes;
}

/** All runs of a board of `size` slips, each of 2^height slips but the last, which may have fewer. */
export interface BoardIndex {
  height: number;
  size: number;
  runs: Run[];
}

/** The index, if it is the one of the board with this root and size. Throws Misfit. */
export async function readIndex(bytes: Bytes, root: Bytes, size: number): Promise<BoardIndex> {
  const given = asFields(readJson(decode(bytes)), "", ["format", "height", "size", "runs"]);
  if (given.format !== "blindballot-board-index-1") throw new Misfit("format");
  const height = asWhole(given.height, "height", 0, 30);
  const runs = asList(given.runs, "runs", [0, mostRuns], readRun);
  if (given.size !== size || runs.length !== Math.ceil(size / 2 ** height)) throw new Misfit("size");
  runs.forEach(({ first }, at) => {
    const before = runs[at - 1];
    if (before && compare(before.first, first) >= 0) throw new Misfit(`runs[${at}].first`);
  });
  if (!equal(await rootOf(runs.map((run) => run.root)), root)) throw new Misfit("runs");
  return { height, size, runs };
}

function readRun(item: Json, place: string): Run {
  const given = asFields(item, place, ["first", "root"]);
  const digest = (name: "first" | "root") => asBytes(given[name], inside(place, name), 32);
  return { first: digest("first"), root: digest("root") };
}

/** The number of the run in which a slip of this name stands, if it is on the board at all. */
export function runOf({ runs }: BoardIndex, name: Bytes): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare((runs[middle] as Run).first, name) <= 0) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/**
 * The runs to fetch for slips of these names. Where that would be half of all or more it is all, which tells nothing.
 */
export function runsFor(index: BoardIndex, names: Bytes[]): number[] {
  const wanted = new Set(index.runs.length ? names.map((name) => runOf(index, name)) : []);
  const all = index.runs.map((_, at) => at);
  return 2 * wanted.size >= all.length ? all : all.filter((number) => wanted.has(number));
}

/** The text of run `number` of the index, every line of it checked, and its last slip's name. Throws Misfit. */
export async function checkRun(
  { runs, height, size }: BoardIndex,
  number: number,
  bytes: Bytes,
  manifest: Bytes,
): Promise<{ text: string; last: Bytes }> {
  const { first, root } = runs[number] as Run;
  const text = decode(bytes);
  const slips = splitLines(bytes).map((line) => readSlip(lineText(line)));
  const wanted = Math.min(2 ** height, size - number * 2 ** height);
  const names = await Promise.all(slips.map((slip) => slipName(manifest, slip)));
  const [opening, closing] = [names[0], names[names.length - 1]];
  if (!opening || !closing || slips.length !== wanted) throw new Misfit("root");
  if (!equal(await rootOf(await Promise.all(names.map(hashLeaf))), root)) throw new Misfit("root");
  if (!equal(opening, first)) throw new Misfit("first");
  if (!slips.every(({ signature }) => isInRange(signature))) throw new Misfit("signature");
  return { text, last: closing };
}

/** Brings the bytes at a path under the record's address; null if there is nothing. */
export type Bring = (path: string) => Promise<Bytes | null>;

/**
 * The lines of the board among which slips of these names stand if they stand anywhere, proved to be of the board with
 * this root. Throws Misfit if anything brought is not.
 */
export async function readRuns(
  board: { root: Bytes; size: number; manifest: Bytes },
  names: Bytes[],
  bring: Bring,
): Promise<string> {
  const index = await readIndex(await demand(bring, "index.json"), board.root, board.size);
  const texts = new Map<number, string>();
  for (const number of runsFor(index, names)) await take(number);
  return Array.from(texts.values()).join("");

  async function take(number: number): Promise<void> {
    if (texts.has(number)) return;
    const run = await checkRun(index, number, await demand(bring, `runs/${number}`), board.manifest);
    texts.set(number, run.text);
    // A name between the runs: only the next one's first slip proves that it is in neither.
    const isBetween = names.some((name) => runOf(index, name) === number && compare(name, run.last) > 0);
    if (isBetween && number + 1 < index.runs.length) await take(number + 1);
  }
}

async function demand(bring: Bring, path: string): Promise<Bytes> {
  const bytes = await bring(path);
  if (!bytes) throw new Misfit(path);
  return bytes;
}
