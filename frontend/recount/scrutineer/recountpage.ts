// After the close: a scrutineer gives the keys, and this page fetches, recounts, shows what came out, and fills the
// forms by which shares are passed on and the word about the record is sent. Sending is the person's own press.
import { type Bytes, join } from "../../shared/bytes";
import { element } from "../../shared/element";
import { fill } from "../../shared/wording";
import { Unusable, readBytes } from "../source";
import { NotFetched, fetchHandover, fetchPassed, fetchRecord } from "./fetching";
import { keysOf } from "./keys";
import { showScrutiny } from "./outcome";
import { beginsAsPassed } from "./passing";
import type { Scrutiny, Stage } from "./scrutiny";
import { Section } from "./section";
import { Statement } from "./statement";
import type { ScrutineerWords } from "./words";
import type { Order, Report } from "./work";

const spokenSteps = 10;

/**
 * A section with data-scrutineer="recount", data-record, data-handover, data-passed, data-me, data-fingerprint, and
 * forms with textarea[name=passed] and [name=cosignature]. data-handover is empty where the site has none (any more).
 */
export class RecountSection {
  private readonly section: Section;
  private readonly bar = element("progress", { hidden: true });
  private readonly stop: HTMLButtonElement;
  private readonly again: HTMLButtonElement;
  private readonly result = element("div");
  private readonly saved = element("input", { type: "file", accept: ".jsonl", multiple: true });
  private readonly savedField: HTMLElement;
  private seed: Bytes | null = null;
  private isWorking = false;
  private spoken = "";
  private statement: Statement | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly words: ScrutineerWords,
    private readonly worker: Worker,
  ) {
    this.section = new Section(root, words);
    this.stop = element("button", { type: "button", class: "secondary", hidden: true }, words.stop);
    this.again = element("button", { type: "button", class: "secondary", hidden: true }, words.again);
    this.bar.setAttribute("aria-label", words.sealed_heading);
    this.section.askForKeys(async (seed) => {
      this.seed = seed;
      await this.begin();
    });
    const label = element("label", {}, words.saved_files, this.saved);
    this.savedField = element("div", { class: "field" }, label);
    const actions = element("div", { class: "actions" }, this.stop, this.again);
    this.section.addBelow(this.bar, actions, this.result);
    this.saved.addEventListener("change", () => void this.begin());
    this.stop.addEventListener("click", () => this.send({ kind: "stop" }));
    this.again.addEventListener("click", () => void this.begin());
    worker.addEventListener("message", ({ data }: MessageEvent<Report>) => void this.hear(data));
    worker.addEventListener("error", () => void this.hear({ kind: "failed", word: "unexpected" }));
  }

  private async begin(): Promise<void> {
    if (this.isWorking || !this.seed) return;
    this.clear();
    this.work(true);
    try {
      this.send(await this.fetchOrder(this.seed));
    } catch (error) {
      const isKnown = error instanceof NotFetched || error instanceof Unusable;
      if (!isKnown) console.error(error);
      await this.hear({ kind: "failed", word: isKnown ? error.word : "unexpected" });
    }
  }

  private clear(): void {
    this.statement?.remove();
    this.statement = null;
    this.section.fillIn("passed", "");
    this.result.replaceChildren();
  }

  private async fetchOrder(seed: Bytes): Promise<Order> {
    const { record = "", handover = "", passed = "", me = "", fingerprint = "" } = this.root.dataset;
    const token = document.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]')?.value ?? "";
    this.section.say(this.words.fetching_record);
    const zip = await fetchRecord(record);
    this.section.say(this.words.fetching_handover);
    const handed = handover
      ? { handover: await fetchHandover(handover, token), passed: await fetchPassed(passed) }
      : await this.readSaved();
    this.section.say(this.words.reading);
    return { kind: "scrutinise", zip, seed, announced: fingerprint, scrutineer: me, ...handed };
  }

  /** The handover and the shares passed on, as far as the person saved them before the site forgot both. */
  private async readSaved(): Promise<{ handover: Bytes | null; passed: Bytes }> {
    const files = await Promise.all(Array.from(this.saved.files ?? [], readBytes));
    const handover = files.find((bytes) => !beginsAsPassed(bytes)) ?? null;
    return { handover, passed: join(...files.filter(beginsAsPassed)) };
  }

  private send(order: Order): void {
    this.worker.postMessage(order);
  }

  private work(isWorking: boolean): void {
    const hadFocus = document.activeElement === this.stop;
    this.isWorking = isWorking;
    this.section.holdKeys(isWorking);
    this.stop.hidden = this.bar.hidden = !isWorking;
    this.again.hidden = isWorking;
    this.bar.removeAttribute("value");
    this.spoken = "";
    this.root.setAttribute("aria-busy", String(isWorking));
    if (hadFocus && !isWorking) this.again.focus();
  }

  private async hear(report: Report): Promise<void> {
    if (report.kind === "progress") {
      this.tell(report);
      return;
    }
    this.work(false);
    if (report.kind === "stopped") this.section.say(this.words.stopped);
    else if (report.kind === "failed") this.section.say(this.words[report.word], true);
    else await this.show(report.scrutiny);
  }

  /** Moves the bar at every report, and the sentence, which is read out, only in tenths. */
  private tell({ stage, done, total }: { stage: Stage; done: number; total: number }): void {
    this.bar.max = Math.max(total, 1);
    this.bar.value = done;
    const step = `${stage} ${Math.floor((done / Math.max(total, 1)) * spokenSteps)}`;
    if (step === this.spoken) return;
    this.spoken = step;
    const { progress: record, progress_shares: shares, progress_slips: slips } = this.words;
    this.section.say(fill({ record, shares, slips }[stage], { done, total }));
  }

  private async show(scrutiny: Scrutiny): Promise<void> {
    const { heading, nodes } = showScrutiny(scrutiny, this.words);
    this.result.replaceChildren(heading, ...nodes);
    this.section.say("");
    // The site has the file no longer, but the person may.
    if (scrutiny.places && !this.root.dataset.handover) this.section.addBelow(this.savedField);
    if (this.root.dataset.handover) this.passOn(scrutiny.passOn);
    await this.offer(scrutiny);
    heading.focus();
  }

  /** The site carries shares for as long as it has what they open. */
  private passOn(lines: string[]): void {
    this.section.fillIn("passed", lines.map((line) => `${line}\n`).join(""));
    if (lines.length) this.section.say(fill(this.words.pass_on, { count: lines.length }));
  }

  /** Without a head there is nothing to sign about; and nobody signs for somebody whom the manifest does not name. */
  private async offer(scrutiny: Scrutiny): Promise<void> {
    const { record, isNamed } = scrutiny;
    if (!this.seed || !record.head || !(isNamed || !record.scrutineers.length)) return;
    this.statement = new Statement(this.section, scrutiny, this.root.dataset.me ?? "", await keysOf(this.seed));
  }
}
