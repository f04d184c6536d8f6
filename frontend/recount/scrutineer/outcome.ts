// What a scrutineer's recount found, as nodes for the page: first the sealed lines, then everybody's verdict.
import { element } from "../../shared/element";
import { fill } from "../../shared/wording";
import { listFindings, note, showOutcome } from "../result";
import type { Scrutiny, Unusable } from "./scrutiny";
import type { ScrutineerWords } from "./words";

/** The heading, to be focused, and what stands below it. */
export function showScrutiny(
  scrutiny: Scrutiny,
  words: ScrutineerWords,
): { heading: HTMLElement; nodes: HTMLElement[] } {
  const heading = element("h2", { tabindex: "-1" }, words.sealed_heading);
  const { kind, sentence } = sealedVerdict(scrutiny, words);
  const nodes = [note(kind, sentence)];
  if (scrutiny.count) nodes.push(...listFindings(scrutiny, words));
  nodes.push(...scrutiny.unusable.map((one) => note("warning", sayUnusable(one, words))));
  if (isUnsigned(scrutiny)) nodes.push(note("warning", words.no_ed25519));
  return { heading, nodes: [...nodes, foldedRecord(scrutiny, words)] };
}

/** Everybody's verdict below one line, unless it says that something is wrong. */
function foldedRecord({ record }: Scrutiny, words: ScrutineerWords): HTMLElement {
  const { heading, nodes } = showOutcome(record, words);
  return element("details", { open: record.count > 0 }, element("summary", {}, heading.textContent ?? ""), ...nodes);
}

/** The one sentence about the sealed lines. */
export function sealedVerdict(scrutiny: Scrutiny, words: ScrutineerWords): { kind: string; sentence: string } {
  const { isNamed, record, count, places, isHandedOver, slips, with: name } = scrutiny;
  if (count) return { kind: "error", sentence: fill(words.sealed_fails, { count }) };
  if (!isNamed && record.scrutineers.length) return { kind: "error", sentence: words.not_named };
  if (record.count) return { kind: "error", sentence: words.sealed_left };
  if (!places) return { kind: "success", sentence: words.sealed_none };
  if (!isHandedOver) return { kind: "warning", sentence: words.handover_gone };
  if (!name) return { kind: "warning", sentence: fill(words.sealed_first, { lines: places, slips }) };
  return { kind: "success", sentence: fill(words.sealed_fits, { lines: places, slips, name }) };
}

/** Whether all fits, but for what this browser cannot check. */
function isUnsigned({ record, count }: Scrutiny): boolean {
  return record.count + count === 0 && record.signature === null;
}

function sayUnusable({ from, problem }: Unusable, words: ScrutineerWords): string {
  const sentences = { unreadable: words.passed_unreadable, closed: words.passed_closed, misfit: words.passed_misfit };
  return fill(sentences[problem], { name: from });
}
