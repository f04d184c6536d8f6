// What few people need, fetched when somebody asks for it: the seal code of a stack that is about to be cast, slips
// that are opened instead, where a second device finds them after the close; forgetting a ballot. missing.ts makes the
// file about a missing slip. Nothing here casts or stores: the booth does, by the deeds it hands over.
import { b64 } from "../shared/bytes";
import { element, find } from "../shared/element";
import {
  type OpenedSlip,
  printedCode,
  sealDigest,
  sealItem,
  sealLetters,
  writeOpened,
  writeWhere,
} from "../shared/sealcode";
import { type Slip, slipName } from "../shared/slips";
import { isWeChat } from "../shared/wechat";
import { fill, localName } from "../shared/wording";
import type { Ballot, Stack } from "./ballot";
import type { Bring } from "./board-runs";
import { type DoubtingWords, readDoubtingWords } from "./doubting-words";
import type { Opened } from "./manifest";
import { proofFile, save } from "./missing";
import { type Page, button } from "./page";
import type { Prepared } from "./prepared";
import { asText, pictures } from "./pictures";
import { drawQr } from "./qr";

const read = (): DoubtingWords => readDoubtingWords(find("#doubting-words").textContent ?? "");

/** The address at which a second device keeps a code; what it keeps goes behind the #, which is sent to nobody. */
function secondDevice({ form }: Page): string {
  return new URL(form.dataset.secondDeviceUrl ?? "", location.href).href;
}

async function digestOf(opened: Opened, slips: readonly Slip[]) {
  return sealDigest(opened.digest, await Promise.all(slips.map(sealItem)));
}

function codeLine(letters: string): HTMLElement {
  return element("p", { class: "seal-code" }, element("strong", {}, printedCode(letters)));
}

/** Shows the code of this very stack before it can be cast or opened. */
export async function showCode(
  page: Page,
  opened: Opened,
  prepared: Prepared,
  deeds: { cast: () => void; back: () => void },
): Promise<void> {
  const words = read();
  const digest = await digestOf(opened, prepared.slips);
  prepared.code = printedCode(sealLetters(digest));
  const address = secondDevice(page);
  const open = () => showOpened(page, opened, prepared.open(), deeds.back);
  page.show(words.code_heading, [
    element("p", {}, words.code_note),
    codeLine(sealLetters(digest)),
    drawQr(`${address}#m=${opened.fingerprint}&h=${b64(digest)}`, words.qr_label),
    element("p", {}, fill(words.code_keep, { address })),
    element("p", {}, words.code_choice),
    button(words.cast_it, deeds.cast, { class: "cast" }),
    button(words.open_it, open, { class: "secondary" }),
    button(words.back, deeds.back, { class: "secondary" }),
  ]);
}

/** Shows what every slip was made from. Whoever goes back marks a sheet whose slips are all made anew. */
function showOpened(page: Page, opened: Opened, slips: OpenedSlip[], back: () => void): void {
  const words = read();
  const nameOf = (id: string) => localName(opened.manifest.lines.find((line) => line.id === id)?.name ?? {});
  const texts = slips.map(writeOpened);
  const names = slips.map(({ line }) => nameOf(line));
  page.show(words.opened_heading, [
    element("p", {}, words.opened_note),
    pictures(texts, names, words),
    asText(texts, words),
    button(words.fill_again, back),
  ]);
}

/** Shows a second device where the slips of a stack stand in the record. */
export async function showWhere(page: Page, opened: Opened, stack: Stack, back: () => void): Promise<void> {
  const words = read();
  const where = writeWhere(await Promise.all(stack.slips.map((slip) => slipName(opened.digest, slip))));
  const digest = await digestOf(opened, stack.slips);
  const fragment = `#m=${opened.fingerprint}&h=${b64(digest)}&w=${where}`;
  page.show(words.where_heading, [
    element("p", {}, words.where_note),
    codeLine(sealLetters(digest)),
    drawQr(secondDevice(page) + fragment, words.qr_label),
    element("p", { class: "fingerprint", id: "where" }, where),
    button(words.back, back, { class: "secondary" }),
  ]);
}

/** What a proof is made of: the ballot, the lines that are missing, and a way to the record's files. */
export interface Demand {
  ballot: Ballot;
  lines: string[];
  bring: Bring;
}

/** Hands over the file about missing slips; in WeChat, which may save none, as a text to be copied. */
export async function handProof(page: Page, opened: Opened, demand: Demand, back: () => void): Promise<void> {
  const bytes = await proofFile(opened, demand.ballot, demand.lines, demand.bring);
  if (!isWeChat) return save(bytes, opened);
  const words = read();
  page.show(words.proof_heading, [
    element("p", {}, words.proof_copy),
    asText([new TextDecoder().decode(bytes)], words, words.proof_text),
    button(words.back, back, { class: "secondary" }),
  ]);
}

/** Asks once, and says what is lost and what is not. */
export function askToForget(page: Page, forget: () => void, back: () => void): void {
  const words = read();
  page.show(words.forget_heading, [
    element("p", {}, words.forget_lost),
    element("p", {}, words.forget_kept),
    button(words.forget_now, forget),
    button(words.forget_not, back, { class: "secondary" }),
  ]);
}

/** Says that it is forgotten. A page that the browser kept for Back is loaded anew, so that it shows nothing of it. */
export function showForgotten(page: Page, begin: () => void): void {
  const words = read();
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
  addEventListener("popstate", () => location.reload());
  page.show(words.forgotten_heading, [element("p", {}, words.forgotten_note), button(words.begin_again, begin)]);
}
