// The sealed slips of a handover: exactly those of the handed places, each with the bytes that its voter signed. With
// the closing keys they are opened, and their sums held to counts.json.
import { type Bytes, compare, equal } from "../../shared/bytes";
import { boardFile } from "../../shared/head";
import type { Entry, Pause } from "../board";
import type { Place } from "../closing";
import { compareSums } from "../comparing";
import type { LineCount } from "../counts";
import type { ExchangeKey } from "../hpke";
import type { Read } from "../lines";
import { type Line, type Pool, keyOf } from "../manifest";
import { openSlip } from "../opening";
import { type Tally, addInvalid, addMarks, emptyTally } from "../publication";
import type { Facts } from "../record";
import { isSealedOf } from "../sealed";
import type { SealedFindings } from "./findings";
import { type SealedSlip, handoverFile } from "./handover";

const stretch = 128;

/** A place that was handed over, with what counts.json says of it. */
export type Counted = Place & { count: LineCount };

export class SealedSlips {
  private readonly sealed = new Map<Entry, Bytes>();
  /** Places with a fault: their sums are not compared, for the fault itself is the finding. */
  private readonly broken = new Set<string>();

  constructor(
    private readonly facts: Facts,
    private readonly places: Counted[],
    private readonly findings: SealedFindings,
  ) {}

  /** Goes along the board and the slips handed over, both in the order of names. Gives how many belong there. */
  async take(read: Read<SealedSlip>[], pause: Pause): Promise<number> {
    const places = new Set(this.places.map(({ pool, line }) => keyOf(pool, line)));
    const rest = read.slice().reverse();
    for (const entry of this.facts.names.without(new Set(), places)) {
      this.passStrangers(rest, entry.name);
      const next = rest[rest.length - 1];
      if (next && equal(next.value.slip, entry.name)) await this.keep(entry, rest.pop() as Read<SealedSlip>);
      else this.fault(entry, boardFile, entry.line, "opened-missing", { detail: handoverFile });
      if (this.sealed.size % stretch === stretch - 1) await pause(this.sealed.size);
    }
    this.passStrangers(rest, null);
    return this.sealed.size;
  }

  /** Those before the name, or all that are left, belong to no slip that is asked for. */
  private passStrangers(rest: Read<SealedSlip>[], name: Bytes | null): void {
    for (let next = rest[rest.length - 1]; next; next = rest[rest.length - 1]) {
      if (name && compare(next.value.slip, name) >= 0) return;
      this.findings.add(handoverFile, next.at, "sealed-stranger");
      rest.pop();
    }
  }

  private async keep(entry: Entry, { at, value }: Read<SealedSlip>): Promise<void> {
    if (await isSealedOf(this.facts.rules, entry, value.sealed)) this.sealed.set(entry, value.sealed);
    else this.fault(entry, handoverFile, at, "other-sealed");
  }

  private fault({ place }: Entry, ...finding: Parameters<SealedFindings["add"]>): void {
    this.findings.add(...finding);
    this.broken.add(place);
  }

  /**
   * Opens them all and compares. Gives the names of those found invalid where counts.json tells no reasons, in order.
   */
  async recount(keys: Map<string, ExchangeKey>, pause: Pause): Promise<Bytes[]> {
    const tallies = new Map<string, Tally>(this.places.map(({ pool, line }) => [keyOf(pool, line), emptyTally()]));
    const told = new Set(this.places.filter(isTold).map(({ pool, line }) => keyOf(pool, line)));
    const invalid: Bytes[] = [];
    let done = 0;
    for (const [entry, sealed] of this.sealed) {
      const isValid = await this.open(entry, sealed, keys.get(entry.place), tallies.get(entry.place));
      if (!isValid && !told.has(entry.place)) invalid.push(entry.name);
      if (++done % stretch === 0) await pause(done);
    }
    this.compareAll(tallies);
    return invalid.sort(compare);
  }

  private async open(
    entry: Entry,
    sealed: Bytes,
    key: ExchangeKey | undefined,
    tally: Tally | undefined,
  ): Promise<boolean> {
    if (!key || !tally) return true;
    const { reason, plain } = await openSlip(this.facts.rules, entry, sealed, key.point, await key.exchange(sealed));
    if (plain && !reason) addMarks(tally, plain.marks);
    else addInvalid(tally, reason || "unreadable");
    return !reason;
  }

  private compareAll(tallies: Map<string, Tally>): void {
    const { rules, gate } = this.facts;
    this.spareUnits();
    for (const pool of rules.pools) {
      const lines = this.places.filter((place) => place.pool === pool.id).map(({ count }) => count);
      compareSums(rules, pool, lines, { tallies, broken: this.broken }, gate, this.findings);
    }
  }

  /** A band is that of all the unit's lines, so one broken line leaves the others without anything to compare with. */
  private spareUnits(): void {
    const bands = this.places.filter(({ count }) => count.publication === "band");
    const unitOf = ({ pool, line }: Place) => {
      const { lineOf } = this.facts.rules.poolOf.get(pool) as Pool;
      return keyOf(pool, (lineOf.get(line) as Line).unit);
    };
    const units = new Set(bands.filter(({ pool, line }) => this.broken.has(keyOf(pool, line))).map(unitOf));
    for (const place of bands) if (units.has(unitOf(place))) this.broken.add(keyOf(place.pool, place.line));
  }
}

/** Whether the record itself names and proves the invalid slips of the place. */
function isTold({ count }: Counted): boolean {
  return count.publication === "counts";
}
