// "Check your answers": every unit with what is marked there, and the blanks named. A table that is read on a phone:
// a unit is a group of rows, an item and its mark are one row. Casts nothing.
import { element } from "../shared/element";
import { fill } from "../shared/wording";
import { button } from "./page";
import { read } from "./reading";
import { type Said, type Sheet, listed } from "./sheet";
import type { Words } from "./words";

/** So many units with blanks are named in the sentence; where there are more, the table names them. */
const mostNamed = 6;

/** The sentence on the blanks and the table. `change` is called with the part of the sheet to go back to. */
export function checked(sheet: Sheet, words: Words, change: (node: HTMLElement) => void): HTMLElement[] {
  const { marked, total, blankUnits } = sheet.tally();
  const blank = total - marked;
  const units =
    blankUnits.length <= mostNamed ? listed(blankUnits) : fill(words.blank_many, { count: blankUnits.length });
  const sentence = blank ? fill(words.confirm_blank, { blank, total, units }) : words.confirm_all;
  const groups = sheet.said().map((said) => group(said, words, change));
  return [
    element("p", blank ? { class: "note" } : {}, sentence),
    element("table", { class: "answers" }, element("caption", { class: "unseen" }, words.check_heading), ...groups),
  ];
}

function group({ name, node, items }: Said, words: Words, change: (node: HTMLElement) => void): HTMLElement {
  const label = fill(words.change_label, { unit: name });
  const back = button(words.change_one, () => change(node), { class: "plain", "aria-label": label });
  const named = element("div", {}, element("span", {}, ...read(name)), back);
  const head = element("th", { scope: "rowgroup", colspan: "2" }, named);
  const rows = folded(items, words).map((item) => {
    const mark = element("td", item.said ? {} : { class: "blank" }, item.said || words.left_blank);
    if (item.name) return element("tr", {}, element("th", { scope: "row" }, item.name), mark);
    mark.colSpan = 2;
    return element("tr", {}, mark);
  });
  return element("tbody", {}, element("tr", {}, head), ...rows);
}

/** The items of a unit, those left blank gathered into one line at the end, and all alike ("don't know") into one. */
function folded(items: Said["items"], words: Words): Said["items"] {
  const blank = items.filter(({ said }) => !said);
  const marked = items.filter(({ said }) => said);
  const every = fill(words.all_items, { count: items.length });
  const first = items[0]?.said ?? "";
  if (items.length > 2 && items.every(({ said }) => said === first)) return [{ name: every, said: first }];
  if (blank.length < 2) return items;
  return [...marked, { name: listed(blank.map(({ name }) => name)), said: "" }];
}
