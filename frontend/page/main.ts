// On every page but the booth's: Escape closes an open menu and gives the focus back to what opened it; a tap beside a
// menu that lies over the page closes it. Without this script menus open and close by themselves.

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
