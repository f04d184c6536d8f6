// Brings a record from a folder, a zip or the site, as its files by name. Files that do not belong to a record are
// kept, so that the recount can name them. Files whose name begins with a dot are ignored.
import type { Bytes } from "../shared/bytes";
import { recordFiles } from "./files";
import type { Trouble } from "./words";
import { NameTwice, NoZip, readZip } from "./zip";

/** What the page hands over. `path` is the file's path in what was dropped; `url` an address of this site. */
export type Source =
  | { kind: "zip"; file: File }
  | { kind: "folder"; files: { path: string; file: File }[] }
  | { kind: "site"; files: { name: string; url: string }[] };

/** Nothing that could be recounted; the person reads the sentence under `word`. */
export class Unusable extends Error {
  constructor(readonly word: Trouble) {
    super(word);
  }
}

/** What a browser's memory holds. Larger records are for the command line. */
export const mostBytes = 512 * 1024 * 1024;
export const mostFiles = 1000;

/** The record's files by name. Throws Unusable. */
export async function openSource(source: Source): Promise<Map<string, Bytes>> {
  if (source.kind === "site") return fetchFiles(source.files);
  const files = source.kind === "zip" ? await unpack(source.file) : await readFolder(source.files);
  const inside = withoutFolder(withoutHidden(files));
  if (!recordFiles.some((name) => inside.has(name))) throw new Unusable("no_record");
  return inside;
}

/** The bytes of a file that is not larger than a browser should hold. */
export async function readBytes(file: File): Promise<Bytes> {
  if (file.size > mostBytes) throw new Unusable("too_large");
  return new Uint8Array(await file.arrayBuffer());
}

async function fetchFiles(files: { name: string; url: string }[]): Promise<Map<string, Bytes>> {
  const record = new Map<string, Bytes>();
  for (const { name, url } of files) {
    const answer = await fetch(url, { credentials: "omit", cache: "no-cache" }).catch(() => null);
    if (!answer?.ok) throw new Unusable("site_unreached");
    record.set(name, new Uint8Array(await answer.arrayBuffer()));
  }
  return record;
}

async function readFolder(files: { path: string; file: File }[]): Promise<Map<string, Bytes>> {
  const visible = files.filter(({ path }) => !isHidden(path));
  const size = visible.reduce((total, { file }) => total + file.size, 0);
  if (size > mostBytes || visible.length > mostFiles) throw new Unusable("too_large");
  const read = visible.map(async ({ path, file }) => [path, await readBytes(file)] as const);
  return new Map(await Promise.all(read));
}

/** The declared sizes are what is limited: no file gives more than it declares. */
async function unpack(file: File): Promise<Map<string, Bytes>> {
  const bytes = await readBytes(file);
  try {
    const visible = readZip(bytes).filter(({ name }) => !isHidden(name));
    const size = visible.reduce((total, { size }) => total + size, 0);
    if (size > mostBytes || visible.length > mostFiles) throw new Unusable("too_large");
    return new Map(visible.map(({ name, unpack }) => [name, unpack()]));
  } catch (error) {
    if (error instanceof NameTwice) throw new Unusable("zip_twice");
    throw error instanceof NoZip ? new Unusable("no_zip") : error;
  }
}

/** Leaves out what lies under a name that begins with one dot. */
export function withoutHidden(files: Map<string, Bytes>): Map<string, Bytes> {
  return new Map(Array.from(files).filter(([path]) => !isHidden(path)));
}

function isHidden(path: string): boolean {
  // A name that leads outside is no hidden file: it is found as a strange one.
  return path.split("/").some((part) => part.startsWith(".") && !part.startsWith(".."));
}

/** The files of the one folder that all are in, by their path in it. */
function withoutFolder(files: Map<string, Bytes>): Map<string, Bytes> {
  const [first] = files.keys();
  const folder = first?.slice(0, first.indexOf("/") + 1);
  const isShared = folder && Array.from(files.keys()).every((path) => path.startsWith(folder));
  if (!isShared) return files;
  return withoutFolder(new Map(Array.from(files, ([path, bytes]) => [path.slice(folder.length), bytes])));
}
