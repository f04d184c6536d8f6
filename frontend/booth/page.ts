// The booth's part of the page: one stage at a time in #sheet, a status line that is read out, an alert with a second
// try.
import { type Child, element } from "../shared/element";
import type { Word, Words } from "./words";

export function button(
  text: string,
  act: () => void,
  attributes: Record<string, string | boolean> = {},
): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

export class Page {
  private readonly alertBox = element("div", { role: "alert", class: "booth-alert", id: "booth-alert" });
  private readonly statusLine = element("p", { role: "status", class: "booth-status" });
  private submit: () => void = () => undefined;

  /** `root` is the empty #sheet inside `form`. */
  constructor(
    readonly form: HTMLFormElement,
    private readonly root: HTMLElement,
    readonly words: Words,
  ) {
    root.before(this.alertBox, this.statusLine);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    form.noValidate = true;
    form.hidden = false;
  }

  /** Replaces the stage and moves the focus to its heading. `submit` is what the Enter key does. */
  show(heading: string, children: Child[], submit: () => void = () => undefined): void {
    const title = element("h2", { tabindex: "-1" }, heading);
    this.quiet();
    this.submit = submit;
    this.root.replaceChildren(title, ...children);
    title.focus();
  }

  /** Says what is going on; "" when nothing is. */
  status(text: string): void {
    this.statusLine.textContent = text;
  }

  quiet(): void {
    this.alertBox.replaceChildren();
    this.status("");
    this.code()?.removeAttribute("aria-invalid");
  }

  /** The field for a code, where the stage asks for one. */
  private code(): HTMLInputElement | null {
    return this.root.querySelector("#booth-code");
  }

  /**
   * Shows a refusal above the stage, which stays as it is; a line of `sentence` is a paragraph. What cannot be tried
   * again as it was is wrong with the code, which takes the focus and says so.
   */
  alert(sentence: string, retry?: () => void): void {
    this.status("");
    const again = retry ? [button(this.words.retry, retry)] : [];
    this.alertBox.replaceChildren(...sentence.split("\n").map((text) => element("p", {}, text)), ...again);
    const code = retry ? null : this.code();
    code?.setAttribute("aria-invalid", "true");
    code?.focus();
    this.alertBox.scrollIntoView({ block: "nearest" });
  }

  /** Nothing on the stage can be pressed while `work` runs, so that one tap is one deed. */
  async busy<T>(word: Word, work: () => Promise<T>): Promise<T> {
    const focused = document.activeElement;
    this.quiet();
    this.status(this.words[word]);
    this.root.toggleAttribute("inert", true);
    this.form.setAttribute("aria-busy", "true");
    try {
      return await work();
    } finally {
      this.root.toggleAttribute("inert", false);
      this.form.removeAttribute("aria-busy");
      this.status("");
      // A stage that stays gets its focus back; a new one has moved it already.
      if (focused instanceof HTMLElement && document.activeElement === document.body) focused.focus();
    }
  }
}
