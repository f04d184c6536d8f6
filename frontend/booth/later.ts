// What few people need is a script of its own, fetched when somebody asks for it: the seal code, forgetting a ballot,
// the file about a missing slip. This file is all of it that the booth carries; doubting.ts says what they do.
import { element } from "../shared/element";
import type { Ballot } from "./ballot";
import type { Station, Vote } from "./casting";
import type { Page } from "./page";
import { Unreachable, get } from "./server";
import { dropBallot } from "./store";
import type { Deeds } from "./visit";

type Attempt = (deed: () => Promise<void>) => void;

/** Throws Unreachable, after which it can be tried again. */
async function fetchLater({ form }: Page): Promise<typeof import("./doubting")> {
  const url = form.dataset.doubtingUrl ?? "";
  const look = { rel: "stylesheet", href: form.dataset.doubtingLook ?? "" };
  try {
    if (!document.querySelector(`link[href="${look.href}"]`)) document.head.append(element("link", look));
    return (await import(url)) as typeof import("./doubting");
  } catch {
    throw new Unreachable(url);
  }
}

/** Shows the code of the stack that was prepared for this vote, and then asks: cast it or open it. */
export async function showSealCode(
  page: Page,
  { opened }: Station,
  { prepared }: Vote,
  deeds: { cast: () => void; back: () => void },
): Promise<void> {
  const later = await fetchLater(page);
  if (prepared) await later.showCode(page, opened, prepared, deeds);
}

/** The deeds of a visit that are fetched later. `begin` goes back to what this device has. */
export function laterDeeds(
  page: Page,
  { opened, addresses }: Station,
  attempt: Attempt,
  begin: () => Promise<void>,
): Pick<Deeds, "forget" | "showWhere" | "prove"> {
  const back = () => attempt(begin);
  const bring = async (path: string) => (await get(addresses.record + path)).bytes;
  const drop = async ({ id }: Ballot) => {
    await dropBallot(id);
    sessionStorage.clear();
  };
  return {
    forget: (ballot) =>
      attempt(async () => {
        const later = await fetchLater(page);
        later.askToForget(page, () => attempt(() => drop(ballot).then(() => later.showForgotten(page, back))), back);
      }),
    showWhere: (stack) => attempt(async () => (await fetchLater(page)).showWhere(page, opened, stack, back)),
    prove: (ballot, lines) =>
      attempt(async () => (await fetchLater(page)).handProof(page, opened, { ballot, lines, bring }, back)),
  };
}
