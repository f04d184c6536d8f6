// The choice of what a scrutineer signs about the record, in the form that sends it: checked where all was recounted,
// seen, or that it does not fit and why. The signed line is written anew at every change.
import { element } from "../../shared/element";
import { Misfit, asText } from "../../shared/fields";
import { fill } from "../../shared/wording";
import type { Kind } from "../cosignatures";
import type { OwnKeys } from "./keys";
import type { Scrutiny } from "./scrutiny";
import type { Section } from "./section";
import { type Word, cosign } from "./signing";

const name = "scrutineer-word";

export class Statement {
  private readonly field: HTMLElement;
  private readonly remark: HTMLTextAreaElement;
  private readonly remarkField: HTMLElement;
  private readonly hint = element("p", { role: "status" });
  private kind: Kind | null = null;
  private newest = 0;

  constructor(
    private readonly section: Section,
    private readonly scrutiny: Scrutiny,
    private readonly scrutineer: string,
    private readonly keys: OwnKeys,
  ) {
    const { words } = section;
    // The page may have a field for it. It is not sent by itself: the signed line has it.
    const given = section.area("remark");
    this.remark = given ?? element("textarea", { rows: "3", maxlength: "500" });
    this.remarkField = given?.closest<HTMLElement>(".field") ?? element("label", {}, words.remark, this.remark);
    this.remark.addEventListener("input", this.signAnew);
    const options = this.kinds().map((kind) => this.option(kind));
    const choice = element("fieldset", {}, element("legend", {}, words.sign_legend), ...options);
    this.field = element("div", { class: "field" }, choice, this.hint);
    this.remarkField.hidden = true;
    const area = section.area("cosignature");
    (area?.closest(".field") ?? area)?.before(this.field, this.remarkField);
    if (scrutiny.checked) this.choose("checked");
  }

  /** Takes the choice off the page, and what was signed with it. */
  remove(): void {
    this.newest += 1;
    this.section.fillIn("cosignature", "");
    this.remark.removeEventListener("input", this.signAnew);
    this.remarkField.hidden = true;
    this.field.remove();
  }

  private readonly signAnew = () => void this.sign();

  private kinds(): Kind[] {
    return this.scrutiny.checked ? ["checked", "disagrees"] : ["seen", "disagrees"];
  }

  private option(kind: Kind): HTMLElement {
    const { words } = this.section;
    const lines = this.scrutiny.checked?.lines.length ?? 0;
    const sentences = { checked: words.sign_checked, seen: words.sign_seen, disagrees: words.sign_disagrees };
    // The choice itself is not sent: the signed line says it.
    const input = element("input", { type: "radio", name, form: "", checked: kind === "checked" });
    input.addEventListener("change", () => this.choose(kind));
    return element("label", {}, input, ` ${fill(sentences[kind], { lines })}`);
  }

  private choose(kind: Kind): void {
    this.kind = kind;
    this.remarkField.hidden = kind !== "disagrees";
    void this.sign();
  }

  /** Signs what is chosen now. What was signed before is gone at once, so that it cannot be sent by mistake. */
  private async sign(): Promise<void> {
    const turn = ++this.newest;
    const { section, kind } = this;
    section.fillIn("cosignature", "");
    const word = kind && this.wordOf(kind);
    this.hint.textContent = word || !kind ? "" : section.words.remark_needed;
    if (!word) return;
    const line = await cosign(word, this.keys);
    if (turn !== this.newest) return;
    section.fillIn("cosignature", line);
    this.hint.textContent = section.words.sign_ready;
  }

  /** What is to be signed, or null while its remark is missing. */
  private wordOf(kind: Kind): Word | null {
    const { checked, record } = this.scrutiny;
    const none = { lines: [], invalid: [] };
    const said = { record: record.head, scrutineer: this.scrutineer, kind, remark: "" };
    if (kind !== "disagrees") return { ...said, ...(kind === "checked" && checked ? checked : none) };
    const remark = readRemark(this.remark.value);
    return remark ? { ...said, ...none, remark } : null;
  }
}

/** The remark in one line, as the form of the record has it; "" if it is none. */
export function readRemark(typed: string): string {
  try {
    return asText(typed.replace(/\s+/g, " ").trim(), "remark");
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return "";
  }
}
