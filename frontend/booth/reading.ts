// Names as readers of English see them: the Chinese says that it is Chinese and has its pinyin beside it. The readings
// come with the page, in #booth-readings, by the names of the manifest; a page in Chinese has none.
import { type Child, element } from "../shared/element";

let known: Record<string, string> | null = null;

/** The name, and how it is read where the page says so. */
export function read(name: string): Child[] {
  known ??= JSON.parse(document.querySelector("#booth-readings")?.textContent ?? "{}") as Record<string, string>;
  const reading = known[name];
  if (!reading) return [name];
  return [
    element("span", { lang: "zh-Hans" }, name),
    element("small", { class: "pinyin", lang: "zh-Latn" }, ` ${reading}`),
  ];
}
