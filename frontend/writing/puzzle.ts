// ALTCHA's proof of work, version 2 with iterated SHA-256: tries counters until the derived key begins with the prefix.
// It works in slices, so that the page stays responsive, and needs neither WebCrypto nor a worker.
import { blockOf, hashBlock, hex } from "./sha256";

export interface Parameters {
  algorithm: string;
  cost: number;
  keyLength: number;
  keyPrefix: string;
  nonce: string;
  salt: string;
}

export interface Challenge {
  parameters: Parameters;
  signature: string;
}

export interface Solution {
  counter: number;
  derivedKey: string;
}

const sliceMs = 12;
const mostTries = 20_000; // twenty times what the server asks for; a puzzle beyond that would only empty a battery

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2);
  for (let place = 0; place < bytes.length; place++) bytes[place] = parseInt(text.substr(2 * place, 2), 16);
  return bytes;
}

/** Salt, nonce and a counter of four bytes, as the key of a counter is derived from them. */
function startOf(parameters: Parameters): Uint8Array {
  const salt = bytesOf(parameters.salt);
  const nonce = bytesOf(parameters.nonce);
  const start = new Uint8Array(salt.length + nonce.length + 4);
  start.set(salt);
  start.set(nonce, salt.length);
  return start;
}

/** Gives, counter by counter, the derived key; `next` does one try. */
export class Search {
  private readonly start: Uint8Array;
  private readonly again = blockOf(new Uint8Array(32));
  private readonly out = new Int32Array(8);
  counter = 0;

  constructor(private readonly parameters: Parameters) {
    if (parameters.algorithm !== "SHA-256") throw new Error(`no ${parameters.algorithm} here`);
    this.start = startOf(parameters);
  }

  /** The key of the next counter if it begins with the prefix, else null. */
  next(): Solution | null {
    const counter = this.counter++;
    const tail = this.start.length - 4;
    for (let place = 0; place < 4; place++) this.start[tail + place] = counter >>> (24 - 8 * place);
    hashBlock(blockOf(this.start), this.out);
    for (let round = 1; round < this.parameters.cost; round++) {
      this.again.set(this.out);
      hashBlock(this.again, this.out);
    }
    const derivedKey = hex(this.out).slice(0, 2 * this.parameters.keyLength);
    return derivedKey.indexOf(this.parameters.keyPrefix) === 0 ? { counter, derivedKey } : null;
  }
}

/** Solves the challenge in slices and hands the answer on as the form sends it; `isOver` ends it early. */
export function solve(challenge: Challenge, isOver: () => boolean, solved: (answer: string) => void): void {
  const search = new Search(challenge.parameters);
  const step = (): void => {
    if (isOver() || search.counter > mostTries) return;
    const end = Date.now() + sliceMs;
    while (Date.now() < end) {
      const solution = search.next();
      if (!solution) continue;
      solved(btoa(JSON.stringify({ challenge, solution })));
      return;
    }
    setTimeout(step, 0);
  };
  step();
}
