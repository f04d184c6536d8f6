// What the recount found, as nodes for the page: the verdict in a sentence, the turnout, or every check that fails.
import { element } from "../shared/element";
import type { Extension } from "../shared/head";
import { fill, localName } from "../shared/wording";
import type { PoolVerdict } from "./counts";
import type { Finding } from "./findings";
import type { Outcome, Turnout } from "./record";
import type { RecountWords } from "./words";

const mostListed = 100;

/** The result's heading, to be focused, and what stands below it. */
export function showOutcome(
  outcome: Outcome,
  words: RecountWords,
  hasOpenings: boolean,
): { heading: HTMLElement; nodes: HTMLElement[] } {
  const isSound = outcome.count === 0;
  const heading = element("h2", { tabindex: "-1" }, isSound ? words.sound_heading : words.unsound_heading);
  const nodes = isSound ? soundNodes(outcome, words, hasOpenings) : unsoundNodes(outcome, words);
  if (outcome.signature === null) nodes.push(note("warning", words.signature_unchecked));
  nodes.push(...outcome.extensions.map((extension) => element("p", {}, describeExtension(extension, words))));
  if (outcome.pools.length) nodes.push(element("h3", {}, words.turnout), turnoutTable(outcome.pools, words));
  for (const { name, cancelled } of outcome.pools.filter((pool) => pool.cancelled))
    nodes.push(element("p", {}, fill(words.cancelled_slips, { pool: localName(name), count: cancelled })));
  if (outcome.fingerprint)
    nodes.push(element("p", {}, words.manifest), element("p", { class: "fingerprint" }, outcome.fingerprint));
  return { heading, nodes };
}

function note(kind: string, text: string): HTMLElement {
  return element("p", { class: `note ${kind}` }, text);
}

function soundNodes({ slips, opened }: Outcome, words: RecountWords, hasOpenings: boolean): HTMLElement[] {
  const nodes = [note("success", fill(words.sound, { slips, opened }))];
  if (opened < slips && !hasOpenings) nodes.push(element("p", {}, words.sealed));
  return nodes;
}

function unsoundNodes({ findings, count }: Outcome, words: RecountWords): HTMLElement[] {
  const listed = findings.slice(0, mostListed);
  const items = listed.map((finding) => element("li", {}, ...describe(finding, words)));
  const nodes: HTMLElement[] = [
    note("error", fill(words.unsound, { count })),
    element("ul", { class: "rows findings" }, ...items),
  ];
  if (count > listed.length) nodes.push(element("p", {}, fill(words.more, { count: count - listed.length })));
  return nodes;
}

function describeExtension({ closesAt, reason, announcedAt }: Extension, words: RecountWords): string {
  const style: Intl.DateTimeFormatOptions = { dateStyle: "long", timeStyle: "short" };
  const local = (time: number) => new Date(time).toLocaleString(document.documentElement.lang || undefined, style);
  return fill(words.extended, { closes_at: local(closesAt), announced_at: local(announcedAt), reason });
}

function describe({ file, line, check, values }: Finding, words: RecountWords): (Node | string)[] {
  const place = line ? fill(words.file_line, { file, line }) : fill(words.file, { file });
  const shown = Object.entries(values).map(([name, value]) => [name, inWords(value, check, words)]);
  const sentence = fill(words[check], Object.fromEntries(shown));
  return [element("strong", {}, place), ` ${sentence} `, element("code", {}, check)];
}

/** A place of "" is the whole document; a pool's verdict has a name for people. */
function inWords(value: string | number, check: string, words: RecountWords): string | number {
  if (value === "") return "JSON";
  return (check === "verdict" && verdictNames(words)[value as PoolVerdict]) || value;
}

function verdictNames(words: RecountWords): Record<PoolVerdict, string> {
  const { verdict_valid, verdict_void, verdict_below_turnout } = words;
  return { valid: verdict_valid, void: verdict_void, "below-turnout": verdict_below_turnout };
}

function turnoutTable(pools: Turnout[], words: RecountWords): HTMLElement {
  const rows = pools.map(({ name, size, issued, returned, verdict }) => {
    const issuers = Object.entries(issued).map(([issuer, n]) => `${issuer} ${n}`);
    const given = issuers.length === 1 ? String(Object.values(issued)[0]) : issuers.join(", ");
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, localName(name)),
      element("td", { class: "figure", "data-label": words.size }, String(size)),
      element("td", { class: "figure", "data-label": words.issued }, given),
      element("td", { class: "figure", "data-label": words.returned_most }, String(returned)),
      element("td", { "data-label": words.pool_verdict }, verdictNames(words)[verdict]),
    );
  });
  const heads = [
    element("th", { scope: "col" }, words.pool),
    ...[words.size, words.issued, words.returned_most].map((word) =>
      element("th", { scope: "col", class: "figure" }, word),
    ),
    element("th", { scope: "col" }, words.pool_verdict),
  ];
  const head = element("thead", {}, element("tr", {}, ...heads));
  return element("table", { class: "stack" }, head, element("tbody", {}, ...rows));
}
