// Paper: the batches of printed.json, and the slips of cancelled.jsonl, which were printed and not drawn. Each
// cancelled slip is proved to be of its batch, none is on the board, and of every batch as many are cancelled as were
// not drawn.
import { type Bytes, type Json, compare, hex, join } from "../shared/bytes";
import {
  Misfit,
  asBytes,
  asFields,
  asIdentifier,
  asList,
  asWhole,
  decode,
  inside,
  readJson,
} from "../shared/fields";
import { boardFile, cancelledFile, printedFile } from "../shared/head";
import { hashLeaf, isIncluded } from "../shared/merkle";
import type { Board } from "./board";
import { readPoint } from "./curve";
import type { Check, Findings } from "./findings";
import { readLines } from "./lines";
import { type Pool, type Rules, keyOf } from "./manifest";

export interface Batch {
  pool: Pool;
  number: number;
  sheets: number;
  drawn: number;
  root: Bytes;
}

/** The batches under `batchKey`. */
export type Batches = Map<string, Batch>;

interface CancelledSlip {
  pool: string;
  line: string;
  serial: Bytes;
  batch: number;
  nonce: Bytes;
  index: number;
  path: Bytes[];
}

const [mostBatches, mostSheets, mostSteps] = [100_000, 100_000, 31];

function batchKey(pool: string, number: number): string {
  return `${pool}/${number}`;
}

/** Throws Misfit. That no batch is left out is told by its public entry, not here. */
export function readPrinted(bytes: Bytes, rules: Rules): Batches {
  const given = asFields(readJson(decode(bytes)), "", ["format", "batches"]);
  if (given.format !== "blindballot-printed-1") throw new Misfit("format");
  const places = new Map(rules.pools.map(({ id }, at) => [id, at]));
  let [last, number] = [-1, 0];
  const batches = asList(given.batches, "batches", [0, mostBatches], (item, place) => {
    const batch = readBatch(item, place, rules);
    const at = places.get(batch.pool.id) as number;
    if (at < last) throw new Misfit(inside(place, "pool"));
    if (at === last && batch.number <= number) throw new Misfit(inside(place, "number"));
    [last, number] = [at, batch.number];
    return batch;
  });
  return new Map(batches.map((batch) => [batchKey(batch.pool.id, batch.number), batch]));
}

function readBatch(item: Json, place: string, rules: Rules): Batch {
  const given = asFields(item, place, ["pool", "number", "sheets", "drawn", "root"]);
  const pool = rules.poolOf.get(asIdentifier(given.pool, inside(place, "pool")));
  if (!pool) throw new Misfit(inside(place, "pool"));
  const sheets = asWhole(given.sheets, inside(place, "sheets"), 1, mostSheets);
  return {
    pool,
    number: asWhole(given.number, inside(place, "number"), 1),
    sheets,
    drawn: asWhole(given.drawn, inside(place, "drawn"), 0, sheets),
    root: asBytes(given.root, inside(place, "root"), 32),
  };
}

/**
 * How many slips are cancelled in each place; null where the file has a fault, so that numbers say nothing. `batches`
 * null: no slip can be proved to be printed.
 */
export async function checkCancelled(
  bytes: Bytes,
  rules: Rules,
  batches: Batches | null,
  board: Board,
  findings: Findings,
): Promise<Map<string, number> | null> {
  const before = findings.count;
  const read = readLines(cancelledFile, bytes, findings, readCancelled);
  const [places, perBatch] = [new Map<string, number>(), new Map<string, Map<string, number>>()];
  const serials = new Map<string, number>();
  let last: Bytes | null = null;
  for (const { at, value } of read) {
    if (last && compare(last, value.serial) >= 0) findings.add(cancelledFile, at, "cancelled-order");
    last = value.serial;
    const fault = await findFault(value, rules, batches);
    if (fault) findings.add(cancelledFile, at, fault);
    serials.set(hex(value.serial), at);
    addOne(places, keyOf(value.pool, value.line));
    const own = perBatch.get(batchKey(value.pool, value.batch)) ?? new Map<string, number>();
    perBatch.set(batchKey(value.pool, value.batch), addOne(own, value.line));
  }
  const isSound = findings.count === before;
  findUsed(serials, board, findings);
  if (batches && isSound) findUndrawn(batches, perBatch, findings);
  return isSound ? places : null;
}

function addOne(counted: Map<string, number>, key: string): Map<string, number> {
  return counted.set(key, (counted.get(key) ?? 0) + 1);
}

function readCancelled(text: string): CancelledSlip {
  const names = ["pool", "line", "serial", "batch", "nonce", "index", "path"];
  const given = asFields(readJson(text), "", names);
  return {
    pool: asIdentifier(given.pool, "pool"),
    line: asIdentifier(given.line, "line"),
    serial: asBytes(given.serial, "serial", 65),
    batch: asWhole(given.batch, "batch", 1),
    nonce: asBytes(given.nonce, "nonce", 16),
    index: asWhole(given.index, "index", 0),
    path: asList(given.path, "path", [0, mostSteps], (step, place) => asBytes(step, place, 32)),
  };
}

async function findFault(slip: CancelledSlip, rules: Rules, batches: Batches | null): Promise<Check | null> {
  const pool = rules.poolOf.get(slip.pool);
  if (!pool?.lineOf.has(slip.line)) return "unknown-line";
  if (!readPoint(slip.serial)) return "bad-serial";
  if (!batches) return null;
  const batch = batches.get(batchKey(slip.pool, slip.batch));
  if (!batch) return "unknown-batch";
  const leaf = await hashLeaf(join(slip.nonce, slip.serial));
  const size = batch.sheets * pool.lines.length;
  return (await isIncluded(leaf, slip.index, size, slip.path, batch.root)) ? null : "not-printed";
}

function findUsed(cancelled: Map<string, number>, board: Board, findings: Findings): void {
  for (const { serial, line } of board.entries) {
    const at = cancelled.get(hex(serial));
    if (at) findings.add(boardFile, line, "cancelled-used", { detail: at });
  }
}

/** Says of each batch the first line that does not fit. */
function findUndrawn(batches: Batches, perBatch: Map<string, Map<string, number>>, findings: Findings): void {
  for (const [key, { pool, number, sheets, drawn }] of batches) {
    const counted = perBatch.get(key) ?? new Map<string, number>();
    const undrawn = sheets - drawn;
    // Where all were drawn there is nothing to look for, however many lines the pool has.
    const wanted = undrawn ? pool.lines.map(({ id }) => id) : Array.from(counted.keys());
    const wrong = wanted.find((line) => (counted.get(line) ?? 0) !== undrawn);
    if (wrong === undefined) continue;
    const values = { pool: pool.id, place: wrong, said: undrawn, counted: counted.get(wrong) ?? 0, detail: number };
    findings.add(printedFile, 0, "undrawn", values);
  }
}
