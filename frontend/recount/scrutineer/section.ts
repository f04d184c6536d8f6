// What the sections of a scrutineer's pages have in common: a line of status that is read out, and the field by which
// the person gives the own keys, as their file or typed from paper. The seed stays in the page's memory.
import type { Bytes } from "../../shared/bytes";
import { element } from "../../shared/element";
import { Misfit } from "../../shared/fields";
import { fill } from "../../shared/wording";
import { readKeyFile } from "./keys";
import { Mistyped, readPaper } from "./paper";
import type { ScrutineerWords } from "./words";

const largestKeyFile = 4096;

export class Section {
  private readonly statusLine = element("p", { role: "status" });
  /** Where the program's own elements stand: before the first form of the section. */
  private readonly tools = element("div");
  private taken = "";
  private keyFields: (HTMLInputElement | HTMLTextAreaElement)[] = [];

  constructor(
    readonly root: HTMLElement,
    readonly words: ScrutineerWords,
  ) {
    const form = root.querySelector("form");
    if (form) form.before(this.tools);
    else root.append(this.tools);
    this.tools.append(this.statusLine);
  }

  /** Puts elements before the line of status. */
  add(...nodes: HTMLElement[]): void {
    this.statusLine.before(...nodes);
  }

  /** Puts elements behind the line of status. */
  addBelow(...nodes: HTMLElement[]): void {
    this.tools.append(...nodes);
  }

  say(sentence: string, isWrong = false): void {
    this.statusLine.textContent = sentence;
    this.statusLine.classList.toggle("error", isWrong);
  }

  /** The text field of this name in the section's forms. */
  area(name: string): HTMLTextAreaElement | null {
    return this.root.querySelector<HTMLTextAreaElement>(`textarea[name="${name}"]`);
  }

  fillIn(name: string, value: string): void {
    const area = this.area(name);
    if (area) area.value = value;
  }

  /** Calls `take` with the seed whenever one is chosen or typed. Fields that the page does not have are made. */
  askForKeys(take: (seed: Bytes) => Promise<void>): void {
    const { root } = this;
    const file = root.querySelector<HTMLInputElement>("[data-key-file]") ?? this.makeFileField();
    const paper = root.querySelector<HTMLTextAreaElement>("[data-paper]") ?? this.makePaperField();
    // Whatever the page's forms are: a field without a name is not sent.
    this.keyFields = [file, paper];
    for (const field of this.keyFields) field.removeAttribute("name");
    file.addEventListener("change", () => void this.takeWith(take, () => readChosen(file)));
    paper.addEventListener("change", () => {
      if (paper.value.trim() && paper.value !== this.taken) void this.takeWith(take, () => readPaper(paper.value));
    });
    // As soon as all letters are there nobody has to leave the field.
    paper.addEventListener("input", () => void this.takeWhole(paper.value, take));
  }

  /** While one's keys are at work no others can be chosen. */
  holdKeys(isHeld: boolean): void {
    for (const field of this.keyFields) field.disabled = isHeld;
  }

  private async takeWhole(typed: string, take: (seed: Bytes) => Promise<void>): Promise<void> {
    const seed = await readPaper(typed).catch(() => null);
    if (!seed) return;
    this.taken = typed;
    await this.takeWith(take, async () => seed);
  }

  private makeFileField(): HTMLInputElement {
    const file = element("input", { type: "file", accept: ".json,application/json" });
    this.add(element("div", { class: "field" }, element("label", {}, this.words.key_file, file)));
    return file;
  }

  private makePaperField(): HTMLTextAreaElement {
    const quiet = { autocomplete: "off", autocapitalize: "none", spellcheck: "false" };
    const paper = element("textarea", { rows: "3", ...quiet });
    const field = element("div", { class: "field" }, element("label", {}, this.words.paper, paper));
    this.add(field);
    field.append(element("small", {}, this.words.paper_hint));
    return paper;
  }

  private async takeWith(take: (seed: Bytes) => Promise<void>, read: () => Promise<Bytes | null>): Promise<void> {
    try {
      const seed = await read();
      if (seed) await take(seed);
    } catch (error) {
      this.say(this.wordsFor(error), true);
    }
  }

  private wordsFor(error: unknown): string {
    const { words } = this;
    if (error instanceof Misfit) return words.bad_key_file;
    if (error instanceof Mistyped) {
      const sentences = { length: words.paper_length, letter: words.paper_letter, check: words.paper_check };
      return fill(sentences[error.fault], { count: error.count, group: error.group });
    }
    console.error(error);
    return words.unexpected;
  }
}

/** The seed of the chosen file, or null if none is chosen. Throws Misfit. */
async function readChosen(input: HTMLInputElement): Promise<Bytes | null> {
  const file = input.files?.[0];
  if (!file) return null;
  if (file.size > largestKeyFile) throw new Misfit("");
  return readKeyFile(await file.text());
}
