// The booth's page, from the code to the sheet and from the cast to the next visit. Expects on the page <form
// id="booth"
//   hidden data-manifest-url data-keys-url data-issue-url data-paper-url data-cast-url data-record-url data-fingerprint
//   data-seconds> … <div id="sheet"></div> … </form>   and   <script type="application/json" id="booth-words">
// and reads #m=<fingerprint>&c=<code> from the address, &s=<key> from a printed slip, or &d=<second code> from a second
// issuer's sheet. The server gives all sentences; words.ts lists their keys.
import { element, find } from "../shared/element";
import { normalCode } from "../shared/letters";
import { fill, localName } from "../shared/wording";
import { type Ballot, ballotId, hasTokens, hasTokensOf, newestVersion } from "./ballot";
import {
  type Addresses,
  type Permit,
  type SecondIssuer,
  type Station,
  type Vote,
  castVote,
  checkPermit,
  checkSecond,
  prepareVote,
  resendStack,
  secondOf,
} from "./casting";
import { laterDeeds, showSealCode } from "./later";
import { type Opened, openManifest } from "./manifest";
import { Marking, type BallotAtHand } from "./marking";
import { Page } from "./page";
import { openSlip, readKey } from "./paper";
import { Refusal, Unreachable, get } from "./server";
import { listed } from "./sheet";
import { readBallot, readBallots, readDraft, writeBallot, writeDraft } from "./store";
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
        this.mark(atHand(ballot), page.words.change_note),
      resume: (ballot) => this.resume(ballot),
      resend: (ballot) => this.attempt("sending", async () => this.arrived(await resendStack(station, ballot.id))),
      another: () => this.enter(""),
      ...laterDeeds(page, station, (deed) => this.attempt("preparing", deed), () => this.begin("")),
    });
  }

  private get opened(): Opened {
    return this.station.opened;
  }

  /**
   * Shows the first stage: what this device already has, or the field for the code. `code` is the one in the address.
   */
  async begin(code: string): Promise<void> {
    const ballots = await readBallots(this.opened.fingerprint);
    const slip = readKey(code);
    const own = code ? await ballotId(this.opened, slip ?? code) : "";
    const known = ballots.some((ballot) => ballot.id === own);
    if (ballots.length && (known || !code)) await this.visit.show(this.page.words.again_heading, ballots);
    else if (slip !== null) await this.openCode(code).catch((error: unknown) => this.enterAfter(error));
    else this.enter(code || (readDraft(this.opened.fingerprint)?.codes[0] ?? ""));
  }

  /** After a slip that cannot be used: shows the field for another one, and throws on so that the reason is shown. */
  private enterAfter(error: unknown): never {
    sessionStorage.removeItem(PENDING);
    this.enter("");
    throw error;
  }

  private enter(code: string): void {
    const { words } = this.page;
    const names = listed(Array.from(new Set(this.station.addresses.seconds.map(({ name }) => localName(name)))));
    const note = names ? [element("p", { class: "note" }, fill(words.both_codes, { names }))] : [];
    this.ask(words.code_heading, note, words.code_label, words.code_hint, code, (typed) =>
      this.attempt("checking", () => this.openCode(typed)),
    );
  }

  private enterSecond(id: string, permit: Permit, second: SecondIssuer, ballot: Ballot | null): void {
    const { words } = this.page;
    const name = localName(second.name);
    const [label, hint] = [fill(words.second_label, { name }), fill(words.second_hint, { name })];
    const draft = readDraft(this.opened.fingerprint);
    const typed = (draft?.id === id && !ballot && draft.codes[1]) || sessionStorage.getItem(PENDING_SECOND);
    this.ask(words.second_heading, [], label, hint, typed ?? "", (code) =>
      this.attempt("checking", () => this.openSecond(id, permit, second, ballot, code)),
    );
  }

  /** Shows a stage that asks for one code. */
  private ask(
    heading: string,
    notes: HTMLElement[],
    label: string,
    hint: string,
    code: string,
    open: (code: string) => void,
  ): void {
    const input = element("input", {
      id: "booth-code",
      value: code,
      autocomplete: "off",
      autocapitalize: "characters",
      spellcheck: "false",
      "aria-describedby": "booth-code-hint",
    });
    this.page.show(
      heading,
      [
        ...notes,
        element("label", { for: "booth-code" }, label),
        input,
        element("small", { id: "booth-code-hint" }, hint),
        element("button", { type: "submit" }, this.page.words.code_open),
      ],
      () => open(normalCode(input.value)),
    );
  }

  private async openCode(code: string): Promise<void> {
    if (!code) return this.page.alert(this.page.words.code_empty);
    const slip = readKey(code);
    if (slip === null && code.length > longestCode) return this.page.alert(this.page.words.bad_slip);
    const id = await ballotId(this.opened, slip ?? code);
    const ballot = await readBallot(id);
    if (ballot?.stacks.length) return this.visit.show(this.page.words.again_heading, [ballot]);
    if (slip !== null) return this.openSlip(slip, ballot);
    const permit = await checkPermit(this.station, code);
    if (permit.issued && !ballot)
      throw new Distrust(permit.renewed ? "issued_before" : "issued_elsewhere");
    return this.openPermit(id, permit, ballot);
  }

  /** After a good first code: goes on to the sheet, or to the second code where the pool has a second issuer. */
  private async openPermit(id: string, permit: Permit, ballot: Ballot | null): Promise<void> {
    const second = secondOf(this.station, permit.pool);
    if (!second || (ballot && hasTokens(ballot))) return this.open(id, permit, ballot);
    const known = ballot?.codes?.[1];
    if (known !== undefined && (await this.isGood(second, known)))
      return this.open(id, { ...permit, codes: [...permit.codes, known] }, ballot);
    return this.enterSecond(id, permit, second, ballot);
  }

  /** Whether a second code that the device kept is still good: its sheet may have been printed anew. */
  private async isGood(second: SecondIssuer, code: string): Promise<boolean> {
    try {
      await checkSecond(this.station, second, code);
      return true;
    } catch (error) {
      if (error instanceof Refusal && error.reason === "unknown-code") return false;
      throw error;
    }
  }

  private async openSecond(
    id: string,
    permit: Permit,
    second: SecondIssuer,
    ballot: Ballot | null,
    code: string,
  ): Promise<void> {
    if (!code) return this.page.alert(this.page.words.code_empty);
    if (code === permit.codes[0]) throw new Distrust("second_same");
    const issued = await checkSecond(this.station, second, code);
    if (issued && !ballot) throw new Distrust("second_elsewhere");
    const codes = [...permit.codes, code];
    if (ballot) await writeBallot({ ...ballot, codes });
    return this.open(id, { ...permit, codes }, ballot);
  }

  private open(id: string, permit: Permit, ballot: Ballot | null): void {
    // Switching the language reloads the page without its fragment: the codes have to outlive that.
    const draft = readDraft(this.opened.fingerprint);
    for (const pending of [PENDING, PENDING_SECOND]) sessionStorage.removeItem(pending);
    const marks = draft?.id === id ? draft.marks : {};
    writeDraft(this.opened.fingerprint, { id, codes: permit.codes, marks });
    this.mark({ id, permit, seen: 0 }, ballot ? this.page.words.resume_note : "");
  }

  /** Opens a printed slip. It has its token already, so the ballot is stored as soon as it is proved. */
  private async openSlip(key: string, stored: Ballot | null): Promise<void> {
    const ballot = stored ?? (await openSlip(this.station, key));
    if (!stored) await writeBallot(ballot);
    sessionStorage.removeItem(PENDING);
    this.mark(atHand(ballot), this.page.words.slip_note);
  }

  /** Goes on with a ballot whose marks were never cast, using the same blinded serials or the same tokens. */
  private resume(ballot: Ballot): void {
    const { id, pool, codes, keys } = ballot;
    const [code = ""] = codes ?? [];
    if (!codes) this.mark(atHand(ballot), this.page.words.resume_note);
    else if (keys && hasTokensOf(ballot, 0))
      this.attempt("checking", () => this.openPermit(id, { codes: [code], pool, keys, issued: true }, ballot));
    else this.attempt("checking", () => this.openCode(code));
  }

  private mark(ballot: BallotAtHand, note: string): void {
    const cast = (vote: Vote) =>
      this.attempt("preparing", async () => this.arrived(await castVote(this.station, vote)));
    const doubt = (vote: Vote) =>
      this.attempt("preparing", async () => {
        const stored = await prepareVote(this.station, vote);
        const back = () => this.mark(atHand(stored), note);
        await showSealCode(this.page, this.station, vote, { cast: () => cast(vote), back });
      });
    new Marking(this.page, this.station, ballot, cast, doubt).show(note);
  }

  private arrived(ballot: Ballot): Promise<void> {
    return this.visit.showCast(ballot);
  }

  /** Does one deed at a time. Shows a failure above the stage, with a second try if nobody answered. */
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

/** A ballot on this device, ready to be marked: a printed slip has one line, a drawn ballot has all. */
function atHand(ballot: Ballot): BallotAtHand {
  const lines = ballot.drawn.map((drawn) => drawn.line);
  return { id: ballot.id, permit: null, seen: newestVersion(ballot), lines };
}

/** Shows a failure in a sentence. Only a request that nobody answered can be tried again as it was. */
function tell(page: Page, error: unknown, again: () => void): void {
  if (error instanceof Refusal) {
    const { from, sentence } = error;
    page.alert(from ? fill(page.words.second_refused, { name: localName(from), sentence }) : sentence);
  } else if (error instanceof Unreachable) {
    const { from } = error;
    page.alert(from ? fill(page.words.second_down, { name: localName(from) }) : page.words.network, again);
  } else if (error instanceof Distrust) page.alert(page.words[error.word]);
  else {
    console.error(error);
    page.alert(page.words.unexpected);
  }
}

function readAddresses({ dataset }: HTMLFormElement): Addresses {
  const address = (name: string) => dataset[name] ?? "";
  return {
    manifest: address("manifestUrl"),
    keys: address("keysUrl"),
    issue: address("issueUrl"),
    cast: address("castUrl"),
    paper: address("paperUrl"),
    record: address("recordUrl"),
    seconds: JSON.parse(address("seconds") || "[]") as SecondIssuer[],
  };
}

const longestCode = 20;
const PENDING = `booth-code ${location.pathname}`;
const PENDING_SECOND = `booth-second ${location.pathname}`;

/** The invitation's code, if the page was left for another language before the sheet was opened. */
function pendingCode(): string {
  return sessionStorage.getItem(PENDING) ?? "";
}

/** Reads the address. Takes a code out of it, so that the code stays neither in the history nor on the screen. */
function readFragment(): { fingerprint: string | null; code: string } {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const fingerprint = fragment.get("m");
  const code = normalCode(fragment.get("s") ?? fragment.get("c") ?? "") || pendingCode();
  if (code) sessionStorage.setItem(PENDING, code);
  const second = normalCode(fragment.get("d") ?? "");
  if (second) sessionStorage.setItem(PENDING_SECOND, second);
  const shown = fingerprint ? `#m=${fingerprint}` : location.pathname + location.search;
  if (code || second) history.replaceState(null, "", shown);
  return { fingerprint, code };
}

/** A poll is only ever extended, so a page that names an earlier time than the manifest is not believed. */
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
  const progress = (step: Word) => page.status(page.words[step]);
  return { opened, addresses, closesAt: readClose(page.form, opened), progress };
}

async function start(): Promise<void> {
  const words = readWords(find("#booth-words").textContent ?? "");
  const page = new Page(find<HTMLFormElement>("#booth"), find("#sheet"), words);
  const { fingerprint, code } = readFragment();
  // A second invitation scanned into the same tab changes only the fragment.
  addEventListener("hashchange", () => {
    const fragment = new URLSearchParams(location.hash.slice(1));
    if (["c", "d", "s"].some((name) => fragment.has(name))) location.reload();
  });
  const begin = async () => {
    page.status(words.checking);
    await new Booth(page, await openStation(page, fingerprint)).begin(code);
  };
  const attempt = (): Promise<void> => begin().catch((error: unknown) => tell(page, error, () => void attempt()));
  await attempt();
}

void start();
