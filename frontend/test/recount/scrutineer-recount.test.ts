// A scrutineer's recount in the browser, against handovers that the Python engine made, sound and tampered with: whose
// shares open what, what is found, and what is passed on.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { order, toBytes, toNumber } from "../../recount/curve";
import { Findings } from "../../recount/findings";
import { ExchangeKey } from "../../recount/hpke";
import type { Facts } from "../../recount/record";
import type { SealedCheck } from "../../recount/scrutineer/findings";
import { handedPlaces } from "../../recount/handed";
import { type Handover, readHandover } from "../../recount/scrutineer/handover";
import { keysOf, makeSeed } from "../../recount/scrutineer/keys";
import { passOn } from "../../recount/scrutineer/passing";
import { sealedVerdict } from "../../recount/scrutineer/outcome";
import { type Counted, SealedSlips } from "../../recount/scrutineer/sealedslips";
import { type Scrutiny, type Stage, scrutinise } from "../../recount/scrutineer/scrutiny";
import { interpolate } from "../../recount/scrutineer/shares";
import type { ScrutineerWords } from "../../recount/scrutineer/words";
import { type Bytes, b64, canonical, join, unb64, utf8 } from "../../shared/bytes";
import type { Fields } from "../../shared/fields";
import { edited, filesOf, variants } from "../records";
import { factsOf, handover, linesOf, passedTo, taskOf, told } from "../scrutineers";

const checks = ({ findings }: Scrutiny) => findings.map(({ check }) => check);

for (const { name, edits, found } of told.handovers)
  test(`handover: ${name}`, async () => {
    const changed = edits.reduce(edited, handover);
    const done = await scrutinise(await taskOf("s1", { handover: changed, passed: passedTo("s1", "s2") }));
    assert.equal(done.record.count, 0);
    const kinds = new Map([
      ["share", ["share-closed", "share-misfit"]],
      ["unreadable", ["bad-handover", "line-form"]],
    ]);
    const [own, wanted] = [checks(done), kinds.get(found) ?? [found]];
    if (found) assert.ok(own.some((check) => wanted.includes(check)), own.join());
    else assert.deepEqual(own, []);
    assert.equal(done.checked === null, found !== "");
  });

test("alone a scrutineer opens nothing, and has a line for each of the others", async () => {
  const done = await scrutinise(await taskOf("s1"));
  assert.deepEqual([done.isNamed, checks(done), done.with, done.checked], [true, [], "", null]);
  assert.deepEqual([done.places, done.slips, done.passOn.length], [told.lines.length, told.slips, 2]);
});

test("without a handover everybody's recount is done, and what is sealed stays unchecked", async () => {
  const done = await scrutinise(await taskOf("s1", { handover: null }));
  assert.deepEqual([checks(done), done.places, done.isHandedOver], [[], told.lines.length, false]);
  assert.deepEqual([done.checked, done.passOn], [null, []]);
});

test("any two open the sealed lines and find what the engine finds; the third's shares are not needed", async () => {
  for (const [one, other] of [["s1", "s2"], ["s2", "s3"], ["s3", "s1"]] as const) {
    const done = await scrutinise(await taskOf(one, { passed: passedTo(one, other) }));
    assert.deepEqual(checks(done), []);
    assert.equal(done.with, `Scrutineer ${other}`);
    assert.deepEqual(done.checked?.lines.map(({ pool, line }) => [pool, line]), told.lines);
    assert.deepEqual(done.checked?.invalid.map((name) => b64(name)), told.invalid);
  }
});

test("what one passes on opens at the other's desk, and nowhere else", async () => {
  const { passOn } = await scrutinise(await taskOf("s3"));
  // The line for the other one, which is the first that s2 meets, is passed over.
  for (const id of ["s1", "s2"]) {
    const done = await scrutinise(await taskOf(id, { passed: linesOf(passOn) }));
    assert.deepEqual([done.with, done.unusable], ["Scrutineer s3", []]);
  }
  const stolen = passOn.map((line) => line.replace('"to":"s1"', '"to":"s2"')).slice(0, 1);
  const other = await scrutinise(await taskOf("s2", { passed: linesOf(stolen) }));
  assert.deepEqual([other.with, other.unusable], ["", [{ from: "Scrutineer s3", problem: "closed" }]]);
});

let facts: Facts;
let keys: Map<string, ExchangeKey>;
before(async () => {
  facts = (await factsOf()).facts;
  keys = await secretKeys();
});

test("shares passed on that open and do not fit are of no use, are said, and the next ones serve", async () => {
  const shares = told.lines.map((_, at) => toBytes(BigInt(at + 1)));
  const wrong = (await passOn(facts.rules, { at: 1, shares })).slice(0, 1);
  const lines = ["", "{}", ...wrong, wrong[0]?.replace(/"sealed":"../, '"sealed":"AA') ?? ""];
  const passed = join(linesOf(lines), passedTo("s1", "s3"), utf8("cut"));
  const done = await scrutinise(await taskOf("s1", { passed }));
  const unreadable = { from: "", problem: "unreadable" };
  const misfit = { from: "Scrutineer s2", problem: "misfit" };
  assert.deepEqual(done.unusable, [unreadable, unreadable, misfit, { from: "Scrutineer s2", problem: "closed" }]);
  assert.deepEqual([done.with, done.checked?.lines.length], ["Scrutineer s3", told.lines.length]);
});

test("of other keys than the manifest names nothing is opened, passed on or signed", async () => {
  const task = await taskOf("s1", { passed: passedTo("s1", "s2") });
  for (const wrong of [{ ...task, scrutineer: "s2" }, { ...task, keys: await keysOf(makeSeed()) }]) {
    const done = await scrutinise(wrong);
    assert.deepEqual([done.isNamed, done.passOn, done.checked], [false, [], null]);
  }
});

test("a record that fails, or whose signature could not be checked, is never offered as checked", async (context) => {
  const forged = variants.find(({ finding }) => finding?.[2] === "recount");
  assert.ok(forged);
  const passed = passedTo("s1", "s2");
  const false_ = await scrutinise(await taskOf("s1", { files: filesOf(forged), passed }));
  assert.deepEqual([false_.record.count > 0, false_.isNamed, false_.checked], [true, true, null]);
  const importKey = crypto.subtle.importKey.bind(crypto.subtle);
  const without = (...asked: Parameters<typeof importKey>) =>
    asked[2] === "Ed25519" ? Promise.reject(new DOMException("", "NotSupportedError")) : importKey(...asked);
  context.mock.method(crypto.subtle, "importKey", without as typeof importKey);
  const unsure = await scrutinise(await taskOf("s1", { passed }));
  assert.deepEqual([unsure.record.count, unsure.record.signature, unsure.checked], [0, null, null]);
});

async function secretKeys(): Promise<Map<string, ExchangeKey>> {
  const made = Object.entries(told.keys).map(async ([place, secret]): Promise<[string, ExchangeKey]> => {
    const { closingKey } = facts.keys.get(place) as { closingKey: Bytes };
    return [place, await ExchangeKey.of(closingKey, toBytes(BigInt(`0x${secret}`)))];
  });
  return new Map(await Promise.all(made));
}

/** What the sealed slips say of these places, in this handover. */
async function sums(places: Counted[], bytes = handover, said = facts): Promise<Findings<SealedCheck>> {
  const findings = new Findings<SealedCheck>();
  const slips = new SealedSlips(said, places, findings);
  await slips.take((readHandover(bytes, facts.rules, findings) as Handover).slips, async () => undefined);
  await slips.recount(keys, async () => undefined);
  return findings;
}

test("every figure that counts.json has of a sealed line is held to the slips", async () => {
  const places = handedPlaces(facts.counts);
  const kinds = new Set(places.map(({ count }) => count.publication));
  assert.deepEqual([...kinds].sort(), ["band", "counts"]);
  for (const [at, place] of places.entries()) {
    for (const field of Object.keys(place.count.written)) {
      const written = { ...place.count.written, [field]: "another" };
      const changed = places.map((one, index) => (index === at ? { ...one, count: { ...one.count, written } } : one));
      const { kept } = await sums(changed);
      const found = kept.map(({ check, values }) => [check, values.pool, values.place, values.field]);
      assert.deepEqual(found, [["recount", place.pool, place.line, field]]);
    }
  }
});

const lines = Buffer.from(handover).toString("utf8").trimEnd().split("\n");
/** The handover without the first slip of a place. */
function without(place: string): Bytes {
  const isOf = (line: string) => {
    const { slip } = JSON.parse(line) as { slip?: string };
    return slip !== undefined && facts.names.of(unb64(slip))?.place === place;
  };
  const missing = lines.findIndex(isOf);
  return linesOf(lines.filter((_, at) => at !== missing));
}

test("a line with a missing slip is not compared as well", async () => {
  const places = handedPlaces(facts.counts);
  for (const place of ["members/u2", "elders/u1"]) {
    const { kept } = await sums(places, without(place));
    assert.deepEqual(kept.map(({ check, values }) => [check, values.detail]), [["opened-missing", "handover.jsonl"]]);
  }
});

/** The same poll with both lines of the elders belonging to one unit, whose first is better than its second. */
function withOneUnit(): Facts {
  const { rules } = facts;
  const grades = rules.grades.map((grade, at) => ({ ...grade, points: [10, 8, 4, 2][at] as number }));
  const pools = rules.pools.map((pool) => {
    const lines = pool.lines.map((line) => ({ ...line, unit: "one" }));
    return pool.id === "elders" ? { ...pool, lines, lineOf: new Map(lines.map((line) => [line.id, line])) } : pool;
  });
  return { ...facts, rules: { ...rules, grades, pools, poolOf: new Map(pools.map((pool) => [pool.id, pool])) } };
}

test("nor is the band that a unit's lines share, while one of them has a missing slip", async () => {
  const [places, said] = [handedPlaces(facts.counts), withOneUnit()];
  assert.deepEqual((await sums(places, handover, said)).kept, []);
  const alone = places.filter(({ pool, line }) => pool !== "elders" || line !== "u2");
  const strange = (await sums(alone, without("elders/u2"), said)).kept.map(({ check }) => check);
  assert.ok(strange.includes("recount"), "the other line by itself has another band");
  const { kept } = await sums(places, without("elders/u2"), said);
  assert.deepEqual(kept.map(({ check }) => check), ["opened-missing"]);
});

const [first, second, ...others] = lines as [string, string];
const changedLine = (line: string, change: Fields) => canonical({ ...(JSON.parse(line) as Fields), ...change });
const place = JSON.parse(second) as { shares: string[] };
const [short, noPoint] = [b64(new Uint8Array(112)), b64(new Uint8Array(65).fill(4))];

const hostile: [string, string[]][] = [
  ["an empty file", []],
  ["nothing but line feeds", ["", "", ""]],
  ["more places than any file has", [changedLine(first, { places: 2 ** 31 - 1 }), second, ...others]],
  ["more places than a number holds", [changedLine(first, { places: 1e300 }), second, ...others]],
  ["fewer places than none", [changedLine(first, { places: -1 }), second, ...others]],
  ["a number that is none", [changedLine(first, { places: "6" }), second, ...others]],
  ["another form", [changedLine(first, { format: "blindballot-handover-2" }), second, ...others]],
  ["a first line of another layout", [first.replace(":", ": "), second, ...others]],
  ["a place called constructor", [first, changedLine(second, { pool: "constructor" }), ...others]],
  ["a field called __proto__", [first, second.replace("{", '{"__proto__":{},'), ...others]],
  ["a share too few", [first, changedLine(second, { shares: place.shares.slice(1) }), ...others]],
  ["a share too short", [first, changedLine(second, { shares: [short, ...place.shares.slice(1)] }), ...others]],
  ["a commitment beside the curve", [first, changedLine(second, { commitment: noPoint }), ...others]],
  ["a line without end", [first, "x".repeat(200_000), ...others]],
];

for (const [name, lines] of hostile)
  test(`a hostile handover: ${name}`, () => {
    const findings = new Findings<SealedCheck>();
    assert.equal(readHandover(linesOf(lines), facts.rules, findings), null);
    assert.deepEqual(findings.kept.map(({ check }) => check), ["bad-handover"]);
  });

test("two points of a line give the number at its beginning, whichever two they are", () => {
  const secret = toNumber(toBytes(order - 5n));
  for (const slope of [1n, 12345n, order - 1n]) {
    const share = (i: number): [number, bigint] => [i, (secret + slope * BigInt(i)) % order];
    for (const [i, j] of [[1, 2], [2, 1], [3, 100], [100, 1]] as const)
      assert.equal(interpolate(share(i), share(j)), secret);
  }
});

test("the work tells how far it is with each part, and stops when the page says so", async () => {
  const task = await taskOf("s1", { passed: passedTo("s1", "s2") });
  const stages: Stage[] = [];
  await scrutinise(task, async (stage) => void stages.push(stage));
  assert.ok(stages.includes("record"));
  const stop = async (): Promise<void> => {
    throw new RangeError("stopped");
  };
  await assert.rejects(scrutinise(task, stop), RangeError);
});

test("the sentence about the sealed lines is the first that is so", async () => {
  const words = {
    sealed_fails: "fails {count}",
    not_named: "not named",
    sealed_left: "record fails",
    sealed_none: "none",
    sealed_first: "first {lines} {slips}",
    handover_gone: "gone",
    sealed_fits: "fits {lines} {slips} {name}",
  } as ScrutineerWords;
  const alone = await scrutinise(await taskOf("s1"));
  const say = (more: Partial<Scrutiny>) => sealedVerdict({ ...alone, ...more }, words).sentence;
  const counted = `${told.lines.length} ${told.slips}`;
  assert.equal(say({}), `first ${counted}`);
  assert.equal(say({ with: "Li" }), `fits ${counted} Li`);
  assert.equal(say({ places: 0 }), "none");
  assert.equal(say({ isHandedOver: false, with: "" }), "gone");
  assert.equal(say({ record: { ...alone.record, count: 1 }, with: "Li" }), "record fails");
  assert.equal(say({ isNamed: false }), "not named");
  assert.equal(say({ count: 2, isNamed: false }), "fails 2");
});
