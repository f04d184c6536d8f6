// The forms by which anybody writes: solves a puzzle while somebody types, keeps the draft on their device (never of a
// report or a mark), shows the photo, sends once.
// The same forms work without this script; what they send then waits for a look.
import { isWeChat } from "../shared/wechat";
import { forget, keep, kept } from "./draft";
import { watchPhoto } from "./photo";
import { type Challenge, solve } from "./puzzle";

const patienceMs = 20_000;
const renewMs = 100 * 60 * 1000; // the server's puzzles hold for two hours
const restMs = 60_000; // after so long without a touch whoever stood at a counter's device has gone
const freshMs = 60 * 60 * 1000;

type Field = HTMLInputElement | HTMLTextAreaElement;

function input(form: HTMLFormElement, name: string): HTMLInputElement | null {
  return form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
}

/** Fetches and solves puzzles for one form, one at a time; an answer stands in the form until it is used or old. */
class Puzzle {
  private begunAt = 0;
  private turn = 0;
  private isHopeless = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly field: HTMLInputElement,
  ) {}

  /** Begins unless a fresh enough one is begun. */
  begin(): void {
    if (this.begunAt && Date.now() - this.begunAt < renewMs) return;
    this.begunAt = Date.now();
    const turn = ++this.turn;
    const about = encodeURIComponent(this.form.dataset.writing || "");
    const request = new XMLHttpRequest();
    request.open("GET", `${this.form.dataset.puzzle}?about=${about}`);
    this.isHopeless = false;
    request.onerror = () => (this.isHopeless = true);
    request.onload = () => {
      this.isHopeless = request.status !== 200;
      if (this.isHopeless) return;
      const challenge = JSON.parse(request.responseText) as Challenge;
      solve(
        challenge,
        () => turn !== this.turn,
        (answer) => {
          this.field.value = answer;
          this.form.setAttribute("data-ready", "");
        },
      );
    };
    request.send();
  }

  /** After the page came back, what was solved may have been used. */
  renew(): void {
    this.field.value = "";
    this.begunAt = 0;
    this.form.removeAttribute("data-ready");
    this.begin();
  }

  /** Whether there is nothing to wait for: it is solved, or it could not be fetched. */
  get isSettled(): boolean {
    return this.field.value !== "" || this.isHopeless;
  }
}

/** Holds the form back until the puzzle is solved, but not for long: what comes without it is taken as well. */
function holdBack(form: HTMLFormElement, puzzle: Puzzle, button: HTMLButtonElement): void {
  const words = button.textContent;
  const since = Date.now();
  button.textContent = form.dataset.wait || words;
  const look = (): void => {
    if (!puzzle.isSettled && Date.now() - since < patienceMs) {
      setTimeout(look, 100);
      return;
    }
    button.textContent = words;
    form.submit();
  };
  look();
}

function watch(form: HTMLFormElement, puzzle: Puzzle): void {
  let isSending = false;
  const begin = (): void => puzzle.begin();
  form.addEventListener("focusin", begin);
  form.addEventListener("input", begin);
  form.addEventListener("submit", (event) => {
    if (isSending || !puzzle.isSettled) event.preventDefault();
    if (isSending) return;
    isSending = true;
    puzzle.begin();
    const button = form.querySelector<HTMLButtonElement>("button:not([type=button])");
    if (!puzzle.isSettled && button) holdBack(form, puzzle, button);
  });
  window.addEventListener("pageshow", (event) => {
    isSending = false;
    if (event.persisted) puzzle.renew();
  });
}

/** Puts a draft back where nothing stands, and says so beside a button that deletes it. */
function restore(form: HTMLFormElement, field: Field, about: string): void {
  const words = kept(about);
  if (field.value || !words) return;
  field.value = words;
  const note = document.createElement("p");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = form.dataset.forget || "";
  button.onclick = () => {
    forget(about);
    field.value = "";
    note.remove();
    field.focus();
  };
  note.setAttribute("role", "status");
  note.append(`${form.dataset.kept || ""} `, button);
  field.insertAdjacentElement("afterend", note);
}

/** Keeps what is typed, says so from the first sign on, and stops where somebody does not want it. */
function keepWhile(form: HTMLFormElement, field: Field, about: string): void {
  const note = document.createElement("p");
  const button = document.createElement("button");
  let isKept = true;
  button.type = "button";
  button.className = "plain";
  button.textContent = form.dataset.keepNot || "";
  button.onclick = () => {
    isKept = false;
    forget(about);
    note.remove();
    field.focus();
  };
  note.append(`${form.dataset.keeps || ""} `, button);
  field.addEventListener("input", () => {
    if (!isKept) return;
    keep(about, field.value);
    if (!note.parentElement) field.insertAdjacentElement("afterend", note);
  });
}

/** The code of a scanned slip stands behind the # of the address, which no server sees; it goes into its box. */
function takeSlip(box: HTMLInputElement): void {
  const code = location.hash.slice(1);
  if (/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/.test(code)) box.value = code;
}

/** On a counter's own device: what one visitor chose and did not send is gone before the next one comes, and a page
 *  that nobody touches is fetched anew each hour, if it can be: its ticket would grow old over a night. */
function standOpen(form: HTMLFormElement): void {
  let touchedAt = Date.now();
  let fetchedAt = Date.now();
  const touched = () => (touchedAt = Date.now());
  for (const kind of ["pointerdown", "keydown", "change"]) form.addEventListener(kind, touched);
  window.setInterval(() => {
    if (Date.now() - touchedAt < restMs) return;
    form.reset();
    for (const more of Array.from(form.querySelectorAll("details"))) more.open = false;
    if (Date.now() - fetchedAt < freshMs) return;
    fetchedAt = Date.now();
    const request = new XMLHttpRequest();
    request.open("GET", location.pathname);
    request.onload = () => request.status === 200 && location.reload();
    request.send();
  }, 5_000);
}

for (const form of Array.from(document.querySelectorAll<HTMLFormElement>("form[data-writing]"))) {
  const about = form.dataset.writing || "";
  const answer = input(form, "altcha");
  if (answer) watch(form, new Puzzle(form, answer));
  if (form.hasAttribute("data-counter")) standOpen(form);
  const slip = input(form, "code");
  if (slip) {
    takeSlip(slip);
    window.addEventListener("hashchange", () => takeSlip(slip)); // scanned while this page stood open
  }
  const photo = form.querySelector<HTMLInputElement>("input[type=file]");
  if (photo) watchPhoto(photo, { picture: form.dataset.photo || "", back: form.dataset.noPhoto || "" });
  const field = form.querySelector("textarea");
  if (form.hasAttribute("data-private")) {
    // Whoever opens the page next, on a shared phone or in a school, must not find a complaint there.
    forget(about);
  } else if (field) {
    restore(form, field, about);
    keepWhile(form, field, about);
  }
}
for (const button of Array.from(document.querySelectorAll<HTMLButtonElement>("button[data-print]"))) {
  button.hidden = isWeChat; // which prints nothing
  button.onclick = () => window.print();
}
const recorded = document.querySelector<HTMLElement>("[data-recorded]");
if (recorded) forget(recorded.dataset.recorded || "");
