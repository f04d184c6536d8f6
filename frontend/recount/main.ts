// The recount page and its worker, under one address, so that there is only one script to load. This program verifies
// records independently: it imports nothing of the booth, and of shared/ only arithmetic, formats and words. Expects
//   <form id="recount" hidden data-record="name or empty" data-result="address or empty"> with #recount-zip, -folder,
//   -drop, -chosen, -announced, -open-all, -status, button#recount-stop and progress; <div id="recount-result">; and
//   <script type="application/json" id="recount-words"> and, for a record of this site, id="recount-files".
import { element, find } from "../shared/element";
import { fill } from "../shared/wording";
import { type Choice, fromDrop, fromFolder, fromZip } from "./choosing";
import { showOutcome } from "./result";
import { type RecountWords, readRecountWords } from "./words";
import { type Order, type Report, Work } from "./work";

const spokenSteps = 10;

class RecountPage {
  private readonly form = find<HTMLFormElement>("#recount");
  private readonly zip = find<HTMLInputElement>("#recount-zip");
  private readonly folder = find<HTMLInputElement>("#recount-folder");
  private readonly drop = find("#recount-drop");
  private readonly announced = find<HTMLInputElement>("#recount-announced");
  private readonly openAll = find<HTMLInputElement>("#recount-open-all");
  private readonly start = find<HTMLButtonElement>("#recount button[type=submit]");
  private readonly stop = find<HTMLButtonElement>("#recount-stop");
  private readonly bar = find<HTMLProgressElement>("#recount progress");
  private readonly status = find("#recount-status");
  private readonly result = find("#recount-result");
  private choice: Choice | null = null;
  private spoken = -1;

  constructor(
    private readonly words: RecountWords,
    private readonly worker: Worker,
  ) {
    this.zip.addEventListener("change", () => this.choose(fromZip(this.zip)));
    this.folder.addEventListener("change", () => this.choose(fromFolder(this.folder)));
    this.stop.addEventListener("click", () => this.send({ kind: "stop" }));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.begin();
    });
    this.takeDrops();
    worker.addEventListener("message", ({ data }: MessageEvent<Report>) => this.hear(data));
    worker.addEventListener("error", () => this.hear({ kind: "failed", word: "unexpected" }));
    find("#recount-folder-field").hidden = !("webkitdirectory" in this.folder);
    this.form.hidden = false;
  }

  /** Recounts at once if the address names a record of this site. */
  openSite(): void {
    const listed = document.querySelector("#recount-files");
    if (!listed) return;
    const files = JSON.parse(listed.textContent ?? "[]") as { name: string; url: string }[];
    const absolute = files.map(({ name, url }) => ({ name, url: new URL(url, location.href).href }));
    this.choose({ name: this.form.dataset.record ?? "", source: { kind: "site", files: absolute } });
    this.begin();
  }

  private takeDrops(): void {
    const over = (isOver: boolean) => (event: DragEvent) => {
      event.preventDefault();
      this.drop.classList.toggle("over", isOver);
    };
    this.drop.addEventListener("dragover", over(true));
    this.drop.addEventListener("dragleave", over(false));
    this.drop.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer) void fromDrop(event.dataTransfer).then((choice) => this.choose(choice));
    });
  }

  private choose(choice: Choice | null): void {
    if (!choice) return;
    this.choice = choice;
    find("#recount-chosen").textContent = fill(this.words.chosen, { name: choice.name });
    this.status.textContent = "";
  }

  private begin(): void {
    if (!this.choice) {
      this.status.textContent = this.words.choose_first;
      return;
    }
    this.result.replaceChildren();
    this.work(true);
    this.bar.removeAttribute("value");
    this.spoken = -1;
    this.status.textContent = this.words.reading;
    const announced = this.announced.value.replace(/[\s:]/g, "").toLowerCase();
    this.send({ kind: "recount", source: this.choice.source, announced, openAll: this.openAll.checked });
  }

  private send(order: Order): void {
    this.worker.postMessage(order);
  }

  private work(isWorking: boolean): void {
    const hadFocus = document.activeElement === (isWorking ? this.start : this.stop);
    this.start.disabled = isWorking;
    this.stop.hidden = this.bar.hidden = !isWorking;
    this.form.setAttribute("aria-busy", String(isWorking));
    if (hadFocus) (isWorking ? this.stop : this.start).focus();
  }

  private hear(report: Report): void {
    if (report.kind === "progress") {
      this.tell(report.done, report.total);
      return;
    }
    this.work(false);
    this.status.textContent = "";
    if (report.kind === "stopped") this.status.textContent = this.words.stopped;
    else if (report.kind === "failed") this.status.textContent = this.words[report.word];
    else {
      const { heading, nodes } = showOutcome(report.outcome, this.words);
      this.result.replaceChildren(heading, ...nodes, ...this.published());
      heading.focus();
    }
  }

  /** The way to the result that was published of a record of this site. */
  private published(): HTMLElement[] {
    const address = this.form.dataset.result;
    return address ? [element("p", {}, element("a", { href: address }, this.words.compare))] : [];
  }

  /** Moves the bar at every report, and the sentence, which is read out, only in tenths. */
  private tell(done: number, total: number): void {
    this.bar.max = total;
    this.bar.value = done;
    const step = Math.floor((done / total) * spokenSteps);
    if (step === this.spoken) return;
    this.spoken = step;
    this.status.textContent = fill(this.words.progress, { done, total });
  }
}

function startPage(): void {
  const words = readRecountWords(find("#recount-words").textContent ?? "");
  new RecountPage(words, new Worker(import.meta.url, { type: "module" })).openSite();
}

function startWorker(): void {
  const work = new Work((report) => postMessage(report));
  addEventListener("message", ({ data }: MessageEvent<Order>) => void work.take(data));
}

if (typeof document === "undefined") startWorker();
else startPage();
