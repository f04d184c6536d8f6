// The sheet on the page: one fieldset per unit, one radio group per criterion; one fieldset per question. Nothing is
// marked beforehand, and every mark can be taken back. Knows what is marked; casts nothing.
import { element } from "../shared/element";
import { fill, localName, pageLanguage } from "../shared/wording";
import type { Marks } from "./ballot";
import type { Line, Manifest } from "./manifest";
import { button } from "./page";
import { QuestionPart } from "./questions";
import { read } from "./reading";
import type { Words } from "./words";

const dontKnow = 255;

/** Names one after the other, with the comma of the page's language. */
export function listed(names: string[]): string {
  return names.join(pageLanguage() === "zh-hans" ? "、" : ", ");
}

/** One thing that can be marked: a criterion of a unit, or a question. */
interface Item {
  line: Line;
  /** The unit's name, or the question. */
  of: string;
  /** The criterion's name; empty for a question. */
  name: string;
  part: HTMLElement;
  isBlank: () => boolean;
  /** What is marked, in words; empty if it is blank. */
  said: () => string;
}

/** How much of the sheet is marked; `blankUnits` are the names of units and questions with something left blank. */
export interface Tally {
  total: number;
  marked: number;
  blankUnits: string[];
}

/** A unit or a question with what is marked there, to be read once more. */
export interface Said {
  name: string;
  node: HTMLElement;
  items: { name: string; said: string }[];
}

export class Sheet {
  /** The fieldsets, to be put on the page once. */
  readonly nodes: HTMLElement[];
  private readonly items: Item[] = [];
  private readonly radios = new Map<Item, HTMLInputElement[]>();
  private readonly questions: QuestionPart[] = [];
  /** Puts the button for a whole unit in step with its marks. */
  private readonly unknowns: (() => void)[] = [];
  private last: Node | null = null;

  /**
   * `links` are the addresses of the units' public pages, as far as they have one. `changed` is called after each mark.
   */
  constructor(
    private readonly manifest: Manifest,
    private readonly words: Words,
    private readonly links: Map<string, string>,
    changed: () => void,
  ) {
    const units = new Map<string, Line[]>();
    for (const line of manifest.lines)
      if (!line.question) units.set(line.unit, [...(units.get(line.unit) ?? []), line]);
    this.nodes = Array.from(units.values(), (lines) => this.unit(lines));
    for (const line of manifest.lines)
      if (line.question) this.nodes.push(this.question(new QuestionPart(line, line.question, words)));
    for (const node of this.nodes) {
      node.addEventListener("focusin", ({ target }) => (this.last = target as Node));
      node.addEventListener("change", () => {
        this.show();
        changed();
      });
    }
    this.show();
  }

  /** Whether the sheet is answered rather than marked. */
  get asks(): boolean {
    return this.questions.length > 0;
  }

  private question(part: QuestionPart): HTMLElement {
    this.questions.push(part);
    const said = () => (part.isBlank ? "" : part.said());
    this.items.push({ line: part.line, of: part.name, name: "", part: part.node, isBlank: () => part.isBlank, said });
    return part.node;
  }

  private unit(lines: Line[]): HTMLElement {
    const [first] = lines as [Line];
    const name = localName(first.name);
    const criteria = lines.flatMap((line) => (line.criteria ?? []).map((id) => this.criterion(line, name, id)));
    const legend = element("legend", {}, ...read(name));
    const ways = element("p", { class: "promises" }, ...this.promises(first.unit, name), this.unknown(lines, name));
    return element("fieldset", { class: "unit" }, legend, ways, ...criteria);
  }

  /** One tap for "don't know" in every item of a unit; there while all of them are blank, and then to take it back. */
  private unknown(lines: Line[], name: string): HTMLElement {
    const own = () => Array.from(this.radios).filter(([{ line }]) => lines.includes(line));
    const last = (radios: HTMLInputElement[]) => radios[radios.length - 1] as HTMLInputElement;
    const all = element("button", { type: "button", class: "plain" });
    all.addEventListener("click", () => {
      const isBlank = own().every(([item]) => item.isBlank());
      for (const [, radios] of own()) last(radios).checked = isBlank;
      all.dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.unknowns.push(() => {
      const isBlank = own().every(([item]) => item.isBlank());
      all.hidden = own().length < 2 || !(isBlank || own().every(([, radios]) => last(radios).checked));
      all.textContent = isBlank ? this.words.unit_unknown : this.words.unit_known;
      all.setAttribute("aria-label", `${all.textContent}: ${name}`);
    });
    return all;
  }

  /** A way to the unit's public page, which is told no address that it comes from. */
  private promises(unit: string, name: string): HTMLElement[] {
    const href = this.links.get(unit);
    if (!href) return [];
    const label = fill(this.words.promises_label, { unit: name });
    const away = { target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer", "aria-label": label };
    return [element("a", { href, ...away }, this.words.promises)];
  }

  private criterion(line: Line, of: string, id: string): HTMLElement {
    const name = localName(this.manifest.criteria.find((each) => each.id === id)?.name ?? { en: id });
    const choices = this.manifest.grades.map((grade, place) => [place + 1, localName(grade.name)] as const);
    const group = `${line.id}:${id}`;
    const labels = [...choices, [dontKnow, this.words.dont_know] as const].map(([value, text]) =>
      this.mark(group, value, text),
    );
    const radios = labels.map((label) => label.querySelector("input") as HTMLInputElement);
    const part = element(
      "fieldset",
      { class: "criterion" },
      element("legend", {}, name),
      element("div", { class: "marks" }, ...labels),
      this.clearing(radios, name, of),
    );
    const said = () => labels[radios.findIndex((radio) => radio.checked)]?.textContent ?? "";
    const item = { line, of, name, part, isBlank: () => !said(), said };
    this.items.push(item);
    this.radios.set(item, radios);
    return part;
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

  /** Puts the buttons in step with the marks. */
  private show(): void {
    for (const each of this.unknowns) each();
    for (const [{ part, isBlank }] of this.radios) (part.lastElementChild as HTMLElement).hidden = isBlank();
  }

  tally(): Tally {
    const blank = this.items.filter((item) => item.isBlank());
    const units = new Map(blank.map(({ line, of }) => [line.unit, of]));
    const total = this.items.length;
    return { total, marked: total - blank.length, blankUnits: Array.from(units.values()) };
  }

  /** The first blank item after the one that had the focus last, or the first of all; null if nothing is blank. */
  nextBlank(): HTMLElement | null {
    const here = this.items.findIndex(({ part }) => part.contains(this.last));
    const round = [...this.items.slice(here + 1), ...this.items.slice(0, here + 1)];
    return round.find((item) => item.isBlank())?.part ?? null;
  }

  /** What is marked, unit by unit and question by question. */
  said(): Said[] {
    return this.nodes.map((node) => {
      const own = this.items.filter(({ part }) => node.contains(part));
      return { name: own[0]?.of ?? "", node, items: own.map(({ name, said }) => ({ name, said: said() })) };
    });
  }

  /** The marks of every line: in the order of its criteria, or those of its question. */
  marks(): Marks {
    const chosen = (radios: HTMLInputElement[]) => Number(radios.find((radio) => radio.checked)?.value ?? 0);
    const marks = this.manifest.lines.map((line) => {
      const question = this.questions.find((each) => each.line.id === line.id);
      if (question) return [line.id, question.marks()] as const;
      const groups = Array.from(this.radios).filter(([item]) => item.line.id === line.id);
      return [line.id, Uint8Array.from(groups, ([, radios]) => chosen(radios))] as const;
    });
    return new Map(marks);
  }

  /** The marks as text, to be put back by `restore`. */
  draft(): Record<string, string> {
    const all = Array.from(this.radios.values()).flat();
    const checked = all.filter((radio) => radio.checked).map((radio) => [radio.name, radio.value] as const);
    const answered = this.questions.map((question) => [question.line.id, question.draft()] as const);
    return Object.fromEntries([...checked, ...answered]);
  }

  /** Marks the sheet as a draft says; what no longer exists is left out. */
  restore(draft: Record<string, string>): void {
    for (const radio of Array.from(this.radios.values()).flat()) radio.checked = draft[radio.name] === radio.value;
    for (const question of this.questions) question.restore(draft[question.line.id] ?? "");
    this.show();
  }
}
