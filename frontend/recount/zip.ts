// A zip in its one plain form: what the list at its end says is what every program would unpack. Anything by which two
// programs could see two records in one file is refused: a name twice, text before or after, other names in the
// headers, other kinds of packing, a wrong checksum. Expands nothing beyond what is declared.
import { inflateSync } from "fflate";
import type { Bytes } from "../shared/bytes";

/** The file is no zip, or not one of this form. */
export class NoZip extends Error {}
export class NameTwice extends Error {}

/** A file in the zip, not yet unpacked. */
export interface Packed {
  name: string;
  size: number;
  unpack: () => Bytes;
}

const [endSize, listSize, headerSize] = [22, 46, 30];
const [endMark, listMark, headerMark] = [0x06054b50, 0x02014b50, 0x04034b50];
const [stored, deflated] = [0, 8];
/** Encrypted, patched, strongly encrypted, masked. */
const refusedFlags = 1 | (1 << 5) | (1 << 6) | (1 << 13);
const isUtf8 = 1 << 11;
const beyond = 0xffffffff;

interface Entry {
  raw: Bytes;
  flags: number;
  method: number;
  checksum: number;
  packed: number;
  size: number;
  at: number;
}

/** The files of a zip in the order of its list, folders left out. Throws NoZip or NameTwice. */
export function readZip(bytes: Bytes): Packed[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { count, from, end } = readEnd(view);
  const entries: Entry[] = [];
  let place = from;
  for (let number = 0; number < count; number++) {
    const { entry, next } = readEntry(bytes, view, place, end);
    entries.push(entry);
    place = next;
  }
  if (place !== end) throw new NoZip();
  const data = findData(bytes, view, entries, from);
  const files = entries.map((entry, at) => ({ entry, name: nameOf(entry), data: data[at] as Bytes }));
  const named = files.filter(({ name }) => !name.endsWith("/"));
  if (new Set(named.map(({ name }) => name)).size !== named.length) throw new NameTwice();
  return named.map(({ entry, name, data: own }) => ({ name, size: entry.size, unpack: () => unpack(entry, own) }));
}

/** The end of the list is the end of the file: no comment, one disk, no larger form. */
function readEnd(view: DataView): { count: number; from: number; end: number } {
  const end = view.byteLength - endSize;
  if (end < 0 || view.getUint32(end, true) !== endMark) throw new NoZip();
  const [disk, listDisk, here, count] = [4, 6, 8, 10].map((offset) => view.getUint16(end + offset, true)) as number[];
  const [size, from] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  const isPlain = !disk && !listDisk && here === count && view.getUint16(end + 20, true) === 0;
  if (!isPlain || from + size !== end) throw new NoZip();
  return { count: count as number, from, end };
}

function readEntry(bytes: Bytes, view: DataView, at: number, end: number): { entry: Entry; next: number } {
  if (at + listSize > end || view.getUint32(at, true) !== listMark) throw new NoZip();
  const short = (offset: number) => view.getUint16(at + offset, true);
  const long = (offset: number) => view.getUint32(at + offset, true);
  const next = at + listSize + short(28) + short(30) + short(32);
  const entry = {
    raw: bytes.slice(at + listSize, at + listSize + short(28)),
    flags: short(8),
    method: short(10),
    checksum: long(16),
    packed: long(20),
    size: long(24),
    at: long(42),
  };
  const isPlain = next <= end && !(entry.flags & refusedFlags) && short(34) === 0;
  const isStored = entry.method === stored && entry.packed === entry.size;
  const isPacked = isStored || (entry.method === deflated && entry.packed > 0);
  if (!isPlain || !isPacked || [entry.packed, entry.size, entry.at].includes(beyond)) throw new NoZip();
  return { entry, next };
}

/** The packed bytes of each entry: behind a header of the same name, before the list, none inside another. */
function findData(bytes: Bytes, view: DataView, entries: Entry[], end: number): Bytes[] {
  const spans: [number, number][] = [];
  const data = entries.map(({ at, raw, packed }) => {
    if (at + headerSize > end || view.getUint32(at, true) !== headerMark) throw new NoZip();
    const length = view.getUint16(at + 26, true);
    const from = at + headerSize + length + view.getUint16(at + 28, true);
    const name = bytes.subarray(at + headerSize, at + headerSize + length);
    const isSame = length === raw.length && name.every((byte, place) => byte === raw[place]);
    if (!isSame || from + packed > end) throw new NoZip();
    spans.push([at, from + packed]);
    return bytes.subarray(from, from + packed);
  });
  spans.sort(([one], [other]) => one - other);
  if ((spans[0]?.[0] ?? 0) !== 0) throw new NoZip();
  if (spans.some(([from], at) => at > 0 && from < (spans[at - 1]?.[1] ?? 0))) throw new NoZip();
  return data;
}

/** Names in an older code page are read byte by byte: only their ASCII part can name a file of a record. */
function nameOf({ raw, flags }: Entry): string {
  if (!(flags & isUtf8)) return Array.from(raw, (byte) => String.fromCharCode(byte)).join("");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw new NoZip();
  }
}

function unpack({ method, size, checksum }: Entry, data: Bytes): Bytes {
  let bytes: Bytes;
  try {
    // The library drops what is beyond its room: room for one byte more tells that there was more.
    bytes = method === stored ? data : (inflateSync(data, { out: new Uint8Array(size + 1) }) as Bytes);
  } catch {
    throw new NoZip();
  }
  if (bytes.length !== size || checksumOf(bytes) !== checksum) throw new NoZip();
  return bytes;
}

const steps = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** CRC-32, by which a zip's file is held to what was packed. */
export function checksumOf(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ (steps[(sum ^ byte) & 255] as number);
  return (sum ^ 0xffffffff) >>> 0;
}
