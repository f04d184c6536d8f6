// Arithmetic on bytes, as docs/ballots.md writes them down: joining, lengths, base64url, order, SHA-256, canonical
// JSON. Shared by the booth, which writes, and the recount, which reads. Pure functions that know nothing of ballots.

export type Bytes = Uint8Array<ArrayBuffer>;
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const encoder = new TextEncoder();

export function utf8(text: string): Bytes {
  return encoder.encode(text) as Bytes;
}

export function join(...parts: Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * An unsigned big-endian integer of `width` bytes: u8, u16 and u32 of the format. Throws a RangeError if it does not
 * fit.
 */
export function unsigned(value: number, width: 1 | 2 | 4): Bytes {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * width))
    throw new RangeError(`${value} is no u${8 * width}`);
  const bytes = new Uint8Array(width);
  for (let place = width - 1, rest = value; place >= 0; place--, rest = Math.floor(rest / 256))
    bytes[place] = rest % 256;
  return bytes;
}

export function lp(bytes: Uint8Array): Bytes {
  return join(unsigned(bytes.length, 2), bytes);
}

export function tag(text: string): Bytes {
  return join(utf8(text), Uint8Array.of(0));
}

export function b64(bytes: Uint8Array): string {
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The bytes of base64url text. Throws if the text is not exactly what `b64` writes or has not `size` bytes. */
export function unb64(text: string, size?: number): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Error("not base64url");
  const letters = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  if (b64(bytes) !== text) throw new Error("base64url with stray bits");
  if (size !== undefined && bytes.length !== size) throw new Error(`${bytes.length} bytes instead of ${size}`);
  return bytes;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}

/** Orders byte strings as the record does: by their bytes, left to right. */
export function compare(a: Uint8Array, b: Uint8Array): number {
  for (let place = 0; place < Math.min(a.length, b.length); place++) {
    const difference = (a[place] as number) - (b[place] as number);
    if (difference) return difference;
  }
  return a.length - b.length;
}

export async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** Canonical JSON, RFC 8785: keys in the order of their UTF-16 units, numbers and strings as ECMAScript writes them. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`);
  return `{${pairs.join(",")}}`;
}
