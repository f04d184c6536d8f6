// The stage on which a person marks the sheet and is asked once before it is cast. Holds the marks only in the page
// and, as a draft for a reload, in sessionStorage.
import { element } from "../shared/element";
import { fill } from "../shared/wording";
import type { Permit, Station, Vote } from "./casting";
import { findPool, linesOf } from "./manifest";
import { type Page, button } from "./page";
import { Sheet, listed } from "./sheet";
import { readDraft, writeDraft } from "./store";

/**
 * The ballot that is being marked: its id, the checked codes if tokens are still to be drawn, the newest version that
 * this tab knows, and its lines if it does not have all.
 */
export interface BallotAtHand {
  id: string;
  permit: Permit | null;
  seen: number;
  lines?: string[];
}

export class Marking {
  private readonly sheet: Sheet;
  private readonly form = element("div", { class: "sheet" });
  private readonly summary = element("section", { class: "confirm" });

  /**
   * `cast` is called with the marks as they were when the question was asked. A second try calls it with the same vote.
   * `doubt` is called instead by who wants to see the seal code first.
   */
  constructor(
    private readonly page: Page,
    private readonly station: Station,
    private readonly atHand: BallotAtHand,
    private readonly cast: (vote: Vote) => void,
    private readonly doubt: (vote: Vote) => void,
  ) {
    const { id, permit, lines } = atHand;
    const { opened } = station;
    const marked = permit ? linesOf(opened.manifest, findPool(opened.manifest, permit.pool)) : opened.manifest.lines;
    const own = marked.filter((line) => !lines || lines.includes(line.id));
    this.sheet = new Sheet({ ...opened.manifest, lines: own }, page.words, (marks) => {
      writeDraft(opened.fingerprint, { id, codes: permit?.codes ?? [], marks });
    });
    const draft = readDraft(opened.fingerprint);
    if (draft?.id === id) this.sheet.restore(draft.marks);
  }

  /** Puts the sheet on the page, under `note` if there is one. */
  show(note: string): void {
    const { words } = this.page;
    const done = element("button", { type: "submit", class: "cast" }, words.cast);
    this.form.replaceChildren(...(note ? [element("p", { class: "note" }, note)] : []), ...this.sheet.nodes, done);
    this.page.show(words.sheet_heading, [this.form, this.summary], () => {
      if (!this.form.hidden) this.ask();
    });
  }

  private ask(): void {
    const { words } = this.page;
    const vote: Vote = { ...this.atHand, marks: this.sheet.marks(), filled: false };
    const title = element("h3", { tabindex: "-1" }, words.confirm_heading);
    this.summary.replaceChildren(
      title,
      ...this.answers(),
      element("p", {}, this.blanks()),
      element("p", {}, fill(words.confirm_until, { closes: this.closing() })),
      button(words.cast_now, () => this.cast(vote), { class: "cast" }),
      button(words.back, () => this.takeBack(vote), { class: "secondary" }),
      element("p", {}, button(words.doubt, () => this.doubt(vote), { class: "aside" })),
    );
    this.form.hidden = true;
    title.focus();
  }

  /** What was answered to each question: an order is easily tapped wrong. */
  private answers(): HTMLElement[] {
    const answers = this.sheet.answers();
    if (!answers.length) return [];
    const rows = answers.flatMap(([name, said]) => [element("dt", {}, name), element("dd", {}, said)]);
    return [element("p", {}, this.page.words.confirm_answers), element("dl", { class: "answers" }, ...rows)];
  }

  private blanks(): string {
    const { words } = this.page;
    const { blanks, criteria, blankUnits } = this.sheet.tally();
    const units = listed(blankUnits);
    return blanks ? fill(words.confirm_blank, { blank: blanks, total: criteria, units }) : words.confirm_all;
  }

  /** The closing time by the site's time zone, as all times on the page. */
  private closing(): string {
    const timeZone = this.page.form.dataset.timeZone || undefined;
    const style: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short", timeZone };
    return new Date(this.station.closesAt).toLocaleString(document.documentElement.lang || undefined, style);
  }

  /** Back to the sheet. A cast that failed on its way may have stored a version, which the next one has to exceed. */
  private takeBack(vote: Vote): void {
    this.atHand.seen = vote.seen;
    this.page.quiet();
    this.summary.replaceChildren();
    this.form.hidden = false;
    this.form.querySelector<HTMLElement>("button.cast")?.focus();
  }
}
