// Codes that people type: Crockford's 32 letters in groups of four, with two check letters that find every single wrong
// letter and every swapped pair. What a code means is not known here.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** The first bits of the bytes as that many letters, five bits each. */
export function firstLetters(bytes: Uint8Array, count: number): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return Array.from({ length: count }, (_, at) => alphabet[parseInt(bits.slice(5 * at, 5 * at + 5), 2)]).join("");
}

/** One check letter: the sum over GF(32), reduced by x^5 + x^2 + 1, after `power` doublings a letter. */
function checkLetter(letters: string, power: number): string {
  let total = 0;
  for (const letter of letters) {
    total ^= alphabet.indexOf(letter);
    for (let step = 0; step < power; step++) total = (total << 1) ^ (total & 16 ? 0b100101 : 0);
  }
  return alphabet[total] as string;
}

export function withChecks(letters: string): string {
  return letters + checkLetter(letters, 1) + checkLetter(letters, 2);
}

export function inGroups(letters: string): string {
  return (letters.match(/.{1,4}/g) ?? []).join("-");
}

/** The code as it was meant, however it was typed: full width, spaces, dashes and case do not matter. */
export function normalCode(typed: string): string {
  return typed
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, "");
}

/** The `count` letters of a normalised code with two check letters, or null if it is none. O I L stand for 0 1 1. */
export function readLetters(code: string, count: number): string | null {
  const letters = code.replace(/O/g, "0").replace(/[IL]/g, "1");
  if (letters.length !== count + 2 || [...letters].some((letter) => !alphabet.includes(letter))) return null;
  const own = letters.slice(0, count);
  return withChecks(own) === letters ? own : null;
}
