// What a scrutineer's recount needs of the site: the record's zip, what is handed over to this person, what others
// passed on. The handover is asked for by a deed, since the site puts on record who took it.
import type { Bytes } from "../../shared/bytes";
import { Unusable, mostBytes } from "../source";
import type { Trouble } from "../words";
import type { FetchTrouble } from "./words";

/** Nothing that could be recounted came; the person reads the sentence under `word`. */
export class NotFetched extends Error {
  constructor(readonly word: FetchTrouble | Trouble) {
    super(word);
  }
}

/** The zip of the record. The site leads elsewhere while it is still being packed. */
export async function fetchRecord(address: string): Promise<File> {
  const answer = await ask(address);
  if (!answer?.ok) throw new NotFetched("site_unreached");
  if (answer.redirected) throw new NotFetched("record_waiting");
  return new File([await bodyOf(answer)], "record.zip");
}

/** `token` is the page's own mark against forms from elsewhere. */
export async function fetchHandover(address: string, token: string): Promise<Bytes> {
  const body = new URLSearchParams({ csrfmiddlewaretoken: token });
  const answer = await ask(address, { method: "POST", body });
  if (!answer?.ok || answer.redirected) throw new NotFetched("handover_refused");
  return bodyOf(answer);
}

/** The lines that others passed on to this person. */
export async function fetchPassed(address: string): Promise<Bytes> {
  const answer = await ask(address);
  if (!answer?.ok || answer.redirected) throw new NotFetched("site_unreached");
  return bodyOf(answer);
}

function ask(address: string, more: RequestInit = {}): Promise<Response | null> {
  return fetch(address, { credentials: "same-origin", cache: "no-store", ...more }).catch(() => null);
}

async function bodyOf(answer: Response): Promise<Bytes> {
  const blob = await answer.blob().catch(() => null);
  if (!blob) throw new NotFetched("site_unreached");
  if (blob.size > mostBytes) throw new Unusable("too_large");
  return new Uint8Array(await blob.arrayBuffer());
}
