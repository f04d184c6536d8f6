// How somebody arrives at the booth: what the page and its address say, and the station that the booth works with.
// Throws before anything can be marked whatever would make a ballot impossible here.
import { find } from "../shared/element";
import { normalCode } from "../shared/letters";
import type { Addresses, SecondIssuer, Station } from "./casting";
import { type Opened, openManifest } from "./manifest";
import type { Page } from "./page";
import { Unreachable, get } from "./server";
import { dropOldDrafts, tryKeeping } from "./store";
import { recall, remember } from "./tab";
import { Distrust, type Word } from "./words";

/** What an invitation's address says. */
export interface Arrival {
  fingerprint: string | null;
  code: string;
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
    names: address("namesUrl"),
    seconds: JSON.parse(address("seconds") || "[]") as SecondIssuer[],
  };
}

/** Reads the address. Takes a code out of it, so that the code stays neither in the history nor on the screen. */
export function readFragment(): Arrival {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const fingerprint = fragment.get("m");
  const code = normalCode(fragment.get("s") ?? fragment.get("c") ?? "") || recall("code");
  remember("code", code);
  const second = normalCode(fragment.get("d") ?? "");
  if (second) remember("second", second);
  const shown = fingerprint ? `#m=${fingerprint}` : location.pathname + location.search;
  if (code || second) history.replaceState(history.state, "", shown);
  return { fingerprint, code };
}

/** Whether the address has changed to another invitation: one scanned into the same tab changes only the fragment. */
export function isNewInvitation(): boolean {
  const fragment = new URLSearchParams(location.hash.slice(1));
  return ["c", "d", "s"].some((name) => fragment.has(name));
}

/** A poll is only ever extended, so a page that names an earlier time than the manifest is not believed. */
function readClose({ dataset }: HTMLFormElement, { manifest }: Opened): number {
  const announced = Date.parse(manifest.closes_at);
  const extended = Date.parse(dataset.closesAt ?? "");
  return Number.isNaN(extended) ? announced : Math.max(announced, extended);
}

/**
 * Throws Distrust unless this browser can make a ballot and keep it. Asked before a code is taken out of the address,
 * so that the whole invitation can be carried to another browser.
 */
export async function demandKeeping(): Promise<void> {
  if (!globalThis.crypto?.subtle) throw new Distrust("insecure");
  await tryKeeping();
}

/** What the booth works with. Throws Distrust and Unreachable. */
export async function openStation(page: Page, fingerprint: string | null): Promise<Station> {
  const addresses = readAddresses(page.form);
  const { bytes, now } = await get(addresses.manifest);
  if (!bytes) throw new Unreachable(addresses.manifest);
  const fingerprints = [page.form.dataset.fingerprint ?? "", ...(fingerprint === null ? [] : [fingerprint])];
  const opened = await openManifest(bytes, fingerprints);
  const closesAt = readClose(page.form, opened);
  await dropOldDrafts(now, opened.fingerprint, closesAt);
  const links = new Map(Object.entries(JSON.parse(find("#booth-units").textContent ?? "{}") as Record<string, string>));
  const progress = (step: Word) => page.status(page.words[step]);
  return { opened, addresses, closesAt, links, progress };
}
