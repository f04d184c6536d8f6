// The seed as it is printed and typed again: 56 letters of Crockford's base 32 in groups of four, with three bytes by
// which a slip of the pen is noticed.
import { type Bytes, equal, join, sha256, tag } from "../../shared/bytes";
import { seedSize } from "./keys";

const letters = "0123456789abcdefghjkmnpqrstvwxyz";
const checkSize = 3;
const [groupSize, bits] = [4, 5];
const length = ((seedSize + checkSize) * 8) / bits;

/** Why what was typed is no seed; `group` counts from 1. */
export class Mistyped extends Error {
  constructor(
    readonly fault: "length" | "letter" | "check",
    readonly group: number,
    readonly count: number,
  ) {
    super(fault);
  }
}

async function checkOf(seed: Bytes): Promise<Bytes> {
  return (await sha256(join(tag("blindballot-scrutineer-paper-1"), seed))).slice(0, checkSize);
}

/** Cuts numbers of `from` binary figures each, one after the other, into numbers of `to` figures. */
function regroup(numbers: Iterable<number>, from: number, to: number): number[] {
  const figures = Array.from(numbers, (number) => number.toString(2).padStart(from, "0")).join("");
  return Array.from({ length: figures.length / to }, (_, at) => parseInt(figures.slice(at * to, (at + 1) * to), 2));
}

/** The fourteen groups to be printed, in capitals. */
export async function writePaper(seed: Bytes): Promise<string[]> {
  const numbers = regroup(join(seed, await checkOf(seed)), 8, bits);
  const text = numbers.map((number) => letters.charAt(number)).join("");
  return text.toUpperCase().match(/.{4}/g) ?? [];
}

/** The letters that were meant: width and case do not matter, nor do spaces, dashes, and O, I, L for 0, 1, 1. */
function meant(typed: string): string {
  const plain = typed.normalize("NFKC").toLowerCase().replace(/[\s\u2010-\u2015\u2212-]/g, "");
  return plain.replace(/o/g, "0").replace(/[il]/g, "1");
}

/** The seed that was typed. Throws Mistyped. */
export async function readPaper(typed: string): Promise<Bytes> {
  const given = meant(typed);
  const strange = Array.from(given).findIndex((letter) => !letters.includes(letter));
  if (strange >= 0) throw new Mistyped("letter", Math.floor(strange / groupSize) + 1, given.length);
  if (given.length !== length) throw new Mistyped("length", 0, given.length);
  const bytes = Uint8Array.from(regroup(Array.from(given, (letter) => letters.indexOf(letter)), bits, 8));
  const seed = bytes.slice(0, seedSize);
  if (!equal(bytes.slice(seedSize), await checkOf(seed))) throw new Mistyped("check", 0, given.length);
  return seed;
}
