// On every page but the booth's: Escape closes an open menu and gives the focus back to what opened it; a tap beside a
// menu that lies over the page closes it; a button whose answer takes a while says so; a row of pages that a phone
// scrolls begins with the one that is shown and follows the focus; in WeChat, what leads to a file says how to get it.
// Without this script all of it works.
import { isWeChat } from "../shared/wechat";

/** The open menu that a node belongs to: its own, or the one whose list stands right behind it. */
function menuOf(node: Element): HTMLDetailsElement | null {
  const own = node.closest<HTMLDetailsElement>("details.menu[open]");
  if (own) return own;
  const list = node.closest("details.menu[open] + *");
  return list ? (list.previousElementSibling as HTMLDetailsElement) : null;
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const here = document.activeElement;
  const menu = (here && menuOf(here)) || document.querySelector<HTMLDetailsElement>("details.menu.over[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary")?.focus();
});

document.addEventListener("click", ({ target }) => {
  for (const menu of Array.from(document.querySelectorAll<HTMLDetailsElement>("details.menu.over[open]")))
    if (!menu.contains(target as Node)) menu.open = false;
});

const here = document.querySelector<HTMLElement>("nav.pages [aria-current]");
const row = here?.closest("ul");
if (here && row) {
  const beyond = here.getBoundingClientRect().right + 48 - row.getBoundingClientRect().right;
  row.scrollLeft += Math.max(0, beyond);
  row.addEventListener("focusin", ({ target }) => {
    (target as Element).scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

// A form that the house takes a second to answer (`data-busy`) says so on its button, and is sent once. Whoever comes
// back to the page by the browser's own button finds it as it was.
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  const words = form.dataset["busy"];
  const button = form.querySelector<HTMLButtonElement>("button");
  if (!words || !button || event.defaultPrevented) return;
  if (button.dataset["words"]) return event.preventDefault();
  button.dataset["words"] = button.textContent ?? "";
  button.textContent = words;
  button.setAttribute("aria-busy", "true");
});

addEventListener("pageshow", () => {
  for (const button of Array.from(document.querySelectorAll<HTMLButtonElement>("button[data-words]"))) {
    button.textContent = button.dataset["words"] ?? "";
    button.removeAttribute("aria-busy");
    delete button.dataset["words"];
  }
});

// WeChat's own browser may save no file and print nothing: the page's words on that stand before the first that needs
// it, and come to whichever is tapped. They are of the page, so that it is the same page for every browser.
const isFile = ({ pathname, search }: HTMLAnchorElement) =>
  /\.(csv|jsonl?|pdf|sig|txt|whl|xlsx|zip)$/.test(pathname) || /[?&]as=/.test(search);
const words = document.querySelector<HTMLTemplateElement>("#wechat-words")?.content.firstElementChild;
if (words && isWeChat) {
  const bring = (part: Element) => part.closest("table, ol, ul, dl, p, section, form, div")?.before(words);
  const links = Array.from(document.querySelectorAll<HTMLAnchorElement>("main a[href]")).filter(isFile);
  for (const link of links) {
    link.setAttribute("aria-describedby", words.id);
    link.addEventListener("click", () => bring(link));
  }
  const first = links[0] ?? document.querySelector("main [data-print=page]");
  if (first) bring(first);
}
