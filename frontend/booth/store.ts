// Where the device keeps ballots between visits: one IndexedDB table, by ballot id. Private keys lie there as CryptoKey
// objects that no script can read out. Beside them lie the locked drafts of marks (draft.ts), under names of their own.
import type { Bytes } from "../shared/bytes";
import type { Ballot } from "./ballot";
import { Distrust, type Word } from "./words";

const table = "ballots";

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function open(): Promise<IDBDatabase> {
  try {
    const request = indexedDB.open("zhengyou-booth", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: "id" });
    return await settled(request);
  } catch {
    throw new Distrust("no_storage");
  }
}

/** What it means that the browser does not keep something. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  const words: Record<string, Word> = { QuotaExceededError: "storage_full", DataCloneError: "no_keys" };
  return new Distrust(words[error.name] ?? "no_storage");
}

async function within<T>(mode: IDBTransactionMode, act: (ballots: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(table, mode, { durability: "strict" });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Distrust("no_storage"));
    });
    const [result] = await Promise.all([settled(act(transaction.objectStore(table))), done]);
    return result;
  } catch (error) {
    throw refusalOf(error);
  } finally {
    database.close();
  }
}

const trial = "~trial";

/**
 * Keeps a real key, takes it out again and signs with it. Throws Distrust: "no_storage", "storage_full", or "no_keys"
 * where the browser keeps texts but no keys. Asked before the first mark, since a ballot that is not kept is lost.
 */
export async function tryKeeping(): Promise<void> {
  const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  await within("readwrite", (ballots) => ballots.put({ id: trial, key: privateKey }));
  const kept = await within("readonly", (ballots) => ballots.get(trial) as IDBRequest<{ key: CryptoKey } | undefined>);
  await within("readwrite", (ballots) => ballots.delete(trial));
  try {
    await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, (kept as { key: CryptoKey }).key, new Uint8Array(1));
  } catch {
    throw new Distrust("no_keys");
  }
}

/** Resolves when the ballot is on the disk. Throws Distrust as `tryKeeping` does. */
export async function writeBallot(ballot: Ballot): Promise<void> {
  await within("readwrite", (ballots) => ballots.put(ballot));
  traceOf(ballot.id);
}

/** Resolves when nothing of the ballot is left: neither itself, nor its draft, nor that there was one. */
export async function dropBallot(id: string): Promise<void> {
  await within("readwrite", (ballots) => ballots.delete(id));
  await dropDraft(id);
  localStorage.removeItem(begunOf(id));
}

export async function readBallot(id: string): Promise<Ballot | null> {
  return (await within("readonly", (ballots) => ballots.get(id) as IDBRequest<Ballot | undefined>)) ?? null;
}

/** All ballots that this device cast or began under one manifest. */
export function readBallots(fingerprint: string): Promise<Ballot[]> {
  const range = IDBKeyRange.bound(`${fingerprint}:`, `${fingerprint}:~`);
  return within("readonly", (ballots) => ballots.getAll(range) as IDBRequest<Ballot[]>);
}

/** A locked draft, until the poll closes. The id is the ballot's, which does not show the code. */
export interface LockedDraft {
  id: string;
  until: number;
  nonce: Bytes;
  locked: Bytes;
}

const draftOf = (id: string) => `draft ${id}`;

export async function readDraft(id: string): Promise<LockedDraft | null> {
  const kept = await within("readonly", (drafts) => drafts.get(draftOf(id)) as IDBRequest<LockedDraft | undefined>);
  return kept ?? null;
}

export async function writeDraft(draft: LockedDraft): Promise<void> {
  await within("readwrite", (drafts) => drafts.put({ ...draft, id: draftOf(draft.id) }));
}

export async function dropDraft(id: string): Promise<void> {
  await within("readwrite", (drafts) => drafts.delete(draftOf(id)));
}

/** Forgets the drafts of all polls that are over; `own` is this poll's fingerprint, whose close may have moved. */
export async function dropOldDrafts(now: number, own: string, closesAt: number): Promise<void> {
  const all = IDBKeyRange.bound(draftOf(""), draftOf("~"));
  const drafts = await within("readonly", (kept) => kept.getAll(all) as IDBRequest<LockedDraft[]>);
  for (const { id, until } of drafts)
    if (now >= (id.startsWith(draftOf(own)) ? closesAt : until)) await within("readwrite", (kept) => kept.delete(id));
}

const begunOf = (id: string) => `booth-begun ${id}`;

/**
 * Whether a ballot was begun in this browser, even if the browser has since erased it: browsers erase databases first.
 */
export function wasBegun(id: string): boolean {
  try {
    return localStorage.getItem(begunOf(id)) !== null;
  } catch {
    return false;
  }
}

/** A trace beside the ballot that says only that there was one. It is a help, so a browser may refuse it. */
function traceOf(id: string): void {
  try {
    localStorage.setItem(begunOf(id), "");
  } catch {
    // Without it the person reads the more careful sentence.
  }
}
