// The solver against node's own SHA-256 and against a puzzle that the Python library made and solved.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { type Challenge, Search, solve } from "../../writing/puzzle";
import { blockOf, hashBlock, hex } from "../../writing/sha256";

function digest(bytes: Uint8Array): string {
  const out = new Int32Array(8);
  hashBlock(blockOf(bytes), out);
  return hex(out);
}

test("SHA-256 of every length up to one block is node's own", () => {
  for (let length = 0; length <= 55; length++) {
    const bytes = Uint8Array.from({ length }, (_value, place) => (place * 37 + length * 101) % 256);
    assert.equal(digest(bytes), createHash("sha256").update(bytes).digest("hex"));
  }
  assert.throws(() => blockOf(new Uint8Array(56)), RangeError);
});

// Made with altcha 2.3 in Python: create_challenge("SHA-256", 7, counter=421), solved by its solve_challenge.
const made = {
  parameters: {
    algorithm: "SHA-256",
    cost: 7,
    keyLength: 32,
    keyPrefix: "07249aa414d3b6f25b8537253d743542",
    nonce: "9a7e6c90fada2ed696b8afb419a02cc3",
    salt: "0530863783479b2f147261cab4c197b5",
    data: {
      about: "promise:12",
    },
  },
  signature: "d4244d1313a232d8fc0f44006d579754fa267e0b944adac79ad64c32970688c7",
};
const challenge: Challenge = made;
const derivedKey = "07249aa414d3b6f25b8537253d743542acf574ef168936b1a250adb0637acaac";

test("a puzzle of the Python library is solved as that library solves it", () => {
  const search = new Search(challenge.parameters);
  let solution = search.next();
  while (!solution) solution = search.next();
  assert.deepEqual(solution, { counter: 421, derivedKey });
});

test("the answer is what a form of ALTCHA sends, and comes in slices", async () => {
  let isBusy = true;
  const answer = await new Promise<string>((solved) => {
    solve({ ...challenge, parameters: { ...challenge.parameters, cost: 2000 } }, () => false, solved);
    solve(challenge, () => false, solved);
    isBusy = false;
  });
  assert.equal(isBusy, false);
  assert.deepEqual(JSON.parse(atob(answer)), { challenge, solution: { counter: 421, derivedKey } });
});

test("a search that nobody waits for any more ends", async () => {
  let looks = 0;
  const isOver = () => ++looks > 2;
  solve({ ...challenge, parameters: { ...challenge.parameters, keyPrefix: "none" } }, isOver, assert.fail);
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(looks, 3);
});

test("a puzzle of a kind that this solver does not know is left alone", () => {
  assert.throws(() => new Search({ ...challenge.parameters, algorithm: "ARGON2ID" }));
});
