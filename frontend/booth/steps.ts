// The steps of the booth as entries of the tab's history, so that Back goes one step back instead of leaving. An entry
// says only which step it is: what is shown comes from the page. Entries that are not ours are left alone.
import { isNewInvitation } from "./arriving";

export type Step = "start" | "second" | "sheet" | "check" | "seal" | "done";

/** What everybody passes through, in order; a second code is asked for only where there is a second issuer. */
const way: Step[] = ["start", "sheet", "check"];

function stepOf(state: unknown): Step | null {
  return (state as { booth?: Step } | null)?.booth ?? null;
}

export class Steps {
  /** The step that the page is at; null on a page that was just opened. */
  at = stepOf(history.state);

  /** `walk` is called when the person went back or forward to another step; it says whether that may be done now. */
  constructor(walk: (step: Step) => boolean) {
    const address = location.href;
    addEventListener("popstate", (event) => {
      const [before, step] = [this.at, stepOf(event.state)];
      // A link within the page has changed the address: the step stays, and the invitation's fingerprint returns.
      if (step === null && !isNewInvitation()) return history.replaceState({ booth: before }, "", address);
      if (step === null || step === before) return;
      this.at = step;
      if (!walk(step) && before) this.push(before);
    });
  }

  /** Goes on to a step. On a page that was just opened the steps before it get their entries too. */
  go(step: Step): void {
    if (this.at === null) {
      this.replace("start");
      for (const each of way.slice(1, way.indexOf(step) + 1)) this.push(each);
    } else if (this.at !== step) this.push(step);
  }

  /** Makes the present entry that of another step: what was there is over. */
  replace(step: Step): void {
    history.replaceState({ booth: step }, "");
    this.at = step;
  }

  /** Goes back to the entry before, which is that of another step and is shown already: what was here is over. */
  leave(step: Step): void {
    this.at = step;
    history.back();
  }

  private push(step: Step): void {
    history.pushState({ booth: step }, "");
    this.at = step;
  }
}
