// What this device knows of ballots already begun or cast, shown right after the cast and on every later visit. Looks
// for them in the published record without saying which they are, and offers what can still be done. Nothing that is
// offered for a ballot in the box is a main button: there is nothing more to do.
import { element } from "../shared/element";
import { fill, localName } from "../shared/wording";
import { type Ballot, type Finding, type Stack, checkCode, findInRecord, hasTokens } from "./ballot";
import type { Station } from "./casting";
import { RefusedRecord, lookUp, lookUpNames } from "./lookup";
import { type Page, button } from "./page";
import { Unreachable, get } from "./server";
import { listed } from "./sheet";
import { writeBallot } from "./store";
import type { Word } from "./words";

export interface Deeds {
  change: (ballot: Ballot) => void;
  resume: (ballot: Ballot) => void;
  resend: (ballot: Ballot) => void;
  forget: (ballot: Ballot) => void;
  /** Shows the second device where the slips of this stack stand. */
  showWhere: (stack: Stack) => void;
  /** Makes the file about the slips of these lines, which are missing in the record. */
  prove: (ballot: Ballot, lines: string[]) => void;
  another: () => void;
}

/**
 * The record as far as it could be asked for: `board` has the lines among which the slips stand if they are there; it
 * is null before the record is published, when it could not be reached, and when what was shown is not the signed
 * record.
 */
interface Published {
  board: string | null;
  /** The fingerprint of its head. */
  head: string;
  trouble: "record_unreached" | "record_refused" | null;
  now: number;
}

function tick(): HTMLElement {
  return element("span", { class: "tick", "aria-hidden": "true" }, "✓");
}

const troubleStyle = { record_unreached: {}, record_refused: { class: "note error" } };

export class Visit {
  constructor(
    private readonly page: Page,
    private readonly station: Station,
    private readonly deeds: Deeds,
  ) {}

  /** Shows these ballots under `heading`, each with what the record says of it. */
  async show(heading: string, ballots: Ballot[]): Promise<void> {
    await this.list(heading, ballots, await this.fetchRecord(ballots));
  }

  /** Shows the ballot that has just been acknowledged. The record is not asked for: there is none yet. */
  async showCast(ballot: Ballot): Promise<void> {
    const record = { board: null, head: "", trouble: null, now: Date.now() };
    await this.list(this.page.words.done_heading, [ballot], record);
  }

  private async list(heading: string, ballots: Ballot[], record: Published): Promise<void> {
    const { words } = this.page;
    // Where there is a record, even one to be refused, the poll is closed.
    const unpublished = record.board === null && record.trouble !== "record_refused";
    const open = unpublished && record.now < this.station.closesAt;
    const sections: HTMLElement[] = [];
    for (const [place, ballot] of ballots.entries()) {
      const title = ballots.length > 1 || ballot.isPaper ? [element("h3", {}, this.title(ballot, place))] : [];
      sections.push(element("section", { class: "ballot" }, ...title, ...(await this.describe(ballot, record, open))));
    }
    const foot = [
      ...(record.head ? await this.vouch(ballots, record.head) : []),
      ...(record.trouble ? [element("p", troubleStyle[record.trouble], words[record.trouble])] : []),
      ...(open ? [button(words.another_person, this.deeds.another, { class: "outline secondary" })] : []),
    ];
    this.page.show(heading, [...sections, ...foot]);
  }

  /** Whether this reader is shown the names of all slips, and not the record. */
  private get byNames(): boolean {
    return this.station.addresses.names !== "";
  }

  private async vouch(ballots: Ballot[], head: string): Promise<HTMLElement[]> {
    if (!this.byNames) return this.keepHead(ballots, head);
    const { words } = this.page;
    return [element("p", {}, words.names_root), element("p", { class: "fingerprint" }, head)];
  }

  /**
   * Shows the record's fingerprint and keeps it with each ballot. Another one than was kept says that the site has
   * shown two records: one of them to this device.
   */
  private async keepHead(ballots: Ballot[], head: string): Promise<HTMLElement[]> {
    const { words } = this.page;
    for (const ballot of ballots) if (!ballot.head) await writeBallot({ ...ballot, head });
    const other = ballots.find((ballot) => ballot.head && ballot.head !== head)?.head;
    const warning = other ? [element("p", { class: "note error" }, fill(words.other_head, { kept: other }))] : [];
    return [...warning, element("p", {}, words.record_head), element("p", { class: "fingerprint" }, head)];
  }

  private title(ballot: Ballot, place: number): string {
    const line = this.station.opened.manifest.lines.find((each) => each.id === ballot.drawn[0]?.line);
    return ballot.isPaper && line ? localName(line.name) : fill(this.page.words.ballot_number, { number: place + 1 });
  }

  private async fetchRecord(ballots: Ballot[]): Promise<Published> {
    let clock = Date.now();
    const { opened, addresses } = this.station;
    const fetched = async (address: string) => {
      const { bytes, now } = await get(address);
      clock = now;
      return bytes;
    };
    const bring = (path: string) => fetched(addresses.record + path);
    const slips = ballots.flatMap(({ stacks }) => stacks.flatMap((stack) => stack.slips));
    try {
      const found = this.byNames
        ? await lookUpNames(opened, slips, await fetched(addresses.names))
        : await lookUp(opened, slips, bring);
      return { board: found?.board ?? null, head: found?.head ?? "", trouble: null, now: clock };
    } catch (error) {
      const none = { board: null, head: "", now: clock };
      if (error instanceof Unreachable) return { ...none, trouble: "record_unreached" };
      if (error instanceof RefusedRecord) return { ...none, trouble: "record_refused" };
      throw error;
    }
  }

  private async describe(ballot: Ballot, record: Published, open: boolean): Promise<HTMLElement[]> {
    if (record.board !== null) return this.recorded(ballot, record.board);
    const { words } = this.page;
    const newest = ballot.stacks[ballot.stacks.length - 1];
    if (!newest) {
      const sentence = hasTokens(ballot) ? words.not_sent : words.not_drawn;
      return [element("p", {}, sentence), ...this.offer(open, "continue", this.deeds.resume, ballot)];
    }
    if (newest.acknowledgements) return this.done(ballot, newest, open);
    const again = this.offer(true, "send_again", this.deeds.resend, ballot);
    return [element("p", {}, words.no_reply), ...again, ...this.secondary(ballot, open)];
  }

  /** A ballot in the box: that there is nothing more to do, what happens next, the check code, and what may be done. */
  private async done(ballot: Ballot, stack: Stack, open: boolean): Promise<HTMLElement[]> {
    const { words } = this.page;
    const next = open ? [words.next_open, words.next_close, words.next_look] : [words.next_close, words.next_look];
    return [
      element("p", { class: "done" }, tick(), element("span", {}, words.in_box, element("br"), words.nothing_more)),
      element("h3", {}, words.next_heading),
      element("ul", {}, ...next.map((text) => element("li", {}, text))),
      await this.code(stack),
      element("p", { class: "hint" }, words.check_code_hint),
      ...this.seal(ballot),
      ...this.secondary(ballot, open),
      this.forgetting(ballot),
    ];
  }

  /** What may still be done with a ballot that is cast, and need not be. */
  private secondary(ballot: Ballot, open: boolean): HTMLElement[] {
    const asks = this.station.opened.manifest.lines.some(
      (line) => line.question && ballot.drawn.some((drawn) => drawn.line === line.id),
    );
    return [...this.offer(open, asks ? "change_answers" : "change", this.deeds.change, ballot, "outline secondary")];
  }

  private offer(
    may: boolean,
    word: Word,
    deed: (ballot: Ballot) => void,
    ballot: Ballot,
    style = "",
  ): HTMLElement[] {
    return may ? [button(this.page.words[word], () => deed(ballot), { class: style || false })] : [];
  }

  private async code(stack: Stack): Promise<HTMLElement> {
    const code = await checkCode(this.station.opened, stack);
    return element("p", { class: "check-code" }, `${this.page.words.check_code} `, element("strong", {}, code));
  }

  /** The seal code that a second device was told, for who looks there once more. */
  private seal({ isDoubted, seal }: Ballot): HTMLElement[] {
    if (!isDoubted || !seal) return [];
    return [element("p", { class: "seal-code" }, `${this.page.words.seal_code} `, element("strong", {}, seal))];
  }

  private async recorded(ballot: Ballot, board: string): Promise<HTMLElement[]> {
    const finding = findInRecord(ballot, board);
    const sentence = element("p", { class: `record-${finding.kind}` }, this.sentence(ballot, finding));
    // The code belongs to what the record holds: the stack acknowledged before a change that never arrived.
    const forget = this.forgetting(ballot);
    if (finding.kind === "paper") return [sentence, forget];
    const stack = ballot.stacks[finding.kind === "earlier" ? 0 : ballot.stacks.length - 1];
    if (!stack) return [sentence, forget];
    const asides = this.asides(ballot, stack, finding);
    // What proves that slips are missing is not offered to be thrown away.
    return [sentence, await this.code(stack), ...asides, ...(finding.kind === "missing" ? [] : [forget])];
  }

  private forgetting(ballot: Ballot): HTMLElement {
    const ask = button(this.page.words.forget, () => this.deeds.forget(ballot), { class: "aside" });
    return element("p", {}, ask);
  }

  /** Offered to everybody, the file would be a receipt for who buys votes: only who misses something gets it. */
  private asides(ballot: Ballot, stack: Stack, { kind, missing }: Finding): HTMLElement[] {
    const { words } = this.page;
    if (this.byNames) return kind === "missing" ? [element("p", {}, words.ask_scrutineer)] : [];
    if (kind === "missing") {
      const save = button(words.keep_proof, () => this.deeds.prove(ballot, missing));
      return [element("p", {}, words.proof_note), save];
    }
    const isThere = kind === "whole" && ballot.isDoubted;
    return isThere ? [button(words.show_where, () => this.deeds.showWhere(stack), { class: "secondary" })] : [];
  }

  private sentence(ballot: Ballot, finding: Finding): string {
    const { words } = this.page;
    const missing = this.station.opened.manifest.lines.filter((line) => finding.missing.includes(line.id));
    const units = listed(Array.from(new Set(missing.map((line) => localName(line.name)))));
    const sentences: Record<Finding["kind"], string> = {
      whole: words.in_record,
      earlier: words.in_record_earlier,
      paper: words.in_record_paper,
      missing: words.missing_in_record,
      partly: words.partly_in_record,
      never_arrived: words.never_arrived,
      not_cast: words.not_cast,
    };
    return fill(sentences[finding.kind], { missing: missing.length, total: ballot.drawn.length, units });
  }
}
