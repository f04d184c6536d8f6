// One element of the page: made with its attributes and children, or found by its selector. Text is always set as text,
// never as markup. Shared by the booth and the recount; the stages of a page are their own.

export type Child = Node | string;

/** An element with attributes and children; a false attribute is left out, a true one is empty. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes))
    if (value !== false) made.setAttribute(key, value === true ? "" : value);
  made.append(...children);
  return made;
}

/** The element that the server's page must have. Throws an Error that names the selector. */
export function find<Kind extends HTMLElement>(selector: string): Kind {
  const match = document.querySelector<Kind>(selector);
  if (!match) throw new Error(`the page has no ${selector}`);
  return match;
}
