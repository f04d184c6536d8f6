// The booth: from the code to the sheet, from the cast to the next visit. Expects on the page
//   <form id="booth" hidden data-manifest-url data-keys-url data-issue-url data-cast-url data-record-url
//     data-fingerprint> … <div id="sheet"></div> … </form>   and   <script type="application/json" id="booth-words">
// and reads #m=<fingerprint>&c=<code> from the address. All sentences come from the server; their keys are in words.ts.
import { type Ballot, ballotId, newestVersion, normalCode } from "./ballot";
import { type Addresses, type Station, type Vote, castVote, checkPermit, resendStack } from "./casting";
import { type Opened, openManifest } from "./manifest";
import { Marking, type Standing } from "./marking";
import { Page, element } from "./page";
import { Refusal, Unreachable, get } from "./server";
import { readBallot, readBallots, readDraft, writeDraft } from "./store";
import { Visit } from "./visit";
import { Distrust, type Word, readWords } from "./words";

class Booth {
  private working = false;
  private readonly visit: Visit;

  constructor(
    private readonly page: Page,
    private readonly station: Station,
  ) {
    this.visit = new Visit(page, station, {
      change: (ballot) =>
        this.mark({ id: ballot.id, permit: null, seen: newestVersion(ballot) }, page.words.change_note),
      resume: (ballot) => this.resume(ballot),
      resend: (ballot) => this.attempt("sending", async () => this.arrived(await resendStack(station, ballot.id))),
      another: () => this.enter(""),
    });
  }

  private get opened(): Opened {
    return this.station.opened;
  }

  /** The first stage: what this device already has, or the code. `code` is the one in the address. */
  async begin(code: string): Promise<void> {
    const ballots = await readBallots(this.opened.fingerprint);
    const own = code ? await ballotId(this.opened, code) : "";
    const known = ballots.some((ballot) => ballot.id === own);
    if (ballots.length && (known || !code)) await this.visit.show(this.page.words.again_heading, ballots);
    else this.enter(code || (readDraft(this.opened.fingerprint)?.code ?? ""));
  }

  private enter(code: string): void {
    const { words } = this.page;
    const input = element("input", {
      id: "booth-code",
      value: code,
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      "aria-describedby": "booth-code-hint",
    });
    const open = () => this.attempt("checking", () => this.openCode(normalCode(input.value)));
    this.page.show(
      words.code_heading,
      [
        element("label", { for: "booth-code" }, words.code_label),
        input,
        element("small", { id: "booth-code-hint" }, words.code_hint),
        element("button", { type: "submit" }, words.code_open),
      ],
      open,
    );
  }

  private async openCode(code: string): Promise<void> {
    if (!code) return this.page.alert(this.page.words.code_empty);
    const id = await ballotId(this.opened, code);
    const ballot = await readBallot(id);
    if (ballot?.stacks.length) return this.visit.show(this.page.words.again_heading, [ballot]);
    const permit = await checkPermit(this.station, code);
    if (permit.issued && !ballot) throw new Distrust("issued_elsewhere");
    // Switching the language reloads the page without its fragment: the code has to outlive that.
    const draft = readDraft(this.opened.fingerprint);
    sessionStorage.removeItem(PENDING);
    if (draft?.id !== id) writeDraft(this.opened.fingerprint, { id, code, marks: {} });
    this.mark({ id, permit, seen: 0 }, ballot ? this.page.words.resume_note : "");
    return undefined;
  }

  /** Goes on with a ballot whose marks were never cast: the same blinded serials or the same tokens are used. */
  private resume(ballot: Ballot): void {
    if (ballot.code !== null) this.attempt("checking", () => this.openCode(ballot.code ?? ""));
    else this.mark({ id: ballot.id, permit: null, seen: 0 }, this.page.words.resume_note);
  }

  private mark(standing: Standing, note: string): void {
    const cast = (vote: Vote) =>
      this.attempt("preparing", async () => this.arrived(await castVote(this.station, vote)));
    new Marking(this.page, this.station, standing, cast).show(note);
  }

  private arrived(ballot: Ballot): Promise<void> {
    return this.visit.showCast(ballot);
  }

  /** One deed at a time; a failure is said above the stage, with a second try if nobody answered. */
  private attempt(word: Word, deed: () => Promise<void>): void {
    if (this.working) return;
    this.working = true;
    const again = () => this.attempt(word, deed);
    void this.page
      .busy(word, deed)
      .catch((error: unknown) => this.fail(error, again))
      .finally(() => {
        this.working = false;
      });
  }

  private async fail(error: unknown, again: () => void): Promise<void> {
    const elsewhere = error instanceof Distrust && error.word === "cast_elsewhere";
    if (elsewhere) await this.begin("");
    tell(this.page, error, again);
  }
}

/** Says a failure in the person's words. Only what nobody answered can be tried again as it was. */
function tell(page: Page, error: unknown, again: () => void): void {
  if (error instanceof Refusal) page.alert(error.sentence);
  else if (error instanceof Unreachable) page.alert(page.words.network, again);
  else if (error instanceof Distrust) page.alert(page.words[error.word]);
  else {
    console.error(error);
    page.alert(page.words.unexpected);
  }
}

function find<Kind extends HTMLElement>(selector: string): Kind {
  const found = document.querySelector<Kind>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

function readAddresses({ dataset }: HTMLFormElement): Addresses {
  const address = (name: string) => dataset[name] ?? "";
  return {
    manifest: address("manifestUrl"),
    keys: address("keysUrl"),
    issue: address("issueUrl"),
    cast: address("castUrl"),
    record: address("recordUrl"),
  };
}

const PENDING = `booth-code ${location.pathname}`;

/** The invitation's code, if the page was left for another language before the sheet was opened. */
function pendingCode(): string {
  return sessionStorage.getItem(PENDING) ?? "";
}

/** What the address brought. The code is taken out of it, so that it stays neither in the history nor on the screen. */
function readFragment(): { fingerprint: string | null; code: string } {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const fingerprint = fragment.get("m");
  const code = normalCode(fragment.get("c") ?? "") || pendingCode();
  if (code) sessionStorage.setItem(PENDING, code);
  if (code) history.replaceState(null, "", fingerprint ? `#m=${fingerprint}` : location.pathname + location.search);
  return { fingerprint, code };
}

/** A round is only ever extended, so a page that names an earlier time than the manifest is not believed. */
function readClose({ dataset }: HTMLFormElement, { manifest }: Opened): number {
  const announced = Date.parse(manifest.closes_at);
  const extended = Date.parse(dataset.closesAt ?? "");
  return Number.isNaN(extended) ? announced : Math.max(announced, extended);
}

async function openStation(page: Page, fingerprint: string | null): Promise<Station> {
  if (!globalThis.crypto?.subtle) throw new Distrust("insecure");
  const addresses = readAddresses(page.form);
  const { bytes } = await get(addresses.manifest);
  if (!bytes) throw new Unreachable(addresses.manifest);
  const fingerprints = [page.form.dataset.fingerprint ?? "", ...(fingerprint === null ? [] : [fingerprint])];
  const opened = await openManifest(bytes, fingerprints);
  return { opened, addresses, closesAt: readClose(page.form, opened), progress: (step) => page.status(page.words[step]) };
}

async function start(): Promise<void> {
  const words = readWords(find("#booth-words").textContent ?? "");
  const page = new Page(find<HTMLFormElement>("#booth"), find("#sheet"), words);
  const { fingerprint, code } = readFragment();
  // A second invitation scanned into the same tab changes only the fragment.
  addEventListener("hashchange", () => {
    if (new URLSearchParams(location.hash.slice(1)).has("c")) location.reload();
  });
  const begin = async () => {
    page.status(words.checking);
    await new Booth(page, await openStation(page, fingerprint)).begin(code);
  };
  const attempt = (): Promise<void> => begin().catch((error: unknown) => tell(page, error, () => void attempt()));
  await attempt();
}

void start();
