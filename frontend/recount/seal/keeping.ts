// The codes that a second device keeps, in this browser alone, with the manifest they were shown under.
import { hex, unb64 } from "../../shared/bytes";
import { readCode, sealLetters } from "../../shared/sealcode";
import type { Code } from "./opened";

const key = "seal-codes";

/** `manifest` is a fingerprint, or "" if the code was typed where no poll was named. */
export interface Kept extends Code {
  manifest: string;
}

const isSame = (one: Kept, other: Kept) => one.letters === other.letters && one.manifest === other.manifest;

/** The newest first. What is no list of codes counts as none. */
export function keptCodes(): Kept[] {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "[]") as Kept[];
    return kept.filter(({ letters, manifest }) => typeof letters === "string" && typeof manifest === "string");
  } catch {
    return [];
  }
}

/** Keeps a code once; false if this browser keeps nothing. */
export function keepCode(code: Kept): boolean {
  return store([code, ...keptCodes().filter((each) => !isSame(each, code))]);
}

export function forgetCode(code: Kept): void {
  store(keptCodes().filter((each) => !isSame(each, code)));
}

function store(codes: Kept[]): boolean {
  try {
    if (codes.length) localStorage.setItem(key, JSON.stringify(codes));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** A code as it was typed, or null. */
export function typedCode(text: string, manifest: string): Kept | null {
  const letters = readCode(text);
  return letters === null ? null : { letters, digest: "", manifest };
}

/** What an address that was scanned carries behind its #: a code, and perhaps where its slips stand. */
export function scanned(fragment: string): { code: Kept; where: string } | null {
  const given = new URLSearchParams(fragment.replace(/^.*#/, ""));
  const [manifest, digest] = [given.get("m") ?? "", given.get("h") ?? ""];
  if (!/^[0-9a-f]{64}$/.test(manifest)) return null;
  try {
    const bytes = unb64(digest, 32);
    return { code: { letters: sealLetters(bytes), digest: hex(bytes), manifest }, where: given.get("w") ?? "" };
  } catch {
    return null;
  }
}
