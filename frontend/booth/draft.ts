// The marks of a sheet that is not cast yet, kept on this device and locked with the person's code: whoever holds the
// phone without the code reads nothing, not even how much is marked. docs/decisions/0035 says why.
import { type Bytes, tag, utf8 } from "../shared/bytes";
import type { Opened } from "./manifest";
import { dropDraft, readDraft, writeDraft } from "./store";

export type Drafted = Record<string, string>;

/** A locked draft has a multiple of this many bytes. */
const roomFor = 4096;

async function lockOf(opened: Opened, secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey("raw", utf8(secret), "HKDF", false, ["deriveKey"]);
  const kdf = { name: "HKDF", hash: "SHA-256", salt: opened.digest, info: tag("blindballot-booth-draft-1") };
  return crypto.subtle.deriveKey(kdf, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** The draft's bytes, filled up with spaces. */
export function padded(marks: Drafted): Bytes {
  const text = utf8(JSON.stringify(marks));
  const bytes = new Uint8Array(Math.ceil(text.length / roomFor) * roomFor).fill(32);
  bytes.set(text);
  return bytes;
}

export class Draft {
  /** One write after the other, so that the newest marks are those that stay. */
  private last: Promise<unknown> = Promise.resolve();
  private newest = 0;

  private constructor(
    private readonly id: string,
    private readonly lock: CryptoKey,
    private readonly until: number,
  ) {}

  /** The draft of a ballot under a secret: a code of at least 60 bits, so no stretching is needed. */
  static async open(opened: Opened, id: string, secret: string, until: number): Promise<Draft> {
    return new Draft(id, await lockOf(opened, secret), until);
  }

  /** The marks that were kept; none if there are none, or if they were locked with another secret. */
  async read(): Promise<Drafted> {
    const kept = await readDraft(this.id);
    if (!kept) return {};
    try {
      const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.nonce }, this.lock, kept.locked);
      return JSON.parse(new TextDecoder().decode(text)) as Drafted;
    } catch {
      return {};
    }
  }

  /** Resolves when the marks are kept, or newer ones are about to be. Throws Distrust where the browser refuses. */
  write(marks: Drafted): Promise<void> {
    const number = ++this.newest;
    return this.next(async () => {
      if (number !== this.newest) return;
      const nonce = crypto.getRandomValues(new Uint8Array(12));
      const locked = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, this.lock, padded(marks));
      await writeDraft({ id: this.id, until: this.until, nonce, locked: new Uint8Array(locked) });
    });
  }

  /** Forgets the marks, after whatever is still being written. */
  drop(): Promise<void> {
    this.newest++;
    return this.next(() => dropDraft(this.id));
  }

  /** Resolves when nothing is being written any more. */
  settled(): Promise<unknown> {
    return this.last;
  }

  private next(act: () => Promise<void>): Promise<void> {
    const done = this.last.then(act);
    this.last = done.catch(() => undefined);
    return done;
  }
}
