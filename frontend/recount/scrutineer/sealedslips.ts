// The sealed slips of a handover: exactly those of the handed places, each with the bytes that its voter signed. With
// the closing keys they are opened, and their sums held to counts.json.
import { type Bytes, compare } from "../../shared/bytes";
import type { Entry, Pause } from "../board";
import type { Place } from "../closing";
import { compareSums } from "../comparing";
import type { LineCount } from "../counts";
import type { ExchangeKey } from "../hpke";
import { type Read, NamedSlips, findMissing } from "../lines";
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

  /** Holds the slips to the board. Gives how many there are. */
  async take(read: Read<SealedSlip>[], pause: Pause): Promise<number> {
    const { rules, names } = this.facts;
    const places = new Set(this.places.map(({ pool, line }) => keyOf(pool, line)));
    const named = new NamedSlips(handoverFile, "sealed", names, places, this.findings).held(read);
    for (const [index, { at, value, entry }] of named.entries()) {
      if (index % stretch === stretch - 1) await pause(index + 1);
      if (await isSealedOf(rules, entry, value.sealed)) this.sealed.set(entry, value.sealed);
      else this.fault(entry, at);
    }
    const seen = new Set(named.map(({ entry }) => entry));
    const missing = findMissing(handoverFile, "sealed-missing", names.without(seen, places), this.findings);
    for (const place of missing) this.broken.add(place);
    return named.length;
  }

  private fault({ place }: Entry, at: number): void {
    this.findings.add(handoverFile, at, "other-sealed");
    this.broken.add(place);
  }

  /** Opens them all and compares. Gives the names of those found invalid where counts.json tells no reasons, in order. */
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
