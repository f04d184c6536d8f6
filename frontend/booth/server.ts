// Requests to the site: JSON in, JSON out. A 4xx answer is a Refusal with the server's sentence; everything else that
// is no answer is Unreachable. While something is being sent, the browser asks before it leaves the page.
import type { Bytes, Json } from "../shared/bytes";
import type { Names } from "../shared/wording";

/** For requests that say nothing of the person: neither cookies nor the page's address go along. */
export const nameless: RequestInit = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };

const sendingMs = 30_000;
const fetchingMs = 300_000;

/** The server said no, in a sentence for the person. `from` names a second issuer, if it was that. */
export class Refusal extends Error {
  constructor(
    readonly sentence: string,
    readonly reason: string,
    readonly from: Names | null = null,
  ) {
    super(reason);
  }
}

/** No answer, or none that counts: nobody knows whether the request arrived. `from` names a second issuer. */
export class Unreachable extends Error {
  constructor(
    message: string,
    readonly from: Names | null = null,
  ) {
    super(message);
  }
}

function holdPage(event: BeforeUnloadEvent): void {
  event.preventDefault();
  event.returnValue = "";
}

async function request(url: string, patienceMs: number, options: RequestInit): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), patienceMs);
  try {
    const response = await fetch(url, { ...options, signal: abort.signal });
    // Read to the end here, so that a reply cut off half-way counts as none.
    return new Response(await response.arrayBuffer(), { status: response.status, headers: response.headers });
  } catch {
    throw new Unreachable(url);
  } finally {
    clearTimeout(timer);
  }
}

async function parsed(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
}

/** The server's answer to a JSON body. Throws Refusal or Unreachable; `options` add to the request. */
export async function post(url: string, body: Json, options: RequestInit = {}): Promise<Record<string, unknown>> {
  // The language is named openly, because a request without cookies would otherwise be answered in the browser's.
  const headers = { "content-type": "application/json", "accept-language": document.documentElement.lang || "en" };
  addEventListener("beforeunload", holdPage);
  const response = await request(url, sendingMs, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
    ...options,
  }).finally(() => removeEventListener("beforeunload", holdPage));
  const answer = await parsed(response);
  if (response.ok && typeof answer.error !== "string") return answer;
  if (typeof answer.error !== "string") throw new Unreachable(`${url}: ${response.status}`);
  throw new Refusal(answer.error, String(answer.reason ?? ""));
}

/** The bytes at an address, or null for 404, and the server's own clock. Throws Unreachable. */
export async function get(url: string): Promise<{ bytes: Bytes | null; now: number }> {
  const response = await request(url, fetchingMs, { credentials: "omit", cache: "no-cache" });
  if (!response.ok && response.status !== 404) throw new Unreachable(`${url}: ${response.status}`);
  const clock = Date.parse(response.headers.get("date") ?? "");
  const bytes = response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  return { bytes, now: Number.isNaN(clock) ? Date.now() : clock };
}
