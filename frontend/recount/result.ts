// What the recount found, as nodes for the page: the verdict in a sentence, the turnout, or every check that fails.
import { element } from "../shared/element";
import type { Extension } from "../shared/head";
import { moment } from "../shared/moments";
import { fill, localName } from "../shared/wording";
import type { Called } from "./called";
import type { Turnout } from "./comparing";
import type { Cosigned, Kind } from "./cosignatures";
import { countedNodes } from "./counted";
import type { Finding } from "./findings";
import type { Outcome } from "./record";
import { harmless, valuesInWords, verdictNames } from "./speaking";
import type { RecountWord, RecountWords } from "./words";

const mostListed = 100;
const enoughScrutineers = 2;

/** The result's heading, to be focused, and what stands below it. The verdict stands once, first. */
export function showOutcome(outcome: Outcome, words: RecountWords): { heading: HTMLElement; nodes: HTMLElement[] } {
  const isSound = outcome.count === 0;
  const title = isSound ? words.sound_heading : outcome.isChanged ? words.changed_heading : words.unsound_heading;
  const heading = element("h2", { tabindex: "-1" }, title);
  const nodes = [note(isSound ? "success" : "error", verdictOf(outcome, words))];
  if (isSound && outcome.opened < outcome.slips) nodes.push(element("p", {}, words.sealed));
  if (!isSound) nodes.push(...listFindings(outcome, words, outcome.called));
  if (outcome.signature === null) nodes.push(note("warning", words.signature_unchecked));
  nodes.push(...outcome.extensions.map((extension) => element("p", {}, describeExtension(extension, words))));
  nodes.push(...scrutinyNodes(outcome, words));
  if (outcome.pools.length) nodes.push(element("h3", {}, words.turnout), turnoutTable(outcome.pools, words));
  for (const { name, cancelled } of outcome.pools.filter((pool) => pool.cancelled))
    nodes.push(element("p", {}, fill(words.cancelled_slips, { pool: localName(name), count: cancelled })));
  nodes.push(...countedNodes(outcome.counts, outcome.called, words));
  nodes.push(...fingerprintNodes(words.manifest, outcome.fingerprint), ...fingerprintNodes(words.head, outcome.head));
  return { heading, nodes };
}

/** The verdict in one sentence, with what it was compared with. */
export function verdictOf(outcome: Outcome, words: RecountWords): string {
  const { slips, opened, count, announced, isChanged, fingerprint } = outcome;
  if (count) return fill(isChanged ? words.changed : words.unsound, { count });
  return fill(announced ? words.sound : words.sound_alone, { slips, opened, fingerprint });
}

export function note(kind: string, text: string): HTMLElement {
  return element("p", { class: `note ${kind}` }, text);
}

function fingerprintNodes(above: string, fingerprint: string): HTMLElement[] {
  if (!fingerprint) return [];
  return [element("p", {}, above), element("p", { class: "fingerprint" }, fingerprint)];
}

function scrutinyNodes({ scrutineers, cosigned, pools }: Outcome, words: RecountWords): HTMLElement[] {
  // Without counts nothing was compared that they could have checked.
  if (!pools.length) return [];
  const count = cosigned.filter((one) => one.isWhole).length;
  const isEnough = count >= enoughScrutineers;
  const enough = element("p", {}, fill(words.scrutinised, { count }));
  const summary = isEnough ? enough : note("warning", words.unscrutinised);
  const signed = new Map(cosigned.map((one) => [one.scrutineer, one]));
  const rows = scrutineers.map(({ id, name }) => element("li", {}, sayScrutineer(name, signed.get(id), words)));
  const list = rows.length ? [element("ul", { class: "rows" }, ...rows)] : [];
  return [element("h3", {}, words.scrutiny), summary, ...list];
}

function sayScrutineer(name: string, signed: Cosigned | undefined, words: RecountWords): string {
  const sentences: Record<Kind, RecountWord> = {
    checked: "scrutineer_checked",
    seen: "scrutineer_seen",
    disagrees: "scrutineer_disagrees",
  };
  const { kind, lines = 0, remark = "" } = signed ?? {};
  const sentence = fill(words[kind ? sentences[kind] : "scrutineer_silent"], { name, lines, remark });
  return remark && kind !== "disagrees" ? `${sentence} ${remark}` : sentence;
}

/** Findings of these checks, and the words for them. */
interface Listed<C extends string> {
  findings: Finding<C>[];
  count: number;
}
type WordsFor<C extends string> = RecountWords & Record<C, string>;

export function listFindings<C extends string>(
  { findings, count }: Listed<C>,
  words: WordsFor<C>,
  called: Called | null = null,
): HTMLElement[] {
  const listed = findings.slice(0, mostListed);
  const items = listed.map((finding) => element("li", {}, ...describe(finding, words, called)));
  const nodes: HTMLElement[] = [element("ul", { class: "rows findings" }, ...items)];
  if (count > listed.length) nodes.push(element("p", {}, fill(words.more, { count: count - listed.length })));
  return nodes;
}

function describeExtension({ closesAt, reason, announcedAt }: Extension, words: RecountWords): string {
  const local = (time: number) => moment(time, document.documentElement.lang);
  return fill(words.extended, { closes_at: local(closesAt), announced_at: local(announcedAt), reason });
}

function describe<C extends string>(
  finding: Finding<C>,
  words: WordsFor<C>,
  called: Called | null,
): (Node | string)[] {
  const { file, line, check } = finding;
  const name = harmless(file);
  const place = line ? fill(words.file_line, { file: name, line }) : fill(words.file, { file: name });
  const sentence = fill(words[check], valuesInWords(finding, words, called));
  return [element("strong", {}, place), ` ${sentence} `, element("code", {}, check)];
}

function turnoutTable(pools: Turnout[], words: RecountWords): HTMLElement {
  const rows = pools.map(({ name, size, issued, returned, verdict }) => {
    const issuers = Array.from(issued, ([issuer, n]) => `${issuer} ${n}`);
    const given = issued.size === 1 ? Array.from(issued.values()).join() : issuers.join(", ");
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
