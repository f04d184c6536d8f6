// counts.json against the slips: how many came back, what the opened ones add up to, how many are cancelled.
import { type Bytes, canonical } from "../shared/bytes";
import { type Fields, Misfit } from "../shared/fields";
import { closingKeysFile, countsFile, openedFile, sealedFile } from "../shared/head";
import type { Names as Called } from "../shared/wording";
import type { Board, Pause } from "./board";
import { type Place, proveClosingKeys, readClosingKeys } from "./closing";
import type { LineCount, PoolCount, PoolVerdict } from "./counts";
import type { Finder, Findings } from "./findings";
import type { Gate } from "./gate";
import type { ExchangeKey } from "./hpke";
import type { Keys } from "./keys";
import type { Names } from "./lines";
import { type Line, type Pool, type Rules, keyOf } from "./manifest";
import { type Opened, OpeningCheck } from "./openings";
import { type Published, type Tally, emptyTally, nothingWithheld, publishLines, sum } from "./publication";
import { checkSealed } from "./sealed";

export interface Turnout {
  pool: string;
  name: Called;
  size: number;
  issued: Map<string, number>;
  returned: number;
  verdict: PoolVerdict;
  /** Paper slips that were printed and not drawn. */
  cancelled: number;
}

/** What the comparison needs beside the counts. */
export interface Pieces {
  keys: Keys | null;
  names: Names;
  file: (name: string) => Bytes;
  openAll: boolean;
}

export class CountsCheck {
  readonly turnout: Turnout[] = [];

  constructor(
    private readonly rules: Rules,
    private readonly board: Board,
    private readonly counts: PoolCount[],
    private readonly findings: Findings,
    private readonly gate: Gate = () => nothingWithheld,
  ) {}

  compareCancelled(counted: Map<string, number>): void {
    for (const [at, { pool, cancelled }] of this.counts.entries()) {
      for (const { id } of (this.rules.pools[at] as Pool).lines) {
        const [said, own] = [cancelled.get(id) ?? 0, counted.get(keyOf(pool, id)) ?? 0];
        if (said !== own) this.findings.add(countsFile, 0, "cancelled", { pool, place: id, said, counted: own });
      }
    }
  }

  /** Opens what is open and compares. Gives how many slips were opened. */
  async compareSlips(pieces: Pieces, pause: Pause): Promise<number> {
    const opened = await this.open(pieces, pause);
    const returnedTo = countReturned(this.board);
    for (const [at, pool] of this.rules.pools.entries()) {
      const count = this.counts[at] as PoolCount;
      const returned = pool.lines.map((line) => returnedTo.get(keyOf(pool.id, line.id)) ?? 0);
      this.checkPool(pool, count, returned);
      for (const [place, line] of count.lines.entries()) this.checkReturned(pool, line, returned[place] as number);
      if (count.verdict !== "valid") continue;
      const open = count.lines.filter(({ publication }) => publication === "open");
      compareSums(this.rules, pool, open, opened, this.gate, this.findings);
    }
    return opened.count;
  }

  private async open({ keys, names, file, openAll }: Pieces, pause: Pause): Promise<Opened> {
    const open = this.counts.flatMap(({ pool, lines }) =>
      lines.flatMap(({ line, publication }) => (publication === "open" ? [{ pool, line }] : [])),
    );
    const places = new Set(open.map(({ pool, line }) => keyOf(pool, line)));
    const closing = await this.readKeys(file(closingKeysFile), open, keys);
    const sealed = await checkSealed(file(sealedFile), this.rules, names, places, this.findings, pause);
    const means = { places, sealed, keys: closing, all: openAll };
    return new OpeningCheck(this.rules, names, this.findings, means).check(file(openedFile), pause);
  }

  private async readKeys(bytes: Bytes, open: Place[], keys: Keys | null): Promise<Map<string, ExchangeKey>> {
    try {
      const secrets = readClosingKeys(bytes, open);
      return keys ? await proveClosingKeys(secrets, open, keys, this.findings) : new Map();
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      this.findings.add(closingKeysFile, 0, "bad-closing-keys", { detail: error.place });
      return new Map();
    }
  }

  private checkPool(pool: Pool, count: PoolCount, returned: number[]): void {
    const { issued, verdict } = count;
    const most = returned.reduce((largest, one) => Math.max(largest, one), 0);
    const counted = verdictOf(this.rules, pool, Array.from(issued.values()), most);
    if (counted !== verdict)
      this.findings.add(countsFile, 0, "verdict", { pool: pool.id, said: verdict, counted });
    const { id, name, size } = pool;
    const cancelled = sum(count.cancelled.values());
    this.turnout.push({ pool: id, name, size, issued, returned: most, verdict: counted, cancelled });
  }

  private checkReturned(pool: Pool, { line, returned }: LineCount, counted: number): void {
    if (returned === counted) return;
    this.findings.add(countsFile, 0, "returned", { pool: pool.id, place: line, said: returned, counted });
  }
}

/**
 * Compares lines of a pool with the sums of their slips. A line with a fault is left out: the fault is the finding.
 */
export function compareSums(
  rules: Rules,
  pool: Pool,
  lines: LineCount[],
  { tallies, broken }: Pick<Opened, "tallies" | "broken">,
  gate: Gate,
  findings: Finder,
): void {
  const sure = lines.filter(({ line }) => !broken.has(keyOf(pool.id, line)));
  const slips = sure.map(({ line }): [Line, Tally] => [
    pool.lineOf.get(line) as Line,
    tallies.get(keyOf(pool.id, line)) ?? emptyTally(),
  ]);
  const published = publishLines(rules, slips, (line) => gate(pool.id, line));
  for (const [at, { written }] of sure.entries()) compareLine(pool.id, written, published[at] as Published, findings);
}

function compareLine(pool: string, written: Fields, own: Published, findings: Finder): void {
  for (const field of Object.keys(own)) {
    const counted = canonical(own[field] ?? null);
    if (field in written && canonical(written[field] ?? null) === counted) continue;
    findings.add(countsFile, 0, "recount", { pool, place: own.line as string, field, counted });
  }
}

function countReturned({ entries }: Board): Map<string, number> {
  const returned = new Map<string, number>();
  for (const { place } of entries) returned.set(place, (returned.get(place) ?? 0) + 1);
  return returned;
}

function verdictOf(rules: Rules, pool: Pool, issued: number[], returned: number): PoolVerdict {
  const [share, whole] = rules.thresholds.turnout;
  if (returned > Math.min(...issued) || issued.some((count) => count > pool.size)) return "void";
  return returned * whole < pool.size * share ? "below-turnout" : "valid";
}
