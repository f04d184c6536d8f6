// Where the device keeps ballots between visits: one IndexedDB table, by ballot id. Private keys lie there as CryptoKey
// objects that no script can read out. The draft of the marks lies in sessionStorage until the stack is sealed.
import type { Ballot } from "./ballot";
import { Distrust } from "./words";

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

async function within<T>(mode: IDBTransactionMode, act: (ballots: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(table, mode, { durability: "strict" });
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(new Distrust("no_storage"));
    });
    const [result] = await Promise.all([settled(act(transaction.objectStore(table))), done]);
    return result;
  } finally {
    database.close();
  }
}

/** Resolves when the ballot is on the disk. Throws Distrust("no_storage") if the browser keeps nothing. */
export async function writeBallot(ballot: Ballot): Promise<void> {
  await within("readwrite", (ballots) => ballots.put(ballot));
}

/** Resolves when nothing of the ballot is left in the table. */
export async function dropBallot(id: string): Promise<void> {
  await within("readwrite", (ballots) => ballots.delete(id));
}

export async function readBallot(id: string): Promise<Ballot | null> {
  return (await within("readonly", (ballots) => ballots.get(id) as IDBRequest<Ballot | undefined>)) ?? null;
}

/** All ballots that this device cast or began under one manifest. */
export function readBallots(fingerprint: string): Promise<Ballot[]> {
  const range = IDBKeyRange.bound(`${fingerprint}:`, `${fingerprint}:~`);
  return within("readonly", (ballots) => ballots.getAll(range) as IDBRequest<Ballot[]>);
}

export interface Draft {
  id: string;
  codes: string[];
  marks: Record<string, string>;
}

const draftKey = (fingerprint: string) => `booth:${fingerprint}`;

export function readDraft(fingerprint: string): Draft | null {
  const text = sessionStorage.getItem(draftKey(fingerprint));
  return text ? (JSON.parse(text) as Draft) : null;
}

export function writeDraft(fingerprint: string, draft: Draft): void {
  sessionStorage.setItem(draftKey(fingerprint), JSON.stringify(draft));
}

export function dropDraft(fingerprint: string): void {
  sessionStorage.removeItem(draftKey(fingerprint));
}
