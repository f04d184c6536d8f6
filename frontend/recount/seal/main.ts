// The page of a second device, held against the one that votes: keeps seal codes, shows opened slips in words, finds
// the slips of a code in a record. Works without a network once it is loaded. Expects <form id="seal" hidden
// data-opening-url data-record-url data-fingerprint> with #seal-code, -keep, -scan, -scanned, -video, -kept, -opened,
// -show, -zip, -folder, -drop, -chosen, -where, -site, -find, -status; <div id="seal-result">
// and <script id="seal-words">.
import { type Bytes, type Json, canonical, hex, utf8 } from "../../shared/bytes";
import { element, find } from "../../shared/element";
import { Misfit, asFields, decode, readAnyJson } from "../../shared/fields";
import { keysFile, manifestFile } from "../../shared/head";
import { printedCode, readWhere } from "../../shared/sealcode";
import { fill } from "../../shared/wording";
import { type Choice, fromDrop, fromFolder, fromZip } from "../choosing";
import { type Keys, readKeys } from "../keys";
import { type Rules, readManifest } from "../manifest";
import { note } from "../result";
import { Unusable, openSource } from "../source";
import { clearFaults, sayAt } from "./faults";
import { findCode, wantedFiles } from "./finding";
import { type Kept, forgetCode, keepCode, keptCodes, scanned, typedCode } from "./keeping";
import { NamesOf } from "./marks";
import { type Opening, checkOpened } from "./opened";
import { canScan, scan } from "./scanning";
import { Doubtful, type SealWords, readSealWords } from "./words";

/** The rules of the poll, fetched when the page is loaded, so that they are there without a network. */
interface Poll {
  rules: Rules;
  keys: Keys;
  names: NamesOf;
}

class SecondDevice {
  private readonly form = find<HTMLFormElement>("#seal");
  private readonly code = find<HTMLInputElement>("#seal-code");
  private readonly opened = find<HTMLTextAreaElement>("#seal-opened");
  private readonly where = find<HTMLTextAreaElement>("#seal-where");
  private readonly video = find<HTMLVideoElement>("#seal-video");
  private readonly status = find("#seal-status");
  private readonly scanned = find("#seal-scanned");
  private readonly result = find("#seal-result");
  private readonly fingerprint = this.form.dataset.fingerprint ?? "";
  private current: Kept | null = null;
  private choice: Choice | null = null;
  private poll: Poll | null = null;
  private stopScan: (() => void) | null = null;

  constructor(private readonly words: SealWords) {
    const [zip, folder] = [find<HTMLInputElement>("#seal-zip"), find<HTMLInputElement>("#seal-folder")];
    const on = (id: string, deed: () => void | Promise<void>) =>
      find(id).addEventListener("click", () => void this.attempt(async () => deed()));
    on("#seal-keep", () => this.keepTyped());
    on("#seal-show", () => this.showOpened());
    on("#seal-find", () => this.look(this.choice));
    on("#seal-site", () => this.look(this.siteRecord()));
    on("#seal-scan", () => this.toggleScan());
    zip.addEventListener("change", () => this.choose(fromZip(zip)));
    folder.addEventListener("change", () => this.choose(fromFolder(folder)));
    this.takeDrops(find("#seal-drop"));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", () => this.takeFragment());
    find("#seal-scan").hidden = !canScan();
    find("#seal-site").hidden = !this.form.dataset.recordUrl;
    this.form.hidden = false;
  }

  async begin(): Promise<void> {
    this.list();
    this.takeFragment();
    const [newest] = keptCodes();
    if (newest && !this.code.value) this.use(newest);
    if (this.form.dataset.openingUrl) await this.attempt(async () => void (this.poll = await this.fetchPoll()));
  }

  /** Takes a scanned code out of the address, so that it stays neither in the history nor on the screen. */
  private takeFragment(): void {
    const given = scanned(location.hash);
    if (!given) return;
    history.replaceState(null, "", location.pathname + location.search);
    this.takeScanned(given);
  }

  private takeScanned({ code, where }: { code: Kept; where: string }): void {
    if (where) this.where.value = where;
    this.use(code);
    this.keep(code);
  }

  private keep(code: Kept): void {
    if (!keepCode(code)) throw new Doubtful("unexpected");
    this.list();
    const isOther = this.fingerprint && code.manifest && code.manifest !== this.fingerprint;
    this.status.textContent = isOther ? this.words.other_manifest : this.words.kept;
  }

  private use(code: Kept): void {
    this.current = code;
    this.code.value = printedCode(code.letters);
    this.result.replaceChildren();
  }

  /** The code in the field: the scanned one as long as its letters stand there. */
  private chosen(): Kept {
    const typed = typedCode(this.code.value, this.fingerprint);
    if (!typed) throw new Doubtful("code_wrong");
    return this.current?.letters === typed.letters ? this.current : typed;
  }

  private keepTyped(): void {
    const code = this.chosen();
    this.use(code);
    this.keep(code);
  }

  private list(): void {
    const { words } = this;
    const rows = keptCodes().map((code) => {
      const check = element("button", { type: "button", class: "secondary" }, words.check);
      const forget = element("button", { type: "button", class: "secondary" }, words.forget);
      check.addEventListener("click", () => this.use(code));
      forget.addEventListener("click", () => {
        forgetCode(code);
        this.list();
      });
      const shown = element("strong", { class: "seal-code" }, printedCode(code.letters));
      const print = code.manifest ? [element("small", { class: "fingerprint" }, code.manifest)] : [];
      const said = print.length ? [element("small", {}, words.manifest)] : [];
      return element("li", {}, shown, ...said, ...print, check, " ", forget);
    });
    const list = rows.length ? element("ul", { class: "rows" }, ...rows) : element("p", {}, words.kept_none);
    find("#seal-kept").replaceChildren(element("h3", {}, words.kept_heading), list);
  }

  /** While the poll is open from its opening, after the close from its record. */
  private async fetchPoll(): Promise<Poll> {
    const { openingUrl = "", recordUrl = "" } = this.form.dataset;
    const opening = await bring(openingUrl);
    if (opening) {
      const given = asFields(readAnyJson(decode(opening)), "", ["format", "manifest", "keys"]);
      return readPoll(utf8(canonical(given.manifest as Json)), utf8(canonical(given.keys as Json)));
    }
    if (!recordUrl) throw new Doubtful("no_poll");
    const files = [manifestFile, keysFile].map((name) => bring(`${recordUrl}files/${name}`));
    const [manifest, keys] = await Promise.all(files);
    if (!manifest || !keys) throw new Doubtful("no_poll");
    return readPoll(manifest, keys);
  }

  private async showOpened(): Promise<void> {
    const code = this.chosen();
    if (!this.poll) this.poll = await this.fetchPoll();
    const { rules, keys } = this.poll;
    if (code.manifest && code.manifest !== hex(rules.digest)) throw new Doubtful("other_manifest");
    this.say(...this.openedNodes(await checkOpened(this.opened.value, code, rules, keys), this.poll));
  }

  private openedNodes({ slips, total, fate }: Opening, { rules, names }: Poll): HTMLElement[] {
    const { words } = this;
    const kinds = { fits: "success", waits: "warning", differs: "error" };
    const verdict = fill(words[`opened_${fate}`], { count: slips.length, total });
    const sections = slips.flatMap(({ pool, line, marks }) => {
      const own = rules.poolOf.get(pool)?.lineOf.get(line);
      const rows = own ? names.marks(own, marks, words) : [];
      const said = rows.flatMap(([name, mark]) => [element("dt", {}, name), element("dd", {}, mark)]);
      return [element("h3", {}, names.line(line)), element("dl", { class: "answers" }, ...said)];
    });
    return [note(kinds[fate], verdict), ...sections];
  }

  private siteRecord(): Choice {
    const url = (name: string) => new URL(`${this.form.dataset.recordUrl}files/${name}`, location.href).href;
    return { name: "", source: { kind: "site", files: wantedFiles.map((name) => ({ name, url: url(name) })) } };
  }

  private async look(choice: Choice | null): Promise<void> {
    const { words } = this;
    const code = this.chosen();
    if (!choice) throw new Doubtful("choose_first");
    const where = this.where.value.trim() ? readWhere(scanned(this.where.value)?.where || this.where.value) : null;
    if (this.where.value.trim() && !where) throw new Doubtful("where_wrong");
    this.status.textContent = words.reading;
    const found = await findCode(await openSource(choice.source), code, code.manifest, where);
    const kinds = { found: "success", not_found: "error", ask_where: "warning" };
    const count = found.kind === "found" ? found.count : 0;
    this.say(note(kinds[found.kind], fill(words[found.kind], { count })), element("p", {}, words.recount_too));
  }

  private choose(choice: Choice | null): void {
    if (!choice) return;
    this.choice = choice;
    find("#seal-chosen").textContent = choice.name;
  }

  private takeDrops(drop: HTMLElement): void {
    drop.addEventListener("dragover", (event) => event.preventDefault());
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      if (event.dataTransfer) void fromDrop(event.dataTransfer).then((choice) => this.choose(choice));
    });
  }

  private async toggleScan(): Promise<void> {
    if (this.stopScan) {
      this.stopScan();
      this.stopScan = null;
    } else {
      this.stopScan = await scan(this.video, (text) => this.takeText(text)).catch(() => {
        throw new Doubtful("camera");
      });
    }
    this.video.hidden = !this.stopScan;
  }

  /** A code, or an opened slip, which joins those that are there. */
  private takeText(text: string): void {
    const given = scanned(text);
    if (given) return this.takeScanned(given);
    const lines = new Set([...this.opened.value.split(/\r?\n/), text].map((line) => line.trim()).filter(Boolean));
    this.opened.value = Array.from(lines).join("\n");
    this.scanned.textContent = fill(this.words.slips_here, { count: lines.size });
  }

  private say(...nodes: HTMLElement[]): void {
    this.status.textContent = "";
    this.result.replaceChildren(...nodes);
    this.result.focus({ preventScroll: true });
    this.result.scrollIntoView({ block: "start" });
  }

  /** Does a deed; what cannot be done is said in a sentence, and the result before it goes. */
  private async attempt(deed: () => Promise<void>): Promise<void> {
    clearFaults(this.form);
    try {
      if (!globalThis.crypto?.subtle) throw new Doubtful("insecure");
      await deed();
    } catch (error) {
      const isKnown = error instanceof Doubtful || error instanceof Unusable;
      const values = error instanceof Doubtful ? error.values : {};
      const word = isKnown ? error.word : error instanceof Misfit ? "bad_poll" : "unexpected";
      if (word === "unexpected") console.error(error);
      const sentence = fill(this.words[word], values);
      this.status.textContent = "";
      this.result.replaceChildren();
      if (!sayAt(word, sentence)) this.say(note("error", sentence));
    }
  }
}

async function readPoll(manifest: Bytes, keys: Bytes): Promise<Poll> {
  const rules = await readManifest(manifest);
  return { rules, keys: await readKeys(keys, rules), names: new NamesOf(manifest) };
}

/** The bytes at an address; null if it has none or cannot be reached. */
async function bring(url: string): Promise<Bytes | null> {
  const answer = await fetch(url, { credentials: "omit", cache: "no-cache" }).catch(() => null);
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : null;
}

void new SecondDevice(readSealWords(find("#seal-words").textContent ?? "")).begin();
