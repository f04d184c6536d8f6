// What somebody chose to recount: by the file fields, or by dropping files on the page. The last choice counts.
import type { Source } from "./source";

const mostEntries = 1000;

/** What was chosen and what to call it. */
export interface Choice {
  name: string;
  source: Source;
}

export function fromZip(input: HTMLInputElement): Choice | null {
  const file = input.files?.[0];
  return file ? { name: file.name, source: { kind: "zip", file } } : null;
}

export function fromFolder(input: HTMLInputElement): Choice | null {
  const files = Array.from(input.files ?? [], (file) => ({ path: file.webkitRelativePath || file.name, file }));
  return files.length ? { name: folderName(files), source: { kind: "folder", files } } : null;
}

/** One zip, one folder, or a folder's files by themselves. The list of a drop is gone after the event. */
export async function fromDrop(transfer: DataTransfer): Promise<Choice | null> {
  const entries = Array.from(transfer.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const loose = Array.from(transfer.files);
  const [only] = loose;
  if (loose.length === 1 && only && !entries.some(({ isDirectory }) => isDirectory))
    return { name: only.name, source: { kind: "zip", file: only } };
  const files: { path: string; file: File }[] = [];
  for (const entry of entries) await collect(entry, files);
  return files.length ? { name: folderName(files), source: { kind: "folder", files } } : null;
}

function folderName(files: { path: string }[]): string {
  const [folder, inside] = files[0]?.path.split("/") ?? [];
  return (inside === undefined ? files.map(({ path }) => path).join(", ") : folder) ?? "";
}

async function collect(entry: FileSystemEntry, files: { path: string; file: File }[]): Promise<void> {
  // One too many is enough for the recount to refuse it.
  if (files.length > mostEntries) return;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    files.push({ path: entry.fullPath.replace(/^\//, ""), file });
  } else {
    for (const inner of await readEntries(entry as FileSystemDirectoryEntry)) await collect(inner, files);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** A folder gives its entries in batches until one is empty. */
async function readEntries(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (!batch.length || entries.length > mostEntries) return entries;
    entries.push(...batch);
  }
}
