// The booth's page, from the code to the sheet, the check and the cast, and the next visit. Expects on the page
// <form id="booth" hidden data-manifest-url data-keys-url data-issue-url data-paper-url data-cast-url data-record-url
// data-fingerprint data-seconds> … <div id="sheet"></div> … </form>, sentences in #booth-words (words.ts lists them),
// the units' pages in #booth-units and the paragraph #booth-old. Reads #m=<fingerprint>&c=<code> from the address,
// &s=<key> from a printed slip, or &d=<second code> from a second issuer's sheet.
import { b64 } from "../shared/bytes";
import { element, find } from "../shared/element";
import { normalCode } from "../shared/letters";
import { fill, localName } from "../shared/wording";
import { demandKeeping, isNewInvitation, openStation, readFragment } from "./arriving";
import { type Ballot, ballotId, hasTokens, hasTokensOf, newestVersion } from "./ballot";
import {
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
import { forgetsInAWeek, isAble, warnings } from "./device";
import { Draft } from "./draft";
import { laterDeeds, showSealCode } from "./later";
import type { Opened } from "./manifest";
import { Marking, type BallotAtHand } from "./marking";
import { Page } from "./page";
import { openSlip, readKey } from "./paper";
import { Refusal } from "./server";
import { listed } from "./sheet";
import { type Step, Steps } from "./steps";
import { dropDraft, readBallot, readBallots, wasBegun, writeBallot } from "./store";
import { readOpen, recall, remember, writeOpen } from "./tab";
import { tell } from "./telling";
import { Visit } from "./visit";
import { Distrust, type Word, readWords } from "./words";

const longestCode = 20;

class Booth {
  private working = false;
  private readonly visit: Visit;
  private readonly steps = new Steps((step) => this.walk(step));
  /** The sheet that is being marked. It goes when it is cast, so that Back never leads to a sheet that counts. */
  private marking: Marking | null = null;
  /** The step that the next sheet opens at: a reload leads back to where one was. */
  private landing: Step = "sheet";
  /** The first code while a second one is asked for. */
  private first = "";

  constructor(
    private readonly page: Page,
    private readonly station: Station,
  ) {
    this.visit = new Visit(page, station, {
      change: (ballot) => this.attempt("checking", () => this.mark(atHand(ballot), "")),
      resume: (ballot) => this.resume(ballot),
      resend: (ballot) => this.attempt("sending", async () => this.arrived(await resendStack(station, ballot.id))),
      another: () => {
        writeOpen(null);
        this.enter("");
      },
      ...laterDeeds(page, station, (deed) => this.attempt("preparing", deed), () => this.begin("")),
    });
  }

  private get opened(): Opened {
    return this.station.opened;
  }

  /**
   * Shows the first stage: the step that this tab was at, what this device already has, the sheet of an invitation, or
   * the field for the code. `code` is the one in the address.
   */
  async begin(code: string): Promise<void> {
    const ballots = await readBallots(this.opened.fingerprint);
    const own = code ? await this.idOf(code) : "";
    const open = readOpen();
    const step = this.steps.at ?? open?.step;
    const isMarking = step === "sheet" || step === "check" || step === "seal";
    if (open && (!code || own === open.id) && isMarking) return this.restore(step);
    const known = ballots.some((ballot) => ballot.id === own);
    if (known) writeOpen({ id: own, codes: [code], secret: "", step: "done" });
    if (ballots.length && (known || !code)) return this.showBallots(ballots);
    if (this.steps.at) this.steps.replace("start");
    // Whoever has two codes sees first that there are two.
    if (code && !this.station.addresses.seconds.length) return this.openFirst(code);
    this.enter(code || (open?.codes[0] ?? ""));
  }

  private async showBallots(ballots: Ballot[]): Promise<void> {
    this.steps.replace("done");
    await this.visit.show(this.page.words.again_heading, ballots);
  }

  private async idOf(code: string): Promise<string> {
    return ballotId(this.opened, readKey(code) ?? code);
  }

  /** Back or forward to a step. What is marked stays; a ballot that was cast is not filled in again by walking. */
  private walk(step: Step): boolean {
    if (this.working) return false;
    if (step === "start") this.enter(readOpen()?.codes[0] || this.first);
    else if (step === "second") this.attempt("checking", () => this.openCode(this.first));
    else if (this.marking && step !== "done") this.show(step);
    else this.attempt("checking", () => (readOpen() && step !== "done" ? this.restore(step) : this.begin("")));
    return true;
  }

  /** Opens the sheet of this tab once more, with its marks, at the step where it was left. */
  private async restore(step: Step): Promise<void> {
    const open = readOpen();
    if (!open) return this.begin("");
    const ballot = await readBallot(open.id);
    if (this.steps.at === "seal") this.steps.leave("check"); // the stack of that code is gone with the page
    this.landing = step === "seal" ? "check" : step;
    try {
      if (ballot && hasTokens(ballot)) await this.mark(atHand(ballot), this.noteOf(ballot));
      else await this.openCode(open.codes[0] ?? "", open.codes[1]);
    } catch (error) {
      this.enter(open.codes[0] ?? "");
      throw error;
    } finally {
      this.landing = "sheet";
    }
  }

  private noteOf(ballot: Ballot): string {
    const { words } = this.page;
    if (ballot.stacks.length) return "";
    if (ballot.isPaper) return words.slip_note;
    return ballot.isDoubted ? words.doubted_note : words.resume_note;
  }

  /** The sheet of an invitation, at once; the field for the code if it cannot be opened. */
  private async openFirst(code: string): Promise<void> {
    try {
      await this.openCode(code);
    } catch (error) {
      if (readKey(code) !== null) remember("code", "");
      this.enter(readKey(code) === null ? code : "");
      throw error;
    }
  }

  private enter(code: string, before: string[] = []): void {
    const { words } = this.page;
    this.steps.go("start");
    const names = listed(Array.from(new Set(this.station.addresses.seconds.map(({ name }) => localName(name)))));
    const both = names ? [fill(words.both_codes, { names })] : [];
    const notes = [...before, ...both, ...warnings().map((word) => words[word])];
    this.ask(words.code_heading, notes, words.code_label, words.code_hint, code, (typed) =>
      this.attempt("checking", () => this.openCode(typed)),
    );
  }

  private enterSecond(id: string, permit: Permit, second: SecondIssuer, ballot: Ballot | null): void {
    const { words } = this.page;
    const name = localName(second.name);
    const [label, hint] = [fill(words.second_label, { name }), fill(words.second_hint, { name })];
    this.first = permit.codes[0] ?? "";
    this.steps.go("second");
    const open = readOpen();
    const typed = (open?.id === id && !ballot && open.codes[1]) || recall("second");
    this.ask(words.second_heading, [], label, hint, typed, (code) =>
      this.attempt("checking", () => this.openSecond(id, permit, second, ballot, code)),
    );
  }

  /** Shows a stage that asks for one code. */
  private ask(
    heading: string,
    notes: string[],
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
      "aria-describedby": "booth-alert booth-code-hint",
    });
    this.page.show(
      heading,
      [
        ...notes.map((text) => element("p", { class: "note" }, text)),
        element("label", { for: "booth-code" }, label),
        input,
        element("small", { id: "booth-code-hint" }, hint),
        element("button", { type: "submit" }, this.page.words.code_open),
      ],
      () => open(normalCode(input.value)),
    );
  }

  /** Opens what a code is for. `second` is a second issuer's code that this tab knows already. */
  private async openCode(code: string, second?: string): Promise<void> {
    if (!code) return this.page.alert(this.page.words.code_empty);
    const slip = readKey(code);
    if (slip === null && code.length > longestCode) return this.page.alert(this.page.words.bad_slip);
    const id = await this.idOf(code);
    const ballot = await readBallot(id);
    if (ballot?.stacks.length) {
      writeOpen({ id, codes: [code], secret: "", step: "done" });
      return this.showBallots([ballot]);
    }
    if (slip !== null) return this.openSlip(id, slip, code, ballot);
    const permit = await checkPermit(this.station, code);
    if (permit.issued && !ballot) throw new Distrust(missingWord(id, permit));
    return this.openPermit(id, permit, ballot, second);
  }

  /** After a good first code: goes on to the sheet, or to the second code where the pool has a second issuer. */
  private async openPermit(id: string, permit: Permit, ballot: Ballot | null, typed?: string): Promise<void> {
    const second = secondOf(this.station, permit.pool);
    if (!second || (ballot && hasTokens(ballot))) return this.open(id, permit, ballot);
    const known = ballot?.codes?.[1];
    if (known !== undefined && (await this.isGood(second, known)))
      return this.open(id, { ...permit, codes: [...permit.codes, known] }, ballot);
    if (typed && !ballot) return this.openSecond(id, permit, second, ballot, typed);
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

  private open(id: string, permit: Permit, ballot: Ballot | null): Promise<void> {
    writeOpen({ id, codes: permit.codes, secret: "", step: "sheet" });
    return this.mark({ id, permit, seen: 0 }, ballot ? this.noteOf(ballot) : "");
  }

  /** Opens a printed slip. It has its token already, so the ballot is stored as soon as it is proved. */
  private async openSlip(id: string, key: string, code: string, stored: Ballot | null): Promise<void> {
    const ballot = stored ?? (await openSlip(this.station, key));
    if (!stored) await writeBallot(ballot);
    writeOpen({ id, codes: [code], secret: "", step: "sheet" });
    return this.mark(atHand(ballot), this.page.words.slip_note);
  }

  /** Goes on with a ballot whose marks were never cast, using the same blinded serials or the same tokens. */
  private resume(ballot: Ballot): void {
    const { id, pool, codes, keys } = ballot;
    const [code = ""] = codes ?? [];
    if (!codes) this.attempt("checking", () => this.mark(atHand(ballot), this.noteOf(ballot)));
    else if (keys && hasTokensOf(ballot, 0))
      this.attempt("checking", () => this.openPermit(id, { codes: [code], pool, keys, issued: true }, ballot));
    else this.attempt("checking", () => this.openCode(code));
  }

  /** Shows the sheet with the marks that were kept of it: under the code, or without one as long as the tab lives. */
  private async mark(ballot: BallotAtHand, note: string): Promise<void> {
    const { id } = ballot;
    let open = readOpen();
    if (open?.id !== id) open = { id, codes: [], secret: "", step: "sheet" };
    const [code] = open.codes;
    if (!code && !open.secret) open.secret = b64(crypto.getRandomValues(new Uint8Array(16)));
    for (const name of ["code", "second"] as const) remember(name, "");
    writeOpen(open);
    const draft = await Draft.open(this.opened, id, code ?? open.secret, this.station.closesAt);
    const marking = new Marking(this.page, this.station, ballot, draft, {
      check: () => this.show("check"),
      back: () => history.back(),
      clear: () => this.clear(draft),
      cast: (vote, marked) => this.decide(vote, marked, draft),
      doubt: (vote, marked) => this.doubt(vote, marked, draft),
    });
    marking.build(await draft.read(), note, code ? "kept_note" : "kept_tab");
    this.marking = marking;
    this.show(this.landing);
  }

  /** The sheet, or what is marked on it to be read once more. */
  private show(step: Step): void {
    const open = readOpen();
    if (open) writeOpen({ ...open, step });
    this.steps.go(step);
    if (step === "seal") history.back(); // went forward to a code whose stack is gone
    else if (step === "check") this.marking?.showCheck();
    else this.marking?.showSheet();
  }

  /** Shows the seal code of what was read once more, before it is cast or opened; Back is the check again. */
  private doubt(vote: Vote, marked: number, draft: Draft): void {
    this.attempt("preparing", async () => {
      await prepareVote(this.station, vote);
      const cast = () => this.decide(vote, marked, draft);
      await showSealCode(this.page, this.station, vote, { cast, back: () => history.back() });
      this.steps.go("seal");
    });
  }

  /** The moment between "check your answers" and the cast: what was read is what is cast. */
  private decide(vote: Vote, marked: number, draft: Draft): void {
    this.attempt("preparing", async () => this.arrived(await castVote(this.station, vote), marked, draft));
  }

  /** After the box has confirmed: the marks leave the device, and Back no longer leads to them. */
  private async arrived(ballot: Ballot, marked?: number, draft?: Draft): Promise<void> {
    const counted = marked === undefined ? ballot : { ...ballot, marked };
    await writeBallot(counted);
    await (draft ? draft.drop() : dropDraft(ballot.id));
    this.marking = null;
    writeOpen(null);
    this.steps.replace("done");
    await this.visit.showCast(counted);
  }

  /** Forgets marks and codes on this device, for the next person who holds it. What was cast stays cast. */
  private clear(draft: Draft): void {
    if (!confirm(this.page.words.clear_sure)) return;
    this.attempt("checking", async () => {
      await draft.drop();
      writeOpen(null);
      this.marking = null;
      this.steps.replace("start");
      this.enter("", [this.page.words.cleared]);
    });
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
    if (error instanceof Distrust && error.word === "cast_elsewhere") {
      this.marking = null;
      writeOpen(null);
      await this.begin("");
    }
    tell(this.page, error, again);
  }
}

/** A ballot on this device, ready to be marked: a printed slip has one line, a drawn ballot has all. */
function atHand(ballot: Ballot): BallotAtHand {
  const lines = ballot.drawn.map((drawn) => drawn.line);
  return { id: ballot.id, permit: null, seen: newestVersion(ballot), lines, before: ballot.marked };
}

/** What to say where a ballot was drawn and this device has none: a browser that forgets is the likeliest reason. */
function missingWord(id: string, { renewed }: Permit): Word {
  if (renewed) return "issued_before";
  return forgetsInAWeek || wasBegun(id) ? "issued_erased" : "issued_elsewhere";
}

async function start(): Promise<void> {
  if (!isAble()) return;
  const words = readWords(find("#booth-words").textContent ?? "");
  const page = new Page(find<HTMLFormElement>("#booth"), find("#sheet"), words);
  find("#booth-old").remove();
  addEventListener("hashchange", () => {
    if (isNewInvitation()) location.reload();
  });
  // A page that the browser kept while another one was shown may be behind what was done since.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  let booth: Booth | null = null;
  const begin = async () => {
    page.status(words.checking);
    await demandKeeping();
    const { fingerprint, code } = readFragment();
    booth ??= new Booth(page, await openStation(page, fingerprint));
    await booth.begin(code);
  };
  const attempt = (): Promise<void> => begin().catch((error: unknown) => tell(page, error, () => void attempt()));
  await attempt();
}

void start();
