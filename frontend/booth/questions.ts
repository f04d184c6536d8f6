// A question on the page: options are put in order by tapping them one after the other, or ticked. Nothing is dragged,
// every step can be taken back. answers.ts has what is chosen; sheet.ts puts questions beside the units.
import { element } from "../shared/element";
import { fill, localName } from "../shared/wording";
import {
  type Answer,
  draftOf,
  fromDraft,
  hintOf,
  inWords,
  isBlank,
  isFull,
  marksOf,
  noAnswer,
  ordinal,
  takenBack,
  tapped,
} from "./answers";
import type { Line, Question } from "./manifest";
import { button } from "./page";
import { read } from "./reading";
import type { Words } from "./words";

export class QuestionPart {
  /** The fieldset, to be put on the page once. It says "change" after every step. */
  readonly node: HTMLElement;
  readonly name: string;
  private readonly names: string[];
  private answer = noAnswer;
  private readonly isRanking: boolean;
  private readonly options: HTMLElement[];
  private readonly unsure = element("input", { type: "checkbox", autocomplete: "off" });
  private readonly status = element("p", { role: "status", class: "order" });
  private readonly undo: HTMLButtonElement;

  constructor(
    readonly line: Line,
    private readonly question: Question,
    private readonly words: Words,
  ) {
    this.name = localName(line.name);
    this.isRanking = question.kind === "ranking";
    this.names = question.options.map((option) => localName(option.name));
    this.options = this.names.map((name, place) => this.option(name, place + 1));
    this.undo = button(words.undo, () => this.takeBack(), { class: "plain undo", hidden: true });
    this.unsure.addEventListener("change", () => {
      this.answer = { chosen: [], unsure: this.unsure.checked };
      this.show();
    });
    const hint = element("p", { class: "hint", id: `hint-${line.id}` }, hintOf(question, words));
    const label = element("label", { class: "mark unsure" }, this.unsure, element("span", {}, words.dont_know));
    this.node = element(
      "fieldset",
      { class: `unit question ${question.kind}`, "aria-describedby": hint.id },
      element("legend", {}, this.name),
      hint,
      element("div", { class: "options" }, ...this.options),
      ...(this.isRanking ? [this.status, this.undo] : []),
      element("div", { class: "marks" }, label),
    );
  }

  private option(name: string, number: number): HTMLElement {
    if (this.isRanking) {
      const made = button("", () => this.tap(number), { class: "option", "aria-pressed": "false" });
      made.append(element("span", { class: "place" }), element("span", {}, ...read(name)));
      return made;
    }
    const box = element("input", { type: "checkbox", autocomplete: "off" });
    box.addEventListener("change", () => {
      this.answer = tapped(this.question, this.answer, number);
      this.show();
    });
    return element("label", { class: "option" }, box, element("span", {}, ...read(name)));
  }

  private tap(number: number): void {
    const next = tapped(this.question, this.answer, number);
    if (next !== this.answer) return this.change(next);
    this.show();
    this.status.append(" ", fill(this.words.places_full, { most: this.question.most }));
  }

  private takeBack(): void {
    const [first] = this.answer.chosen;
    this.change(takenBack(this.answer));
    // The button hides itself with the last option, so the focus goes to the option that left.
    if (isBlank(this.answer) && first) this.options[first - 1]?.focus();
  }

  private change(answer: Answer): void {
    this.answer = answer;
    this.show();
    this.node.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** Puts the page in step with the answer. */
  private show(): void {
    const { chosen, unsure } = this.answer;
    this.unsure.checked = unsure;
    for (const [place, option] of this.options.entries()) {
      const at = chosen.indexOf(place + 1);
      const box = option.querySelector("input");
      if (box) box.checked = at >= 0;
      else this.mark(option, at);
    }
    this.undo.hidden = !chosen.length;
    this.status.textContent = chosen.length ? fill(this.words.your_order, { order: this.said() }) : "";
  }

  private mark(option: HTMLElement, at: number): void {
    const isFree = at < 0 && !isFull(this.question, this.answer);
    option.setAttribute("aria-pressed", String(at >= 0));
    option.classList.toggle("full", at < 0 && !isFree);
    (option.firstElementChild as HTMLElement).textContent = at < 0 ? "" : ordinal(this.words, at);
  }

  get isBlank(): boolean {
    return isBlank(this.answer);
  }

  marks(): Uint8Array<ArrayBuffer> {
    return marksOf(this.question, this.answer);
  }

  draft(): string {
    return draftOf(this.answer);
  }

  restore(draft: string): void {
    this.answer = fromDraft(this.question, draft);
    this.show();
  }

  /** The answer in words, as it is asked for once more before it is cast. */
  said(): string {
    return inWords(this.question, this.answer, this.names, this.words);
  }
}
