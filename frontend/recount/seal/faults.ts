// What is wrong with a field is said beside it, and the field gets the focus.
import { element, find } from "../../shared/element";
import type { SealWord } from "./words";

const fieldOf: Partial<Record<SealWord, string>> = {
  code_wrong: "#seal-code",
  camera: "#seal-code",
  opened_none: "#seal-opened",
  opened_unreadable: "#seal-opened",
  opened_other: "#seal-opened",
  opened_no_line: "#seal-opened",
  opened_twice: "#seal-opened",
  where_wrong: "#seal-where",
  choose_first: "#seal-zip",
  no_record: "#seal-zip",
  no_zip: "#seal-zip",
  zip_twice: "#seal-zip",
  too_large: "#seal-zip",
};

/** Says the sentence at the field that it is about; false if it is about none. */
export function sayAt(word: SealWord, sentence: string): boolean {
  const selector = fieldOf[word];
  if (!selector) return false;
  const field = find(selector);
  const id = `${field.id}-fault`;
  field.after(element("p", { class: "fault", id, role: "alert" }, sentence));
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [id, ...hintsOf(field)].join(" "));
  field.focus();
  return true;
}

function hintsOf(field: Element): string[] {
  return (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && !id.endsWith("-fault"));
}

/** Takes back what was said at the fields. */
export function clearFaults(form: HTMLElement): void {
  for (const fault of Array.from(form.querySelectorAll(".fault"))) fault.remove();
  for (const field of Array.from(form.querySelectorAll("[aria-invalid]"))) {
    field.removeAttribute("aria-invalid");
    const hints = hintsOf(field);
    field.toggleAttribute("aria-describedby", hints.length > 0);
    if (hints.length) field.setAttribute("aria-describedby", hints.join(" "));
  }
}
