// The page on which an officer keys one paper form. A figure moves on to the next item, Backspace in an empty field
// moves back, X goes to the button for a form that cannot be counted. Without this script the same fields work with
// Tab.
const form = document.querySelector<HTMLFormElement>("#keying");
const fields = Array.from(form?.querySelectorAll<HTMLInputElement>('input[name="entry"]') ?? []);
const save = form?.querySelector<HTMLButtonElement>("button:not([name])");
const spoilt = form?.querySelector<HTMLButtonElement>('button[name="spoilt"]');
const most = Number(form?.dataset.most ?? 0);

/** Whether the figure is complete, because no allowed figure is longer. Up to nine, every figure is one key. */
function isWhole(text: string): boolean {
  return most < 10 ? text.length > 0 : text.length > 1 || Number(text) * 10 > most;
}

/** Checks a field and moves on. Figures that were typed before this script was loaded go to the items after it. */
function take(place: number): void {
  const field = fields[place];
  if (!field) return;
  // An input method may write wide figures, which mean the same.
  const figures = field.value.normalize("NFKC").replace(/\D/g, "");
  const next = fields[place + 1];
  field.value = most < 10 && next ? figures.slice(0, 1) : figures;
  const known = field.value !== "" && Number(field.value) <= most;
  field.setCustomValidity(known || field.value === "" ? "" : `0–${most}`);
  if (known && isWhole(field.value)) (next ?? save)?.focus();
  if (next && figures.length > field.value.length) {
    next.value = figures.slice(field.value.length);
    take(place + 1);
  }
}

fields.forEach((field, place) => {
  field.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "x") {
      event.preventDefault();
      spoilt?.focus();
    } else if (event.key === "Backspace" && field.value === "") {
      event.preventDefault();
      fields[place - 1]?.select();
    }
  });
  field.addEventListener("input", () => {
    take(place);
  });
});
fields[0]?.focus();
if (fields[0]?.value) take(0);
form?.setAttribute("data-ready", "");
