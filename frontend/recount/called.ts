// What the things of a manifest are called, for people to read: only after readManifest has held it to every rule.
// Plain values, as they pass from the worker to the page. Nothing is checked or counted here.
import type { Bytes, Json } from "../shared/bytes";
import { decode, readJson } from "../shared/fields";
import { type Names, localName } from "../shared/wording";

export interface Called {
  pools: { id: string; name: Names; lines: string[] }[];
  /** By id: what a line is called, and the items it grades. */
  lines: Map<string, { name: Names; criteria: string[] }>;
  criteria: Map<string, Names>;
  grades: { id: string; name: Names; points: number }[];
}
interface Manifest {
  grades: Called["grades"];
  criteria: { id: string; name: Names }[];
  lines: { id: string; name: Names; criteria?: string[] }[];
  pools: { id: string; name: Names; lines: "all" | string[] }[];
}
/** What is called beside the manifest's own names: the two marks without a grade. */
export type MarkNames = Record<"dont_know" | "unmarked", string>;

export function namesOf(bytes: Bytes): Called {
  const manifest = readJson(decode(bytes)) as unknown as Manifest;
  const all = manifest.lines.map(({ id }) => id);
  return {
    pools: manifest.pools.map(({ id, name, lines }) => ({ id, name, lines: lines === "all" ? all : lines })),
    lines: new Map(manifest.lines.map(({ id, name, criteria }) => [id, { name, criteria: criteria ?? [] }])),
    criteria: new Map(manifest.criteria.map(({ id, name }) => [id, name])),
    grades: manifest.grades.map(({ id, name, points }) => ({ id, name, points })),
  };
}

export function poolCalled(called: Called | null, id: string): string {
  const pool = called?.pools.find((one) => one.id === id);
  return pool ? localName(pool.name) : id;
}

/** The organisation or question of a line. */
export function unitCalled(called: Called, id: string): string {
  const line = called.lines.get(id);
  return line ? localName(line.name) : id;
}

/** The organisation or question of a line; with its items where the organisation has several lines. */
export function lineCalled(called: Called | null, id: string): string {
  const line = called?.lines.get(id);
  if (!called || !line) return id;
  const name = localName(line.name);
  const same = Array.from(called.lines.values()).filter((other) => localName(other.name) === name);
  const items = line.criteria.map((one) => criterionCalled(called, one));
  return same.length > 1 && items.length ? `${name} (${items.join(", ")})` : name;
}

export function criterionCalled(called: Called | null, id: string): string {
  const name = called?.criteria.get(id);
  return name ? localName(name) : id;
}

export function markCalled(called: Called, id: string, words: MarkNames): string {
  const grade = called.grades.find((one) => one.id === id);
  if (grade) return localName(grade.name);
  return id === "dont_know" || id === "unmarked" ? words[id] : id;
}

/** A place of counts.json in names ("Members · Lower village · Promises kept"); any other place as it is. */
export function placeCalled(called: Called | null, file: string, place: string): string {
  const [, pool, line, item] =
    /^pools\[(\d+)\](?:\.lines\[(\d+)\](?:\.criteria\[(\d+)\])?)?/.exec(place) ?? [];
  const own = file === "counts.json" ? called?.pools[Number(pool)] : undefined;
  if (!called || !own) return place;
  const id = line === undefined ? undefined : own.lines[Number(line)];
  const criterion = item === undefined || !id ? undefined : called.lines.get(id)?.criteria[Number(item)];
  const parts = [localName(own.name)];
  if (id) parts.push(localName(called.lines.get(id)?.name ?? { en: id }));
  if (criterion) parts.push(criterionCalled(called, criterion));
  return parts.join(" · ");
}

/** The counts of an item as the result has them: "good 20 · fair 3", or the one mark that nearly all gave. */
export function cellsCalled(called: Called, item: Json, words: MarkNames & { nearly_all: string }): string {
  const { most, cells = [] } = item as { most?: string; cells?: { marks: string[]; n: number }[] };
  if (most) return `${words.nearly_all} ${markCalled(called, most, words)}`;
  const name = (one: string) => markCalled(called, one, words);
  return cells.map(({ marks, n }) => `${marks.map(name).join("/")} ${n}`).join(" · ");
}
