// The recount of a whole record: reads docs/ballots.md file by file and takes nothing from the program that wrote the
// record. Knows neither network nor page; source.ts brings the files.
import { type Bytes, canonical, equal, hex, sha256 } from "../shared/bytes";
import { type Fields, Misfit, decode, splitLines } from "../shared/fields";
import {
  type Extension,
  type Form,
  type Head,
  boardFile,
  cancelledFile,
  countsFile,
  formOf,
  headFile,
  keysFile,
  openedFile,
  readHead,
  signatureFile,
} from "../shared/head";
import type { Names } from "../shared/wording";
import { type Board, type Pause, checkBoard } from "./board";
import { checkCancelled } from "./cancelled";
import { type LineCount, type PoolCount, type PoolVerdict, readCounts } from "./counts";
import { closingTime } from "./extensions";
import { filesOf, manifestFile } from "./files";
import { type Check, type Finding, Findings } from "./findings";
import { type IssuerKeys, type Line, type Pool, type Rules, isSigned, keyOf, readKeys, readManifest } from "./manifest";
import { type Opened, OpeningCheck } from "./openings";
import { type Published, type Tally, emptyTally, publishLines, sum } from "./publication";

/** A record as it was given. `announced` is the manifest's fingerprint from elsewhere, or "". */
export interface Given {
  files: Map<string, Bytes>;
  openings: { file: string; bytes: Bytes } | null;
  announced: string;
}

/** Reports to the caller how far the recount is. Called often; may throw to stop. */
export type Watch = (done: number, total: number) => Promise<void>;

export interface Turnout {
  pool: string;
  name: Names;
  size: number;
  issued: Record<string, number>;
  returned: number;
  verdict: PoolVerdict;
  /** Paper slips that were printed and not drawn. */
  cancelled: number;
}

/** The record is sound if `count` is 0. `signature` is null where this browser cannot check it. */
export interface Outcome {
  fingerprint: string;
  extensions: Extension[];
  pools: Turnout[];
  slips: number;
  opened: number;
  findings: Finding[];
  count: number;
  signature: boolean | null;
}

/** Recounts the record. Throws only what `watch` throws. */
export async function recount(given: Given, watch: Watch = async () => undefined): Promise<Outcome> {
  return new Recount(given, watch).run();
}

class Recount {
  private readonly findings = new Findings();
  private readonly outcome: Outcome;
  private readonly form: Form;

  constructor(
    private readonly given: Given,
    private readonly watch: Watch,
  ) {
    this.form = formOf(given.files);
    const none = { fingerprint: "", extensions: [], pools: [], slips: 0, opened: 0, count: 0, signature: true };
    this.outcome = { ...none, findings: this.findings.kept };
  }

  async run(): Promise<Outcome> {
    const head = this.given.files.has(headFile)
      ? await this.read(headFile, "bad-head", (bytes) => readHead(bytes, this.form))
      : null;
    if (this.hasAllFiles()) await this.checkFiles(head);
    return { ...this.outcome, count: this.findings.count };
  }

  private hasAllFiles(): boolean {
    const names = filesOf(this.form);
    const missing = names.filter((name) => !this.given.files.has(name));
    const strange = Array.from(this.given.files.keys()).filter((name) => !names.includes(name));
    for (const name of missing) this.findings.add(name, 0, "missing-file");
    for (const name of strange) this.findings.add(name, 0, "strange-file");
    return !missing.length;
  }

  private file(name: string): Bytes {
    return this.given.files.get(name) as Bytes;
  }

  private async checkFiles(head: Head | null): Promise<void> {
    const fingerprint = hex(await sha256(this.file(manifestFile)));
    this.outcome.fingerprint = fingerprint;
    const { announced } = this.given;
    if (announced && announced !== fingerprint)
      this.findings.add(manifestFile, 0, "other-manifest", { detail: fingerprint });
    const rules = await this.read(manifestFile, "bad-manifest", readManifest);
    await this.compareFingerprints(head, fingerprint);
    if (!rules) return;
    if (head) this.checkTimes(rules, head);
    await this.checkSignature(rules);
    // Under another manifest every slip fails, and each of them would say the same.
    if (!head || head.manifest === fingerprint) await this.checkSlips(rules, head);
  }

  private checkTimes({ closesAt }: Rules, { extensions, closedAt }: Head): void {
    this.outcome.extensions = extensions;
    let inForce = closesAt;
    try {
      inForce = closingTime(closesAt, extensions);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      this.findings.add(headFile, 0, "bad-extension", { detail: error.place });
    }
    if (closedAt >= inForce) return;
    const detail = new Date(inForce).toISOString().replace(".000Z", "Z");
    this.findings.add(headFile, 0, "closed-early", { detail });
  }

  /** What `read` makes of a file, or null and a finding. */
  private async read<T>(name: string, check: Check, read: (bytes: Bytes) => T | Promise<T>): Promise<T | null> {
    try {
      return await read(this.file(name));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      this.findings.add(name, 0, check, { detail: error.place });
      return null;
    }
  }

  private async compareFingerprints(head: Head | null, manifest: string): Promise<void> {
    if (!head) return;
    if (head.manifest !== manifest) this.findings.add(manifestFile, 0, "head-manifest");
    for (const name of this.form.listed) {
      if (hex(await sha256(this.file(name))) !== head.files[name]) this.findings.add(name, 0, "file-changed");
    }
  }

  private async checkSignature(rules: Rules): Promise<void> {
    let signature = "";
    try {
      signature = decode(this.file(signatureFile));
    } catch {
      // Bytes that are no text are no signature either.
    }
    this.outcome.signature = await isSigned(rules, signature, this.file(headFile));
    if (this.outcome.signature === false) this.findings.add(signatureFile, 0, "bad-signature");
  }

  private async checkSlips(rules: Rules, head: Head | null): Promise<void> {
    const keys: IssuerKeys | null = await this.read(keysFile, "bad-keys", (bytes) => readKeys(bytes, rules));
    const counts = await this.read(countsFile, "bad-counts", (bytes) => readCounts(bytes, rules, this.form));
    const total = splitLines(this.file(boardFile)).length;
    const pause: Pause = (done) => this.watch(done, total);
    const board = await checkBoard(this.file(boardFile), rules, keys, this.findings, pause);
    this.outcome.slips = board.size;
    if (head && head.boardSize !== board.size)
      this.findings.add(boardFile, 0, "board-size", { detail: board.size });
    if (head && board.root && !equal(head.boardRoot, board.root)) this.findings.add(boardFile, 0, "board-root");
    const cancelled = this.form.hasCancelled
      ? await checkCancelled(this.file(cancelledFile), rules, board, this.findings)
      : null;
    if (counts && cancelled) this.compareCancelled(rules, counts, cancelled);
    if (counts) await this.checkCounts(rules, board, counts, () => pause(total));
  }

  private compareCancelled(rules: Rules, counts: PoolCount[], counted: Map<string, number>): void {
    for (const { pool, cancelled } of counts) {
      for (const { id } of rules.lines) {
        const [said, own] = [cancelled[id] ?? 0, counted.get(keyOf(pool, id)) ?? 0];
        if (said !== own) this.findings.add(countsFile, 0, "cancelled", { pool, place: id, said, counted: own });
      }
    }
  }

  private async checkCounts(rules: Rules, board: Board, counts: PoolCount[], pause: Pause): Promise<void> {
    const checking = new OpeningCheck(rules, board, this.findings);
    const open = placesOf(counts, ({ publication }) => publication === "open");
    const published = await checking.check({ file: openedFile, bytes: this.file(openedFile), places: open }, pause);
    this.outcome.opened = published.count;
    const { openings } = this.given;
    const closed = placesOf(counts, ({ publication }) => publication !== "open");
    const handedIn = openings && (await checking.check({ ...openings, places: closed }, pause));
    this.outcome.opened += handedIn?.count ?? 0;
    const returnedTo = countReturned(board);
    for (const [at, pool] of rules.pools.entries()) {
      const count = counts[at] as PoolCount;
      const returned = rules.lines.map((line) => returnedTo.get(keyOf(pool.id, line.id)) ?? 0);
      this.checkPool(rules, pool, count, returned);
      for (const [place, line] of count.lines.entries()) this.checkReturned(pool, line, returned[place] as number);
      const openedOf = (line: LineCount) => (line.publication === "open" ? published : handedIn);
      if (count.verdict === "valid") this.checkLines(rules, count, openedOf);
    }
  }

  private checkPool(rules: Rules, pool: Pool, count: PoolCount, returned: number[]): void {
    const { issued, verdict } = count;
    const most = Math.max(...returned);
    const counted = verdictOf(rules, pool, Object.values(issued), most);
    if (counted !== verdict)
      this.findings.add(countsFile, 0, "verdict", { pool: pool.id, said: verdict, counted });
    const { id, name, size } = pool;
    const cancelled = sum(Object.values(count.cancelled));
    this.outcome.pools.push({ pool: id, name, size, issued, returned: most, verdict: counted, cancelled });
  }

  private checkReturned(pool: Pool, { line, returned }: LineCount, counted: number): void {
    if (returned === counted) return;
    this.findings.add(countsFile, 0, "returned", { pool: pool.id, place: line, said: returned, counted });
  }

  /**
   * Compares each line whose slips were opened with their sum. A broken line makes the band of its whole unit unsure.
   */
  private checkLines(rules: Rules, count: PoolCount, openedOf: (line: LineCount) => Opened | null): void {
    const known = rules.lines.flatMap((line, at) => {
      const counted = count.lines[at] as LineCount;
      const opened = openedOf(counted);
      const place = keyOf(count.pool, line.id);
      if (!opened) return [];
      const [isBroken, tally] = [opened.broken.has(place), opened.tallies.get(place)];
      return [{ line, written: counted.written, isBroken, tally }];
    });
    const broken = new Set(known.filter(({ isBroken }) => isBroken).map(({ line }) => line.unit));
    const sure = known.filter(({ line }) => !broken.has(line.unit));
    const slips = sure.map(({ line, tally }): [Line, Tally] => [line, tally ?? emptyTally()]);
    const published = publishLines(rules, slips, this.form.hasOneBandAUnit);
    for (const [at, { written }] of sure.entries()) this.checkLine(count.pool, written, published[at] as Published);
  }

  private checkLine(pool: string, written: Fields, own: Published): void {
    for (const field of Object.keys(own)) {
      const counted = canonical(own[field] ?? null);
      if (field in written && canonical(written[field] ?? null) === counted) continue;
      this.findings.add(countsFile, 0, "recount", { pool, place: own.line as string, field, counted });
    }
  }
}

/** The places of pools with a valid verdict whose line is as `wanted`. */
function placesOf(counts: PoolCount[], wanted: (line: LineCount) => boolean): Set<string> {
  const valid = counts.filter(({ verdict }) => verdict === "valid");
  return new Set(valid.flatMap(({ pool, lines }) => lines.filter(wanted).map(({ line }) => keyOf(pool, line))));
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
