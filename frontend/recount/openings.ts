// Opened slips, in opened.jsonl or in a scrutineer's file of the same form. Each must belong to a slip of the board
// that may be opened there, and must fit its commitment. Gives what they add up to, line by line.
import { type Bytes, compare, equal, hex } from "../shared/bytes";
import { type Fields, Misfit, asBytes, asFields, lineText, readJson, splitLines } from "../shared/fields";
import { boardFile } from "../shared/head";
import { commitment } from "../shared/slips";
import type { Board, Entry, Pause } from "./board";
import type { Check, Findings } from "./findings";
import { type Rules, keyOf } from "./manifest";
import { type Tally, addInvalid, addMarks, dontKnow, emptyTally } from "./publication";

const stretch = 512;
const reasons = ["unreadable", "other-commitment", "no-such-mark"];

interface Opening {
  slip: Bytes;
  marks: Bytes;
  salt: Bytes;
  invalid: string;
}

/** Which slips a file opens: exactly those of the places in `places`. */
export interface Openings {
  file: string;
  bytes: Bytes;
  places: Set<string>;
}

/** What was opened: how many, the sums of each place, and the places where something is wrong or missing. */
export interface Opened {
  count: number;
  tallies: Map<string, Tally>;
  broken: Set<string>;
}

export class OpeningCheck {
  private readonly criteria: Map<string, number>;
  private readonly entries: Map<string, Entry>;

  constructor(
    private readonly rules: Rules,
    private readonly board: Board,
    private readonly findings: Findings,
  ) {
    const places = rules.pools.flatMap(({ id }) =>
      rules.lines.map((line) => [keyOf(id, line.id), line.criteria.length] as const),
    );
    this.criteria = new Map(places);
    this.entries = new Map(board.entries.map((entry) => [hex(entry.name), entry]));
  }

  /** Checks a whole file. The sums of a place with a fault are not compared: the fault itself is the finding. */
  async check(openings: Openings, pause: Pause): Promise<Opened> {
    const { file, bytes, places } = openings;
    const opened: Opened = { count: 0, tallies: new Map(), broken: new Set() };
    const seen = new Set<string>();
    let last: Bytes | null = null;
    const lines = splitLines(bytes);
    for (const [at, text] of lines.entries()) {
      const opening = this.read(text, file, at + 1);
      if (opening) {
        if (last && compare(last, opening.slip) >= 0) this.findings.add(file, at + 1, "opened-order");
        last = opening.slip;
        const entry = this.entries.get(hex(opening.slip));
        const fault = await this.findFault(opening, entry, places);
        if (fault) this.findings.add(file, at + 1, fault);
        if (entry) {
          seen.add(hex(entry.name));
          if (fault) opened.broken.add(entry.place);
          else this.count(opened, entry, opening);
        }
      }
      if (at % stretch === stretch - 1) await pause(at + 1);
    }
    this.findMissing(openings, seen, opened);
    return opened;
  }

  private read(line: Bytes | null, file: string, at: number): Opening | null {
    try {
      return readOpening(lineText(line));
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      this.findings.add(file, at, "line-form", { detail: error.place });
      return null;
    }
  }

  private async findFault(opening: Opening, entry: Entry | undefined, places: Set<string>): Promise<Check | null> {
    if (!entry) return "opened-stranger";
    if (!places.has(entry.place)) return "opened-forbidden";
    if (opening.invalid) return null;
    const { marks, salt } = opening;
    const own = await commitment(this.rules.digest, entry.serial, marks, salt);
    if (!equal(own, entry.commitment)) return "other-commitment";
    const known = marks.every((mark) => mark <= this.rules.grades.length || mark === dontKnow);
    return known && marks.length === this.criteria.get(entry.place) ? null : "no-such-mark";
  }

  private count(opened: Opened, entry: Entry, { marks, invalid }: Opening): void {
    const tally = opened.tallies.get(entry.place) ?? emptyTally();
    opened.tallies.set(entry.place, tally);
    opened.count += 1;
    if (invalid) addInvalid(tally, invalid);
    else addMarks(tally, marks);
  }

  private findMissing({ file, places }: Openings, seen: Set<string>, opened: Opened): void {
    for (const { place, name, line } of this.board.entries) {
      if (!places.has(place) || seen.has(hex(name))) continue;
      this.findings.add(boardFile, line, "opened-missing", { detail: file });
      opened.broken.add(place);
    }
  }
}

function readOpening(text: string): Opening {
  const value = readJson(text);
  const isInvalid = typeof value === "object" && value !== null && "invalid" in value;
  const given = asFields(value, "", isInvalid ? ["slip", "invalid"] : ["slip", "marks", "salt"]);
  const slip = asBytes(given.slip, "slip", 32);
  if (isInvalid) return { slip, marks: new Uint8Array(), salt: new Uint8Array(), invalid: asReason(given) };
  return { slip, marks: asBytes(given.marks, "marks"), salt: asBytes(given.salt, "salt", 32), invalid: "" };
}

function asReason({ invalid }: Fields): string {
  if (typeof invalid !== "string" || !reasons.includes(invalid)) throw new Misfit("invalid");
  return invalid;
}
