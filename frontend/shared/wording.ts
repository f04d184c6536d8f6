// Words that come with the page: fills the braces of a sentence, picks a name in the page's language. Shared by the
// booth and the recount, which list their own sentences. No program writes a sentence itself.

/** What something is called, by language: "zh-hans", "en". */
export type Names = Record<string, string>;

/**
 * The page's language as names are keyed by it. Every Chinese tag is "zh-hans": browsers that translate write others.
 */
export function pageLanguage(): string {
  const language = document.documentElement.lang.toLowerCase();
  return language.startsWith("zh") ? "zh-hans" : (language.split("-")[0] ?? "");
}

/** The name in the page's language, else in English, else in any. */
export function localName(names: Names): string {
  return names[pageLanguage()] ?? names["en"] ?? Object.values(names)[0] ?? "";
}

/** The sentence with its braces filled. */
export function fill(sentence: string, values: Record<string, string | number>): string {
  return sentence.replace(/\{(\w+)\}/g, (brace, name: string) => String(values[name] ?? brace));
}
