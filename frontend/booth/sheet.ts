// The sheet on the page: one fieldset per unit, one radio group per criterion; one fieldset per question. Nothing is
// marked beforehand, and every mark can be taken back. Knows what is marked; casts nothing.
import { element } from "../shared/element";
import { fill, localName, pageLanguage } from "../shared/wording";
import type { Marks } from "./ballot";
import type { Line, Manifest } from "./manifest";
import { button } from "./page";
import { QuestionPart } from "./questions";
import type { Words } from "./words";

const dontKnow = 255;

/** Names one after the other, with the comma of the page's language. */
export function listed(names: string[]): string {
  return names.join(pageLanguage() === "zh-hans" ? "、" : ", ");
}

/**
 * How much of the sheet is marked; a question is a unit with one criterion. `blankUnits` are the names of units with a
 * criterion left blank.
 */
export interface Tally {
  units: number;
  markedUnits: number;
  criteria: number;
  blanks: number;
  blankUnits: string[];
}

export class Sheet {
  /** The fieldsets and the progress line, to be put on the page once. */
  readonly nodes: HTMLElement[];
  private readonly groups: { line: Line; unit: string; radios: HTMLInputElement[] }[] = [];
  private readonly questions: QuestionPart[] = [];
  private readonly progress = element("p", { role: "status", class: "progress" });

  /** `changed` is called after every mark, with the marks as a draft. */
  constructor(
    private readonly manifest: Manifest,
    private readonly words: Words,
    changed: (draft: Record<string, string>) => void,
  ) {
    const units = new Map<string, Line[]>();
    for (const line of manifest.lines) {
      if (line.question) this.questions.push(new QuestionPart(line, line.question, words));
      else units.set(line.unit, [...(units.get(line.unit) ?? []), line]);
    }
    const graded = Array.from(units.values(), (lines) => this.unit(lines));
    this.nodes = [...graded, ...this.questions.map(({ node }) => node), this.progress];
    for (const node of this.nodes) {
      node.addEventListener("change", () => {
        this.count();
        changed(this.draft());
      });
    }
    this.count();
  }

  private unit(lines: Line[]): HTMLElement {
    const name = localName((lines[0] as Line).name);
    const criteria = lines.flatMap((line) => (line.criteria ?? []).map((id) => this.criterion(line, name, id)));
    return element("fieldset", { class: "unit" }, element("legend", {}, name), ...criteria);
  }

  private criterion(line: Line, unit: string, id: string): HTMLElement {
    const criterion = localName(this.manifest.criteria.find((each) => each.id === id)?.name ?? { en: id });
    const choices = this.manifest.grades.map((grade, place) => [place + 1, localName(grade.name)] as const);
    const group = `${line.id}:${id}`;
    const labels = [...choices, [dontKnow, this.words.dont_know] as const].map(([value, text]) =>
      this.mark(group, value, text),
    );
    const radios = labels.map((label) => label.querySelector("input") as HTMLInputElement);
    this.groups.push({ line, unit, radios });
    return element(
      "fieldset",
      { class: "criterion" },
      element("legend", {}, criterion),
      element("div", { class: "marks" }, ...labels),
      this.clearing(radios, criterion, unit),
    );
  }

  private mark(group: string, value: number, text: string): HTMLLabelElement {
    const radio = element("input", { type: "radio", name: group, value: String(value), autocomplete: "off" });
    return element("label", { class: "mark" }, radio, element("span", {}, text));
  }

  private clearing(radios: HTMLInputElement[], criterion: string, unit: string): HTMLButtonElement {
    const first = radios[0] as HTMLInputElement;
    const label = fill(this.words.clear_label, { criterion, unit });
    const clear = button(
      this.words.clear,
      () => {
        for (const radio of radios) radio.checked = false;
        // The button hides itself, so the focus goes back to the marks it belongs to.
        first.focus();
        first.dispatchEvent(new Event("change", { bubbles: true }));
      },
      { class: "clear plain", "aria-label": label, hidden: true },
    );
    return clear;
  }

  /** Puts the progress line and the clear buttons in step with the marks. */
  private count(): void {
    for (const { radios } of this.groups) {
      const clear = radios[0]?.closest(".criterion")?.querySelector<HTMLButtonElement>(".clear");
      if (clear) clear.hidden = !radios.some((radio) => radio.checked);
    }
    const { markedUnits, units } = this.tally();
    const sentence = this.questions.length ? this.words.progress_answers : this.words.progress;
    this.progress.textContent = fill(sentence, { marked: markedUnits, total: units });
  }

  tally(): Tally {
    const blank = this.groups.filter(({ radios }) => !radios.some((radio) => radio.checked));
    const open = this.questions.filter((question) => question.isBlank);
    const units = new Set(this.groups.map(({ line }) => line.unit)).size + this.questions.length;
    const blankUnits = new Map(blank.map(({ line, unit }) => [line.unit, unit]));
    for (const { line, name } of open) blankUnits.set(line.unit, name);
    return {
      units,
      markedUnits: units - blankUnits.size,
      criteria: this.groups.length + this.questions.length,
      blanks: blank.length + open.length,
      blankUnits: Array.from(blankUnits.values()),
    };
  }

  /** The questions with what is answered, in words. */
  answers(): [string, string][] {
    return this.questions.map((question) => [question.name, question.said()]);
  }

  /** The marks of every line: in the order of its criteria, or those of its question. */
  marks(): Marks {
    const chosen = (radios: HTMLInputElement[]) => Number(radios.find((radio) => radio.checked)?.value ?? 0);
    const marks = this.manifest.lines.map((line) => {
      const question = this.questions.find((each) => each.line.id === line.id);
      if (question) return [line.id, question.marks()] as const;
      const groups = this.groups.filter((group) => group.line.id === line.id);
      return [line.id, Uint8Array.from(groups, ({ radios }) => chosen(radios))] as const;
    });
    return new Map(marks);
  }

  private draft(): Record<string, string> {
    const checked = this.groups.flatMap(({ radios }) => radios.filter((radio) => radio.checked));
    const answered = this.questions.map((question) => [question.line.id, question.draft()] as const);
    return Object.fromEntries([...checked.map((radio) => [radio.name, radio.value] as const), ...answered]);
  }

  /** Marks the sheet as a draft says; what no longer exists is left out. */
  restore(draft: Record<string, string>): void {
    for (const radio of this.groups.flatMap(({ radios }) => radios)) radio.checked = draft[radio.name] === radio.value;
    for (const question of this.questions) question.restore(draft[question.line.id] ?? "");
    this.count();
  }
}
