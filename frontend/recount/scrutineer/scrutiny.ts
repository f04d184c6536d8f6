// A scrutineer's whole work on a closed poll: everybody's recount of the record, then the handover with the own shares
// and, where another scrutineer has passed shares on, the sealed slips. Knows neither network nor page.
import { type Bytes, equal } from "../../shared/bytes";
import { Misfit, splitLines } from "../../shared/fields";
import type { Pause } from "../board";
import type { Place } from "../closing";
import { type Finding, Findings } from "../findings";
import type { ExchangeKey } from "../hpke";
import { type Rules, type Scrutineer, keyOf } from "../manifest";
import { type Facts, type Outcome, recount } from "../record";
import type { SealedCheck, SealedFindings } from "./findings";
import { handedPlaces } from "../handed";
import { type Handover, handoverFile, readHandover } from "./handover";
import { type OwnKeys, exchangeKey } from "./keys";
import { openPassed, passOn, readPassed } from "./passing";
import { type Counted, SealedSlips } from "./sealedslips";
import { type Holding, Shared } from "./shares";

/** More than there can be senders: what comes after was not meant. */
const mostPassed = 100;

/**
 * What a scrutineer works on. `handover` is null where there is none any more, or never was. `passed` has the lines
 * that others passed on, `announced` is the manifest's fingerprint.
 */
export interface Task {
  files: Map<string, Bytes>;
  announced: string;
  handover: Bytes | null;
  passed: Bytes;
  scrutineer: string;
  keys: OwnKeys;
}

export type Stage = "record" | "shares" | "slips";
export type Watch = (stage: Stage, done: number, total: number) => Promise<void>;

/** Passed shares that are of no use. `from` is their sender, or "" if the line cannot be read. */
export interface Unusable {
  from: string;
  problem: "unreadable" | "closed" | "misfit";
}

/**
 * `record` is everybody's verdict; `findings` are what is wrong in the handover or does not add up. `passOn` has a line
 * for each other scrutineer once the own shares are known to fit. `with` is the scrutineer whose shares made the keys
 * together with the own ones, or "" while there is none. `checked` is what may be signed as checked, or null.
 */
export interface Scrutiny {
  record: Outcome;
  /** Whether the manifest names this scrutineer with these keys. */
  isNamed: boolean;
  findings: Finding<SealedCheck>[];
  count: number;
  /** Of how many places counts rest on sealed slips, and whether these were handed over. */
  places: number;
  isHandedOver: boolean;
  slips: number;
  passOn: string[];
  with: string;
  unusable: Unusable[];
  checked: { lines: Place[]; invalid: Bytes[] } | null;
}

/** Throws only what `watch` throws. */
export async function scrutinise(task: Task, watch: Watch = async () => undefined): Promise<Scrutiny> {
  return new Work(task, watch).run();
}

type Progressing = "places" | "isHandedOver" | "slips" | "passOn" | "with" | "checked";

class Work {
  private readonly findings: SealedFindings = new Findings<SealedCheck>();
  private readonly unusable: Unusable[] = [];
  private readonly done: Pick<Scrutiny, Progressing> = {
    isHandedOver: false,
    places: 0,
    slips: 0,
    passOn: [],
    with: "",
    checked: null,
  };

  constructor(
    private readonly task: Task,
    private readonly watch: Watch,
  ) {}

  async run(): Promise<Scrutiny> {
    const { files, announced } = this.task;
    const also = (facts: Facts) => this.scrutinise(facts);
    const given = { files, announced, openAll: true, also };
    const record = await recount(given, (done, total) => this.watch("record", done, total));
    const { kept, count } = this.findings;
    const isRight = record.count + count === 0 && record.signature === true;
    const found = { findings: kept, count, unusable: this.unusable };
    const isNamed = this.find(record.scrutineers) >= 0;
    return { ...this.done, ...found, record, isNamed, checked: isRight ? this.done.checked : null };
  }

  private async scrutinise(facts: Facts): Promise<void> {
    const at = this.find(facts.rules.scrutineers);
    if (at < 0) return;
    const places = handedPlaces(facts.counts);
    this.done.places = places.length;
    this.done.isHandedOver = this.task.handover !== null;
    if (this.task.handover) await this.take(this.task.handover, facts, places, at);
    else if (!places.length) this.done.checked = { lines: [], invalid: [] };
  }

  private async take(bytes: Bytes, facts: Facts, places: Counted[], at: number): Promise<void> {
    const { rules, keys } = facts;
    const handover = readHandover(bytes, rules, this.findings);
    if (!handover || !this.hasPlaces(handover, places)) return;
    const shared = new Shared(rules, handover.places, keys);
    const slips = new SealedSlips(facts, places, this.findings);
    this.done.slips = await slips.take(handover.slips, this.pause("slips", handover.slips.length));
    const opened = await this.open(shared, handover, rules, at);
    if (!opened) return;
    const invalid = await slips.recount(opened, this.pause("slips", handover.slips.length));
    this.done.checked = { lines: places.map(({ pool, line }) => ({ pool, line })), invalid };
  }

  /** Whether the places handed over are those whose counts rest on sealed slips. */
  private hasPlaces(handover: Handover, places: Place[]): boolean {
    const keysOf = (some: Place[]) => some.map(({ pool, line }) => keyOf(pool, line)).join();
    const isSame = keysOf(handover.places) === keysOf(places);
    if (!isSame) this.findings.add(handoverFile, 0, "other-places");
    return isSame;
  }

  /** Where the manifest names this scrutineer with these very keys, or -1. */
  private find(scrutineers: Scrutineer[]): number {
    const { scrutineer, keys } = this.task;
    return scrutineers.findIndex(
      ({ id, signingKey, decryptionKey }) =>
        id === scrutineer && equal(signingKey, keys.signing.point) && equal(decryptionKey, keys.decryption.point),
    );
  }

  private pause(stage: Stage, total: number): Pause {
    return (done) => this.watch(stage, done, total);
  }

  /** The closing keys, or null while nobody else's shares are there or the own ones are not in order. */
  private async open(
    shared: Shared,
    handover: Handover,
    rules: Rules,
    at: number,
  ): Promise<Map<string, ExchangeKey> | null> {
    const pause = this.pause("shares", handover.places.length);
    const own = await shared.open(at, this.task.keys.decryption, this.findings, pause);
    if (!own) return null;
    if (!handover.places.length) return new Map();
    this.done.passOn = await passOn(rules, own);
    const other = await this.findOther(shared, rules, at);
    if (!other) return null;
    this.done.with = rules.scrutineers[other.at]?.name ?? "";
    return shared.join(own, other);
  }

  /** The first shares passed on that fit at every place; those before them are of no use, which is said. */
  private async findOther(shared: Shared, rules: Rules, at: number): Promise<Holding | null> {
    const key = await exchangeKey(this.task.keys.decryption);
    const pause = this.pause("shares", shared.places.length);
    for (const line of splitLines(this.task.passed).slice(0, mostPassed)) {
      const passed = this.readPassed(rules, line, shared.places.length, at);
      if (!passed) continue;
      const other = await openPassed(rules, passed, at, key);
      if (other && (await shared.isFitting(other, pause))) return other;
      const from = rules.scrutineers[passed.from]?.name ?? "";
      this.unusable.push({ from, problem: other ? "misfit" : "closed" });
    }
    return null;
  }

  private readPassed(...given: Parameters<typeof readPassed>): ReturnType<typeof readPassed> {
    try {
      return readPassed(...given);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      this.unusable.push({ from: "", problem: "unreadable" });
      return null;
    }
  }
}
