// What somebody wrote and has not sent, kept on their own device until the server has answered: the words only, never a
// name or a way to reach somebody, and for a day at most. Where the browser keeps nothing, nothing is kept.

const dayMs = 24 * 60 * 60 * 1000;
const prefix = "zhengyou-draft:";

function quietly<Value>(deed: () => Value): Value | null {
  try {
    return deed();
  } catch {
    return null;
  }
}

/** The draft about this subject, or nothing. */
export function kept(about: string, now = Date.now()): string {
  const text = quietly(() => localStorage.getItem(prefix + about)) || "";
  const [, since, words] = /^(\d+):([\s\S]*)$/.exec(text) || [];
  if (since === undefined || words === undefined) return "";
  if (now - Number(since) < dayMs) return words;
  forget(about);
  return "";
}

/** Keeps the draft; blank words are none. */
export function keep(about: string, words: string, now = Date.now()): void {
  if (words.trim()) quietly(() => localStorage.setItem(prefix + about, `${now}:${words}`));
  else forget(about);
}

export function forget(about: string): void {
  quietly(() => localStorage.removeItem(prefix + about));
}
