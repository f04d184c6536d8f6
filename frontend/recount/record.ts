// The recount of a whole record: reads docs/ballots.md file by file and takes nothing from the program that wrote the
// record. Knows neither network nor page; source.ts brings the files, comparing.ts holds counts.json to the slips.
import { type Bytes, equal, hex, sha256 } from "../shared/bytes";
import { Misfit, decode, splitLines } from "../shared/fields";
import {
  type Extension,
  type Head,
  boardFile,
  cancelledFile,
  countsFile,
  gateFile,
  headFile,
  invalidFile,
  keysFile,
  listedFiles,
  manifestFile,
  printedFile,
  readHead,
  signatureFile,
  statementsFile,
} from "../shared/head";
import { type Pause, checkBoard } from "./board";
import { type Called, namesOf } from "./called";
import { CountsCheck, type Turnout } from "./comparing";
import { type Cosigned, checkCosignatures } from "./cosignatures";
import { type PoolCount, readCounts } from "./counts";
import { closingTime } from "./extensions";
import { cosignaturesFile, neededFiles, recordFiles } from "./files";
import { type Check, type Finding, Findings } from "./findings";
import { type Gate, readGate } from "./gate";
import { checkInvalid } from "./invalid";
import { type Keys, readKeys } from "./keys";
import { Names } from "./lines";
import { type Rules, type Scrutineer, isSignedBy, readManifest } from "./manifest";
import { checkCancelled, readPrinted } from "./paper";
import { checkStatements } from "./statements";

/** A record as it was given. `announced` is the manifest's fingerprint from elsewhere, or "". */
export interface Given {
  files: Map<string, Bytes>;
  announced: string;
  /** Whether valid slips of open lines are opened as well, not only held to their commitments. */
  openAll: boolean;
  /** What else is done with a record whose keys, gate and counts can be read: the scrutineers' part. */
  also?: (facts: Facts) => Promise<void>;
}

/** What a record says, read and checked. */
export interface Facts {
  rules: Rules;
  keys: Keys;
  names: Names;
  counts: PoolCount[];
  gate: Gate;
}

/** Reports to the caller how far the recount is. Called often; may throw to stop. */
export type Watch = (done: number, total: number) => Promise<void>;

/**
 * The record is sound if `count` is 0. `fingerprint` is the manifest's, `head` that of record.json. `isChanged` says
 * that this copy is not what was signed. `signature` is null where this browser cannot check Ed25519. `scrutineers`
 * are those of the manifest, `cosigned` what of theirs holds.
 */
export interface Outcome {
  fingerprint: string;
  head: string;
  announced: string;
  extensions: Extension[];
  pools: Turnout[];
  /** What the manifest's things are called, and the counts as written, as far as both could be read. */
  called: Called | null;
  counts: PoolCount[];
  slips: number;
  opened: number;
  scrutineers: Scrutineer[];
  cosigned: Cosigned[];
  findings: Finding[];
  count: number;
  isChanged: boolean;
  signature: boolean | null;
}

/** Recounts the record. Throws only what `watch` throws. */
export async function recount(given: Given, watch: Watch = async () => undefined): Promise<Outcome> {
  return new Recount(given, watch).run();
}

class Recount {
  private readonly findings = new Findings();
  private readonly outcome: Outcome;

  constructor(
    private readonly given: Given,
    private readonly watch: Watch,
  ) {
    const nobody = { scrutineers: [], cosigned: [] };
    const none = { ...nobody, extensions: [], pools: [], called: null, counts: [], slips: 0, opened: 0, count: 0 };
    const { announced } = given;
    const start = { ...none, fingerprint: "", head: "", announced, isChanged: false, signature: true };
    this.outcome = { ...start, findings: this.findings.kept };
  }

  async run(): Promise<Outcome> {
    const { files } = this.given;
    const head = files.has(headFile) ? await this.read(headFile, "bad-head", readHead) : null;
    if (files.has(headFile)) this.outcome.head = hex(await sha256(this.file(headFile)));
    if (this.hasAllFiles()) await this.checkFiles(head);
    return { ...this.outcome, count: this.findings.count, isChanged: this.findings.isChanged };
  }

  private hasAllFiles(): boolean {
    const missing = neededFiles.filter((name) => !this.given.files.has(name));
    const strange = Array.from(this.given.files.keys()).filter((name) => !recordFiles.includes(name));
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
    this.outcome.called = namesOf(this.file(manifestFile));
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
    for (const name of listedFiles) {
      if (hex(await sha256(this.file(name))) !== head.files.get(name)) this.findings.add(name, 0, "file-changed");
    }
  }

  private async checkSignature(rules: Rules): Promise<void> {
    let signature = "";
    try {
      signature = decode(this.file(signatureFile));
    } catch {
      // Bytes that are no text are no signature either.
    }
    this.outcome.signature = await isSignedBy(rules.headKey, signature, this.file(headFile));
    if (this.outcome.signature === false) this.findings.add(signatureFile, 0, "bad-signature");
  }

  private async checkSlips(rules: Rules, head: Head | null): Promise<void> {
    const { findings } = this;
    const keys = await this.read(keysFile, "bad-keys", (bytes) => readKeys(bytes, rules));
    const gate = (await this.read(gateFile, "bad-gate", (bytes) => readGate(bytes, rules))) ?? undefined;
    const counts = await this.read(countsFile, "bad-counts", (bytes) => readCounts(bytes, rules, gate));
    const batches = await this.read(printedFile, "bad-printed", (bytes) => readPrinted(bytes, rules));
    const total = splitLines(this.file(boardFile)).length;
    const pause: Pause = (done) => this.watch(done, total);
    const board = await checkBoard(this.file(boardFile), rules, keys, findings, pause);
    this.outcome.slips = board.size;
    if (head && head.boardSize !== board.size) findings.add(boardFile, 0, "board-size", { detail: board.size });
    if (head && board.root && !equal(head.boardRoot, board.root)) findings.add(boardFile, 0, "board-root");
    const cancelled = await checkCancelled(this.file(cancelledFile), rules, batches, board, findings);
    const names = new Names(board);
    if (counts) {
      this.outcome.counts = counts;
      const checking = new CountsCheck(rules, board, counts, findings, gate);
      if (cancelled) checking.compareCancelled(cancelled);
      const pieces = { keys, names, file: (name: string) => this.file(name), openAll: this.given.openAll };
      this.outcome.opened = await checking.compareSlips(pieces, () => pause(total));
      this.outcome.pools = checking.turnout;
      await checkInvalid(this.file(invalidFile), rules, names, keys, counts, findings);
    }
    await this.checkOthersWords(rules, counts, names);
    if (keys && counts && gate) await this.given.also?.({ rules, keys, names, counts, gate });
  }

  /** What second issuers and scrutineers signed. */
  private async checkOthersWords(rules: Rules, counts: PoolCount[] | null, names: Names): Promise<void> {
    const couldCheck = await checkStatements(this.file(statementsFile), rules, counts, this.findings);
    if (!couldCheck) this.outcome.signature = null;
    this.outcome.scrutineers = rules.scrutineers;
    const bytes = this.given.files.get(cosignaturesFile);
    const subject = { fingerprint: this.outcome.head, rules, counts, names };
    if (bytes) this.outcome.cosigned = await checkCosignatures(bytes, subject, this.findings);
  }
}
