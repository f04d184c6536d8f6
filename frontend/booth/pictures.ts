// The QR codes of many slips, one at a time: a phone's screen bears one, and the other device scans them as they come.
import { element } from "../shared/element";
import { fill } from "../shared/wording";
import type { DoubtingWords } from "./doubting-words";
import { button } from "./page";
import { drawQr } from "./qr";

const between = 1500;

/** One of these texts as a picture, with its name and the way to the others; in a round by itself if asked for. */
export function pictures(texts: string[], names: string[], words: DoubtingWords): HTMLElement {
  const title = element("h3", {});
  const frame = element("div", {});
  let at = 0;
  let timer: ReturnType<typeof setInterval> | null = null;
  const show = (next: number) => {
    at = (next + texts.length) % texts.length;
    const name = fill(words.picture, { number: at + 1, total: texts.length, name: names[at] ?? "" });
    title.textContent = name;
    frame.replaceChildren(drawQr(texts[at] as string, `${words.qr_label} ${name}`));
  };
  const stop = () => {
    if (timer) clearInterval(timer);
    timer = null;
    round.textContent = words.play;
  };
  const step = (by: number) => () => {
    stop();
    show(at + by);
  };
  const turn = () => (round.isConnected ? show(at + 1) : stop());
  const round = button(words.play, () => {
    if (timer) return stop();
    timer = setInterval(turn, between);
    round.textContent = words.stop;
  }, { class: "outline secondary" });
  show(0);
  const ways = [
    button(words.previous, step(-1), { class: "outline secondary" }),
    button(words.next, step(1), { class: "outline secondary" }),
    round,
  ];
  return element("section", { class: "pictures" }, title, frame, ...(texts.length > 1 ? ways : []));
}

/** The texts as one, to be copied by hand or by a button. */
export function asText(texts: string[], words: DoubtingWords, called = words.opened_text): HTMLElement {
  const attributes = { id: "opened-text", readonly: true, rows: "6", spellcheck: "false" };
  const area = element("textarea", attributes, texts.join("\n"));
  const copy = button(words.copy, () => {
    navigator.clipboard.writeText(area.value).then(() => (copy.textContent = words.copied), () => area.select());
  }, { class: "outline secondary" });
  const label = element("label", { for: "opened-text" }, called);
  return element("section", {}, label, area, ...(navigator.clipboard ? [copy] : []));
}
