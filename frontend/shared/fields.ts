// Strict reading of the record's files: a document is its own canonical form, an object has exactly the named fields, a
// value is of its kind. What does not fit is a Misfit that names its place, such as pools[1].size. Shared by the booth
// and the recount; this file does not know what a document means.
import { type Bytes, type Json, canonical, unb64 } from "./bytes";

/** Something in a document that the format does not allow; `place` leads to it and is "" for the whole. */
export class Misfit extends Error {
  constructor(readonly place: string) {
    super(place);
  }
}

export type Fields = { [key: string]: Json };

const identifierForm = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
const fingerprintForm = /^[0-9a-f]{64}$/;
const instantForm = /^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/;
const mostCharacters = 500;
const lineFeed = 10;
const mostLine = 4096;
/** Controls, separators of lines and paragraphs, signs that turn the direction of writing, halves of a character. */
const forbidden = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u;

/** The text of UTF-8 bytes, a byte order mark included. Throws Misfit("") for other bytes. */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Misfit("");
  }
}

/** The lines of a file without their line feeds; a last line without one is given as null, being cut. */
export function splitLines(bytes: Bytes): (Bytes | null)[] {
  const lines: (Bytes | null)[] = [];
  for (let from = 0; from < bytes.length; ) {
    const end = bytes.indexOf(lineFeed, from);
    lines.push(end < 0 ? null : bytes.subarray(from, end));
    from = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

/** The text of a line, or a Misfit for one that was cut or has `most` bytes and more with its line feed. */
export function lineText(line: Bytes | null, most = mostLine): string {
  if (!line || line.length + 1 >= most) throw new Misfit("");
  return decode(line);
}

/** The value of a text that is its own canonical form. Throws Misfit(""). */
export function readJson(text: string): Json {
  let own: string;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
    own = canonical(value);
  } catch {
    throw new Misfit("");
  }
  if (own !== text) throw new Misfit("");
  return value;
}

/** The value of JSON in any layout, for what no hash or signature covers. Throws Misfit(""). */
export function readAnyJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Misfit("");
  }
}

/** An object with these fields and no others. */
export function asFields(value: Json | undefined, place: string, names: string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misfit(place);
  const given = Object.keys(value);
  const stray = given.find((name) => !names.includes(name));
  const missing = names.find((name) => !given.includes(name));
  const wrong = stray ?? missing;
  if (wrong !== undefined) throw new Misfit(inside(place, wrong));
  return value;
}

/** The place of a field in the object at `place`. */
export function inside(place: string, name: string): string {
  return place ? `${place}.${name}` : name;
}

/** A list of `least` to `most` items, each read by `read` with its own place. */
export function asList<T>(
  value: Json | undefined,
  place: string,
  [least, most]: [number, number],
  read: (item: Json, place: string, at: number) => T,
): T[] {
  if (!Array.isArray(value) || value.length < least || value.length > most) throw new Misfit(place);
  return value.map((item, at) => read(item, `${place}[${at}]`, at));
}

/** Text of 1 to 500 characters, which are code points, and none of which can change how other text is shown. */
export function asText(value: Json | undefined, place: string): string {
  if (typeof value !== "string" || !value || forbidden.test(value)) throw new Misfit(place);
  if (value.length > mostCharacters && Array.from(value).length > mostCharacters) throw new Misfit(place);
  return value;
}

export function asIdentifier(value: Json | undefined, place: string): string {
  return matching(value, place, identifierForm);
}

export function asFingerprint(value: Json | undefined, place: string): string {
  return matching(value, place, fingerprintForm);
}

function matching(value: Json | undefined, place: string, form: RegExp): string {
  const text = asText(value, place);
  if (!form.test(text)) throw new Misfit(place);
  return text;
}

/** A whole number from `least` to `most`. */
export function asWhole(value: Json | undefined, place: string, least: number, most = 2 ** 31 - 1): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most)
    throw new Misfit(place);
  return value;
}

export function asBytes(value: Json | undefined, place: string, size?: number): Bytes {
  if (typeof value !== "string") throw new Misfit(place);
  try {
    return unb64(value, size);
  } catch {
    throw new Misfit(place);
  }
}

/** An instant in UTC to the second, of the years 2000 to 2999, in milliseconds. */
export function asInstant(value: Json | undefined, place: string): number {
  const text = matching(value, place, instantForm);
  const instant = Date.parse(text);
  if (Number.isNaN(instant) || new Date(instant).toISOString().replace(".000Z", "Z") !== text) throw new Misfit(place);
  return instant;
}
