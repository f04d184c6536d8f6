// Keying one paper form by keyboard: a figure goes on to the next item, Backspace in an empty field goes back, X says that
// the form cannot be counted. Without this script the same fields work with Tab.
const form = document.querySelector<HTMLFormElement>("#keying");
const fields = Array.from(form?.querySelectorAll<HTMLInputElement>('input[name="entry"]') ?? []);
const save = form?.querySelector<HTMLButtonElement>("button:not([name])");
const spoilt = form?.querySelector<HTMLButtonElement>('button[name="spoilt"]');
const most = Number(form?.dataset.most ?? 0);

/** Whether no longer figure can follow: with up to nine figures each is one key. */
function isWhole(text: string): boolean {
  return most < 10 ? text.length > 0 : text.length > 1 || Number(text) * 10 > most;
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
    // A wide figure from an input method is the same figure.
    field.value = field.value.normalize("NFKC").replace(/\D/g, "");
    const known = field.value !== "" && Number(field.value) <= most;
    field.setCustomValidity(known || field.value === "" ? "" : `0–${most}`);
    if (known && isWhole(field.value)) (fields[place + 1] ?? save)?.focus();
  });
});
fields[0]?.focus();
