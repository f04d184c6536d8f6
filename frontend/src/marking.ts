// The stage on which a person marks the sheet and is asked once before it is cast. Holds the marks only in the page
// and, as a draft for a reload, in sessionStorage.
import type { Permit, Station, Vote } from "./casting";
import { type Page, button, element } from "./page";
import { Sheet, listed } from "./sheet";
import { readDraft, writeDraft } from "./store";
import { fill } from "./words";

/**
 * Whose sheet it is: the ballot's id, the checked codes if tokens are still to be drawn, the newest version known here,
 * and the lines it has if they are not all.
 */
export interface Standing {
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
   * `cast` is called with the marks as they were when the question was asked; again with the same vote for a second
   * try.
   */
  constructor(
    private readonly page: Page,
    private readonly station: Station,
    private readonly standing: Standing,
    private readonly cast: (vote: Vote) => void,
  ) {
    const { id, permit, lines } = standing;
    const { opened } = station;
    const own = opened.manifest.lines.filter((line) => !lines || lines.includes(line.id));
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
    const vote: Vote = { ...this.standing, marks: this.sheet.marks(), filled: false };
    const title = element("h3", { tabindex: "-1" }, words.confirm_heading);
    this.summary.replaceChildren(
      title,
      element("p", {}, this.blanks()),
      element("p", {}, fill(words.confirm_until, { closes: this.closing() })),
      button(words.cast_now, () => this.cast(vote), { class: "cast" }),
      button(words.back, () => this.takeBack(vote), { class: "secondary" }),
    );
    this.form.hidden = true;
    title.focus();
  }

  private blanks(): string {
    const { words } = this.page;
    const { blanks, criteria, blankUnits } = this.sheet.tally();
    const units = listed(blankUnits);
    return blanks ? fill(words.confirm_blank, { blank: blanks, total: criteria, units }) : words.confirm_all;
  }

  /** By the clock of the house, which the page's other times follow too. */
  private closing(): string {
    const timeZone = this.page.form.dataset.timeZone || undefined;
    const style: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short", timeZone };
    return new Date(this.station.closesAt).toLocaleString(document.documentElement.lang || undefined, style);
  }

  /** Back to the sheet. A cast that failed on its way may have stored a version, which the next one has to exceed. */
  private takeBack(vote: Vote): void {
    this.standing.seen = vote.seen;
    this.page.quiet();
    this.summary.replaceChildren();
    this.form.hidden = false;
    this.form.querySelector<HTMLElement>("button.cast")?.focus();
  }
}
