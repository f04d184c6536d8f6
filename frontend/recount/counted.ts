// The counts beside the verdict, in the words of the published result, so that somebody can hold one to the other.
import type { Json } from "../shared/bytes";
import { element } from "../shared/element";
import { fill } from "../shared/wording";
import { type Called, cellsCalled, criterionCalled, poolCalled, unitCalled } from "./called";
import type { PoolCount } from "./counts";
import type { RecountWords } from "./words";

const mostRows = 400;

interface Row {
  pool: string;
  line: string;
  item: string;
  cells: string;
  mean: string;
}

/** A table a pool, folded, or nothing where nothing is published item by item. */
export function countedNodes(counts: PoolCount[], called: Called | null, words: RecountWords): HTMLElement[] {
  if (!called) return [];
  const all = counts.map((pool) => rowsOf(pool, called, words));
  const size = all.reduce((sum, rows) => sum + rows.length, 0);
  if (!size) return [];
  let left = mostRows;
  const tables = all.flatMap((rows, at) => {
    const shown = rows.slice(0, Math.max(left, 0));
    left -= rows.length;
    return shown.length ? [tableOf(called.pools[at]?.id ?? "", shown, called, words)] : [];
  });
  const more = size > mostRows ? [element("p", {}, fill(words.more, { count: size - mostRows }))] : [];
  const heading = element("summary", {}, words.counted);
  const how = element("p", {}, words.counted_how);
  return [element("details", { id: "recount-counted" }, heading, how, ...tables, ...more)];
}

function rowsOf({ pool, lines }: PoolCount, called: Called, words: RecountWords): Row[] {
  return lines.flatMap(({ line, publication, written }) =>
    ((written.criteria ?? []) as Json[]).map((item) => ({
      pool,
      line: unitCalled(called, line),
      item: criterionCalled(called, (item as { criterion: string }).criterion),
      cells: cellsCalled(called, item, words),
      mean: publication === "open" ? meanOf(item, called) : "",
    })),
  );
}

/** The mean points of the graded slips, to two places, half up. Only of single marks: joined ones have no mean here. */
export function meanOf(item: Json, called: Called): string {
  const { cells = [] } = item as { cells?: { marks: string[]; n: number }[] };
  let [points, graded] = [0, 0];
  for (const { marks, n } of cells) {
    const grade = called.grades.find(({ id }) => id === marks[0]);
    if (marks.length !== 1 || !grade) continue;
    points += grade.points * n;
    graded += n;
  }
  if (!graded) return "";
  const hundredths = Math.floor((points * 200 + graded) / (2 * graded));
  return (hundredths / 100).toFixed(2);
}

function tableOf(pool: string, rows: Row[], called: Called, words: RecountWords): HTMLElement {
  const heads = [words.organisation, words.item, words.marks].map((word) => element("th", { scope: "col" }, word));
  heads.push(element("th", { scope: "col", class: "figure" }, words.mean));
  const body = rows.map(({ line, item, cells, mean }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, line),
      element("td", {}, item),
      element("td", {}, cells),
      element("td", { class: "figure", "data-label": words.mean }, mean || "—"),
    ),
  );
  const caption = element("caption", {}, poolCalled(called, pool));
  const head = element("thead", {}, element("tr", {}, ...heads));
  return element("table", { class: "stack" }, caption, head, element("tbody", {}, ...body));
}
