// The stage on which a person marks the sheet, and the one on which the answers are read once more before they are
// cast. Holds the marks in the page and, locked, as a draft (draft.ts). main.ts walks between the two.
import { element } from "../shared/element";
import { moment } from "../shared/moments";
import { fill } from "../shared/wording";
import type { Permit, Station, Vote } from "./casting";
import { checked } from "./checking";
import { warnings } from "./device";
import type { Draft, Drafted } from "./draft";
import { findPool, linesOf } from "./manifest";
import { type Page, button } from "./page";
import { Sheet } from "./sheet";
import type { Word } from "./words";

/**
 * The ballot that is being marked: its id, the checked codes if tokens are still to be drawn, the newest version that
 * this tab knows, and its lines if it does not have all. `before` is how much the newest cast sheet had marked.
 */
export interface BallotAtHand {
  id: string;
  permit: Permit | null;
  seen: number;
  lines?: string[];
  before?: number | undefined;
}

/** What a person can do from the two stages. `cast` gets the marks as they were when they were read once more. */
export interface Ways {
  check: () => void;
  back: () => void;
  clear: () => void;
  cast: (vote: Vote, marked: number) => void;
  /** Instead of casting: by who wants to see the seal code first. */
  doubt: (vote: Vote, marked: number) => void;
}

export class Marking {
  private readonly sheet: Sheet;
  private readonly form = element("div", { class: "sheet" });
  private readonly kept = element("span", {});
  private readonly count = element("p", { role: "status", class: "progress" });
  private readonly next: HTMLButtonElement;
  private vote: Vote | null = null;
  private scrolled = 0;
  private wanted: HTMLElement | null = null;

  constructor(
    private readonly page: Page,
    private readonly station: Station,
    readonly atHand: BallotAtHand,
    private readonly draft: Draft,
    private readonly ways: Ways,
  ) {
    const { permit, lines } = atHand;
    const { manifest } = station.opened;
    const marked = permit ? linesOf(manifest, findPool(manifest, permit.pool)) : manifest.lines;
    const own = marked.filter((line) => !lines || lines.includes(line.id));
    this.next = button(page.words.next_blank, () => this.goToBlank(), { class: "outline secondary" });
    this.sheet = new Sheet({ ...manifest, lines: own }, page.words, station.links, () => this.changed());
  }

  /** Builds the sheet with the marks of a draft. `note` stands above it; `keeping` says for how long marks are kept. */
  build(drafted: Drafted, note: string, keeping: Word): void {
    const { words } = this.page;
    this.sheet.restore(drafted);
    const clear = button(words.clear_all, this.ways.clear, { class: "plain" });
    this.kept.textContent = words[keeping];
    const notes = [note, this.before(words.replaces), ...warnings().map((word) => words[word])].filter(Boolean);
    const check = element("button", { type: "submit", class: "cast" }, words.check);
    this.form.append(
      ...notes.map((text) => element("p", { class: "note" }, text)),
      element("p", { class: "help" }, this.filled(this.sheet.asks ? "help_answers" : "help")),
      element("p", { class: "kept" }, this.kept, " ", clear),
      ...this.sheet.nodes,
      element("div", { class: "bar" }, this.count, element("div", {}, this.next, check)),
    );
    this.show();
  }

  /** The sheet as it stands. The focus goes to the unit that is to be changed, or to where it was left. */
  showSheet(): void {
    const { wanted } = this;
    // A cast that failed on its way may have stored a version, which the next one has to exceed.
    if (this.vote) this.atHand.seen = this.vote.seen;
    this.wanted = this.vote = null;
    this.page.show(this.page.words.sheet_heading, [this.form], this.ways.check);
    if (wanted) focusOn(wanted);
    else scrollTo(0, this.scrolled);
  }

  /** Everything that is marked, to be read once more. What is cast is exactly this. */
  showCheck(): void {
    const { words } = this.page;
    const { marked, total } = this.sheet.tally();
    if (this.form.isConnected) this.scrolled = scrollY;
    this.vote = { ...this.atHand, marks: this.sheet.marks(), filled: false };
    const vote = this.vote;
    const replaces = this.before(words.replaced, marked, total);
    const children = checked(this.sheet, words, (node) => {
      this.wanted = node;
      this.ways.back();
    });
    const bar = [
      button(words.back, this.ways.back, { class: "outline secondary" }),
      button(words.cast_now, () => this.ways.cast(vote, marked), { class: "cast" }),
    ];
    this.page.show(words.check_heading, [
      element(
        "section",
        { class: "confirm" },
        ...(replaces ? [element("p", { class: "note warning" }, replaces)] : []),
        ...children,
        element("p", {}, this.filled("confirm_until")),
        element("p", {}, button(words.doubt, () => this.ways.doubt(vote, marked), { class: "aside" })),
        element("div", { class: "bar" }, element("div", {}, ...bar)),
      ),
    ]);
  }

  /** The sentence on what a second sheet replaces; empty for a first one. */
  private before(sentence: string, marked = 0, total = this.sheet.tally().total): string {
    const { seen, before } = this.atHand;
    if (!seen) return "";
    const { all_of_it, so_many } = this.page.words;
    const old = before === undefined ? all_of_it : fill(so_many, { marked: before, total });
    return fill(sentence, { old, new: fill(so_many, { marked, total }) });
  }

  private changed(): void {
    this.show();
    this.save();
  }

  private show(): void {
    const { marked, total } = this.sheet.tally();
    const { progress, progress_answers } = this.page.words;
    this.count.textContent = fill(this.sheet.asks ? progress_answers : progress, { marked, total });
    this.next.hidden = marked === total;
  }

  private save(): void {
    const { form } = this;
    this.draft.write(this.sheet.draft()).then(
      () => (form.dataset.kept = String(this.sheet.tally().marked)),
      () => (this.kept.textContent = this.page.words.kept_not),
    );
  }

  private goToBlank(): void {
    const blank = this.sheet.nextBlank();
    if (blank) focusOn(blank);
  }

  /** A sentence with the closing time, by the site's time zone as all times on the page. */
  private filled(word: Word): string {
    const timeZone = this.page.form.dataset.timeZone || undefined;
    const closes = moment(this.station.closesAt, document.documentElement.lang, timeZone);
    return fill(this.page.words[word], { closes });
  }
}

/** Brings a part of the sheet into the middle of the screen, with the focus on its first mark. */
function focusOn(part: HTMLElement): void {
  part.querySelector<HTMLElement>("input, button.option")?.focus({ preventScroll: true });
  part.scrollIntoView({ block: part.offsetHeight > innerHeight / 2 ? "start" : "center" });
}
