// The byte format of docs/ballots.md: conventions, commitment, slip body, leaf, name, board line. Pure functions; the
// only thing used from outside is WebCrypto's SHA-256. No keys, no network, no page.

export type Bytes = Uint8Array<ArrayBuffer>;
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * One voter's marks for one line, as cast. `sealed` is dropped once the box has acknowledged the slip; its hash stays.
 */
export interface Slip {
  pool: string;
  line: string;
  serial: Bytes;
  tokens: Bytes[];
  version: number;
  commitment: Bytes;
  sealed: Bytes | null;
  sealedHash: Bytes;
  signature: Bytes;
}

export type UnsignedSlip = Omit<Slip, "signature">;

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

export function commitment(manifest: Bytes, serial: Bytes, marks: Bytes, salt: Bytes): Promise<Bytes> {
  return sha256(join(tag("zhengyou-commitment-1"), manifest, serial, lp(marks), salt));
}

/** What the seal binds: the HPKE `info` of a slip. */
export function sealInfo(manifest: Bytes, pool: string, line: string, serial: Bytes, version: number): Bytes {
  return join(tag("zhengyou-sealed-1"), manifest, lp(utf8(pool)), lp(utf8(line)), serial, unsigned(version, 4));
}

/** The bytes that the serial's own key signs. `manifest` is the manifest's SHA-256 here and everywhere in this file. */
export function slipBody(manifest: Bytes, slip: UnsignedSlip): Bytes {
  return join(
    tag("zhengyou-slip-1"),
    manifest,
    lp(utf8(slip.pool)),
    lp(utf8(slip.line)),
    slip.serial,
    unsigned(slip.tokens.length, 1),
    ...slip.tokens,
    unsigned(slip.version, 4),
    slip.commitment,
    slip.sealedHash,
  );
}

export function leaf(manifest: Bytes, slip: Slip): Bytes {
  return join(slipBody(manifest, slip), slip.signature);
}

export function slipName(manifest: Bytes, slip: Slip): Promise<Bytes> {
  return sha256(leaf(manifest, slip));
}

/** What the acknowledgement key signs for a slip of this name. */
export function acknowledged(manifest: Bytes, name: Bytes): Bytes {
  return join(tag("zhengyou-acknowledgement-1"), manifest, name);
}

function publicPart(slip: Slip): { [key: string]: Json } {
  return {
    pool: slip.pool,
    line: slip.line,
    serial: b64(slip.serial),
    tokens: slip.tokens.map(b64),
    version: slip.version,
    commitment: b64(slip.commitment),
    signature: b64(slip.signature),
  };
}

/** The slip as it goes to the box. Throws if its sealed marks are gone. */
export function wireSlip(slip: Slip): Json {
  if (!slip.sealed) throw new Error("the sealed marks are no longer kept");
  return { ...publicPart(slip), sealed: b64(slip.sealed) };
}

/** The slip's line in the record's board.jsonl, without the line feed. */
export function boardLine(slip: Slip): string {
  return canonical({ ...publicPart(slip), sealed_hash: b64(slip.sealedHash) });
}
