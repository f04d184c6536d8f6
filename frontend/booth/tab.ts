// What this tab remembers until it is closed: the codes that were typed and the step it is at, so that a reload and the
// other language lead back. Marks never lie here. A browser that blocks it is refused in words: Distrust("no_storage").
import type { Step } from "./steps";
import { Distrust } from "./words";

/**
 * The sheet that is open in this tab. `codes` are empty where a ballot is filled in again without its code; `secret`
 * then locks the draft, and goes with the tab.
 */
export interface Open {
  id: string;
  codes: string[];
  secret: string;
  step: Step;
}

/** "code" and "second" came with an invitation and were not used yet; "open" is the sheet. */
type Name = "code" | "second" | "open";

const keyOf = (name: Name) => `booth-${name} ${location.pathname}`;

function within<T>(act: (storage: Storage) => T): T {
  try {
    return act(sessionStorage);
  } catch {
    throw new Distrust("no_storage");
  }
}

export function recall(name: Name): string {
  return within((storage) => storage.getItem(keyOf(name)) ?? "");
}

/** Keeps a text, or forgets it if it is empty. */
export function remember(name: Name, text: string): void {
  within((storage) => (text ? storage.setItem(keyOf(name), text) : storage.removeItem(keyOf(name))));
}

export function readOpen(): Open | null {
  const text = recall("open");
  return text ? (JSON.parse(text) as Open) : null;
}

export function writeOpen(open: Open | null): void {
  remember("open", open ? JSON.stringify(open) : "");
}
