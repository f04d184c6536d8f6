// The base sheet without what no page of the house has: every page and the booth carry it, so each kilobyte counts for all.
// What is left out stands here; tests/house/test_base_sheet.py holds that no template and no program uses it.

/** Selectors that need one of these can never match. A theme chosen by hand is none of ours: light and dark follow the device. */
export const unused = [
  "data-theme", "tooltip", "dropdown", "dialog", "modal", "role=switch", "type=range", "slider-", "range-", "type=color",
  "color-swatch", "type=week", "type=month", ".contrast", ".striped", ".overflow-auto", ".container-fluid", "breadcrumb", "dir=rtl",
  ":host",
];
/** The variables of what is left out. */
export const variables = /--pico-(?:dropdown|modal|range|switch|tooltip|scrollbar|icon-close)[\w-]*:(?:[^;{}"]|"[^"]*")*(?:;|(?=\}))/g;

/** Cut at a sign where it stands outside of quotes, round, square and curly brackets. The sign goes with the part before it if `kept`. */
function cut(text, sign, kept = false) {
  const parts = [];
  let depth = 0, quote = "", from = 0;
  for (let at = 0; at < text.length; at++) {
    const one = text[at];
    if (quote) {
      if (one === "\\") at++;
      else if (one === quote) quote = "";
    } else if (one === '"' || one === "'") quote = one;
    else {
      if ("([{".includes(one)) depth++;
      if (")]}".includes(one)) depth--;
      if (depth === 0 && one === sign) {
        parts.push(text.slice(from, at + (kept ? 1 : 0)));
        from = at + 1;
      }
    }
  }
  return from < text.length ? [...parts, text.slice(from)] : parts;
}

/** What a selector asks for, without what it must not be. */
const asked = (selector) => {
  let text = selector;
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(/:not\((?:[^()]|\([^()]*\))*\)/g, "");
  }
  return text.replaceAll('"', "");
};

const isUnused = (text) => unused.some((word) => text.includes(word));

function without(sheet) {
  return cut(sheet, "}", true).map((rule) => {
    const [head] = rule.split("{", 1), body = rule.slice(head.length + 1, -1);
    if (head.startsWith("@media") || head.startsWith("@supports")) {
      const inner = without(body);
      return inner && `${head}{${inner}}`;
    }
    if (head.startsWith("@")) return isUnused(head) ? "" : rule;
    const kept = cut(head, ",").filter((selector) => !isUnused(asked(selector)));
    return kept.length ? `${kept.join(",")}{${body}}` : "";
  }).join("");
}

/** The sheet with its licence, without what no page has. */
export function trimmed(sheet) {
  const [opening] = /^(?:@charset "[^"]*";)?(?:\/\*![^]*?\*\/)?/.exec(sheet);
  const rules = without(sheet.slice(opening.length));
  return opening + rules.replace(variables, "").replaceAll(";}", "}").replace(/(?<=^|[{}])[^{}@]+\{\}/g, "");
}
