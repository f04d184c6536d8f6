// The base sheet loses what no page has, and nothing else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
// @ts-expect-error a script of the build, without types
import { trimmed, unused, variables } from "../sheet.mjs";

const without = trimmed as (sheet: string) => string;
const words = unused as string[];

test("a rule stays for the selectors that a page may have", () => {
  const negated = "a:not([data-theme=dark],:is(dialog,b))";
  assert.equal(without(`${negated},[data-theme=dark] a{color:red}`), `${negated}{color:red}`);
  assert.equal(without("dialog{color:red}b{color:blue}"), "b{color:blue}");
  const [first, last] = ['i::after{content:"\\\\"}', 'u{content:"}"}'];
  assert.equal(without(`@media print{dialog{color:red}}${first}dialog{top:0}${last}`), first + last);
});

test("the licence stays, and the variables of what is gone go", () => {
  const head = '@charset "UTF-8";/*! Licensed */';
  const variables = '--pico-modal-color:url("a;b");--pico-color:red;--pico-range-color:red';
  assert.equal(without(`${head}:root{${variables}}`), `${head}:root{--pico-color:red}`);
  assert.equal(without(":root{--pico-tooltip-color:red}b{top:0}"), "b{top:0}");
});

test("of the real sheet everything else stays, in its order", () => {
  const whole = readFileSync("node_modules/@picocss/pico/css/pico.min.css", "utf8");
  const ours = without(whole);
  const bare = (sheet: string) => sheet.replace(/\/\*[^]*?\*\//, "");
  const heads = (sheet: string) =>
    Array.from(bare(sheet).matchAll(/(?<=^|[{}])([^{}]+)\{/g), ([, head]) => head as string);
  const isLeftOut = (head: string) => words.some((word) => head.replace(/"/g, "").includes(word));
  const untouched = heads(whole).filter(
    (head) => !/^(?:@|from|to|[\d.]+%)/.test(head) && !isLeftOut(head),
  );
  const kept = new Set(heads(ours));
  assert.deepEqual(untouched.filter((head) => !kept.has(head)), []);
  assert.ok(untouched.length > 150);
  assert.equal(ours.split("{").length, ours.split("}").length);
  assert.ok(ours.length < whole.length * 0.7);
  const gone = new Set(Array.from(whole.matchAll(variables as RegExp), ([text]) => text.split(":")[0]));
  assert.deepEqual([...gone].filter((name) => ours.includes(`var(${name}`)), []);
});
