// One form of date a language.
import assert from "node:assert/strict";
import { test } from "node:test";
import { moment } from "../../shared/moments";

const time = Date.UTC(2026, 11, 3, 0, 52);

test("a moment is written as on the pages", () => {
  assert.equal(moment(time, "zh-Hans", "Asia/Shanghai"), "2026年12月3日 8:52");
  assert.equal(moment(time, "en", "Asia/Shanghai"), "3 December 2026, 8:52");
  assert.equal(moment(Date.UTC(2026, 11, 2, 16, 5), "zh-Hans", "Asia/Shanghai"), "2026年12月3日 0:05");
});
