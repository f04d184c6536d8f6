// How large a photo is made on the device.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fitted } from "../../writing/photo";

test("a large photo is made to fit by its longer side", () => {
  assert.deepEqual(fitted(12000, 9000), [1600, 1200]);
  assert.deepEqual(fitted(3000, 4000), [1200, 1600]);
});

test("a small photo stays as large as it is, and a narrow one keeps a pixel", () => {
  assert.deepEqual(fitted(640, 480), [640, 480]);
  assert.deepEqual(fitted(20000, 3), [1600, 1]);
});
