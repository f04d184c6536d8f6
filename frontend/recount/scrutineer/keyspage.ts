// Before the opening: a scrutineer makes keys, saves their file, prints them and hands in the card; and shows that
// the keys open what is sealed to them.
import type { Bytes } from "../../shared/bytes";
import { element } from "../../shared/element";
import { Misfit } from "../../shared/fields";
import { fill } from "../../shared/wording";
import { keysOf, makeSeed, writeCard, writeKeyFile } from "./keys";
import { writePaper } from "./paper";
import { Section } from "./section";
import { answerTry } from "./signing";
import type { ScrutineerWords } from "./words";

const fileName = "scrutineer-keys.json";
const printing = "prints-keys";

/** A section with data-scrutineer="keys", data-poll, and a form with textarea[name=card]. */
export function startKeys(root: HTMLElement, words: ScrutineerWords): void {
  const section = new Section(root, words);
  const made = element("div");
  const given = root.querySelector<HTMLButtonElement>("[data-make-keys]");
  const make = given ?? element("button", { type: "button" }, words.make_keys);
  if (!given) section.add(make);
  section.addBelow(made);
  const take = async (seed: Bytes, sentence: string) => {
    // Another pair would make the file of this one worthless without a word.
    make.disabled = true;
    made.replaceChildren();
    section.fillIn("card", writeCard(await keysOf(seed)));
    section.say(sentence);
  };
  make.addEventListener("click", () => {
    const seed = makeSeed();
    saveFile(seed);
    void take(seed, words.keys_made).then(async () => showNew(made, await writePaper(seed), section, seed));
  });
  section.askForKeys((seed) => take(seed, words.keys_taken));
}

/** What can be printed of new keys, and the buttons to do it and to save their file once more. */
function showNew(made: HTMLElement, groups: string[], { words, root }: Section, seed: Bytes): void {
  const save = element("button", { type: "button", class: "secondary" }, words.save_again);
  save.addEventListener("click", () => saveFile(seed));
  const print = element("button", { type: "button", class: "secondary" }, words.print);
  print.addEventListener("click", printKeys);
  const printed = [
    element("h3", {}, words.print_heading),
    element("ol", {}, ...groups.map((group) => element("li", {}, element("code", {}, group)))),
    element("p", {}, fill(words.print_note, { poll: root.dataset.poll ?? "" })),
  ];
  const actions = element("div", { class: "actions" }, print, save);
  made.replaceChildren(element("div", { class: "printed-keys" }, ...printed), actions);
  print.focus();
}

function saveFile(seed: Bytes): void {
  const url = URL.createObjectURL(new Blob([writeKeyFile(seed)], { type: "application/json" }));
  element("a", { href: url, download: fileName }).click();
  setTimeout(() => URL.revokeObjectURL(url));
}

/** Prints the keys alone; scrutineer.css hides the rest of the page. */
function printKeys(): void {
  document.body.classList.add(printing);
  window.print();
  document.body.classList.remove(printing);
}

/** A section with data-scrutineer="try", script[data-challenge] and a form with textarea[name=answer]. */
export function startTry(root: HTMLElement, words: ScrutineerWords): void {
  const section = new Section(root, words);
  const challenge = root.querySelector("[data-challenge]")?.textContent ?? "";
  section.askForKeys(async (seed) => {
    try {
      const answer = await answerTry(challenge, root.dataset.poll, await keysOf(seed));
      section.fillIn("answer", answer ?? "");
      section.say(answer ? words.tried : words.try_other_keys, !answer);
    } catch (error) {
      if (!(error instanceof Misfit)) throw error;
      section.say(words.bad_challenge, true);
    }
  });
}
