// A locked draft does not tell how much is marked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { padded } from "../../booth/draft";

const marks = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`u${at}:work`, "1"]));

test("no mark and sixty marks take the same room, and nothing is lost", () => {
  assert.equal(padded({}).length, padded(marks(60)).length);
  for (const count of [0, 1, 60, 500])
    assert.deepEqual(JSON.parse(new TextDecoder().decode(padded(marks(count)))), marks(count));
});
