// opened.jsonl: exactly the slips of open lines. A valid one must fit its commitment; one called invalid is opened here
// from its sealed bytes, and must be invalid for that reason. Gives what they add up to, line by line.
import { type Bytes, equal } from "../shared/bytes";
import { type Fields, Misfit, asBytes, asFields, readJson } from "../shared/fields";
import { openedFile } from "../shared/head";
import type { Entry, Pause } from "./board";
import type { Check, Findings } from "./findings";
import type { ExchangeKey } from "./hpke";
import { type Named, type Names, NamedSlips, findMissing, readLines } from "./lines";
import type { Rules } from "./manifest";
import { type Plain, type Reason, openSlip, reasonAgainst, reasons } from "./opening";
import { type Tally, addInvalid, addMarks, emptyTally } from "./publication";

const stretch = 512;

interface Opening extends Plain {
  slip: Bytes;
  invalid: Reason | "";
}

/** What open lines publish beside their openings; `all` says that valid slips are opened as well. */
export interface Means {
  places: Set<string>;
  sealed: Map<Entry, Bytes>;
  keys: Map<string, ExchangeKey>;
  all: boolean;
}

/** What was opened: how many, the sums of each place, and the places where something is wrong or missing. */
export interface Opened {
  count: number;
  tallies: Map<string, Tally>;
  broken: Set<string>;
}

type Fault = [Check, Record<string, string>] | null;

export class OpeningCheck {
  constructor(
    private readonly rules: Rules,
    private readonly names: Names,
    private readonly findings: Findings,
    private readonly means: Means,
  ) {}

  /** Checks the whole file. The sums of a place with a fault are not compared: the fault itself is the finding. */
  async check(bytes: Bytes, pause: Pause): Promise<Opened> {
    const opened: Opened = { count: 0, tallies: new Map(), broken: new Set() };
    const { places } = this.means;
    const read = readLines(openedFile, bytes, this.findings, readOpening);
    const named = new NamedSlips(openedFile, "opened", this.names, places, this.findings).held(read);
    for (const [place, opening] of named.entries()) {
      await this.take(opened, opening);
      if (place % stretch === stretch - 1) await pause(place + 1);
    }
    const seen = new Set(named.map(({ entry }) => entry));
    const missing = findMissing(openedFile, "opened-missing", this.names.without(seen, places), this.findings);
    for (const place of missing) opened.broken.add(place);
    return opened;
  }

  private async take(opened: Opened, { at, value, entry }: Named<Opening>): Promise<void> {
    const fault = await this.findFault(value, entry);
    if (fault) {
      this.findings.add(openedFile, at, ...fault);
      opened.broken.add(entry.place);
      return;
    }
    const tally = opened.tallies.get(entry.place) ?? emptyTally();
    opened.tallies.set(entry.place, tally);
    opened.count += 1;
    if (value.invalid) addInvalid(tally, value.invalid);
    else addMarks(tally, value.marks);
  }

  private async findFault(opening: Opening, entry: Entry): Promise<Fault> {
    const { invalid } = opening;
    const reason = invalid ? "" : await reasonAgainst(this.rules, entry, opening);
    if (reason === "other-commitment" || reason === "no-such-mark") return [reason, {}];
    if (!invalid && !this.means.all) return null;
    const [sealed, key] = [this.means.sealed.get(entry), this.means.keys.get(entry.place)];
    // Without them nothing can be opened, and that they are missing or false is a finding already.
    if (!sealed || !key) return null;
    const own = await openSlip(this.rules, entry, sealed, key.point, await key.exchange(sealed));
    if (invalid) return own.reason === invalid ? null : ["false-invalid", { detail: own.reason || "valid" }];
    const isSame = own.plain && equal(own.plain.marks, opening.marks) && equal(own.plain.salt, opening.salt);
    return isSame ? null : ["false-opening", {}];
  }
}

function readOpening(text: string): Opening {
  const value = readJson(text);
  const isInvalid = typeof value === "object" && value !== null && !("marks" in value);
  const given = asFields(value, "", isInvalid ? ["slip", "invalid"] : ["slip", "marks", "salt"]);
  const slip = asBytes(given.slip, "slip", 32);
  const none = new Uint8Array();
  if (isInvalid) return { slip, marks: none, salt: none, invalid: asReason(given, "invalid") };
  return { slip, marks: asBytes(given.marks, "marks"), salt: asBytes(given.salt, "salt", 32), invalid: "" };
}

export function asReason(given: Fields, name: string): Reason {
  const known = reasons.find((reason) => reason === given[name]);
  if (!known) throw new Misfit(name);
  return known;
}
