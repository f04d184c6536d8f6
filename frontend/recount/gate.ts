// gate.json: what the gate kept back of a poll beside the rule of publication. Its certificate is for those who know
// its method; the recount asks only that lines and criteria are published as it says.
import { type Bytes, type Json, hex } from "../shared/bytes";
import { Misfit, asFields, asIdentifier, asList, asText, asWhole, decode, inside, readJson } from "../shared/fields";
import { type Line, type Pool, type Rules, keyOf } from "./manifest";
import { type Publication, type Withheld, kinds, nothingWithheld } from "./publication";

const [mostPolls, mostWithheld] = [1000, 2 ** 31 - 1];

/** What is withheld of a pool's line. */
export type Gate = (pool: string, line: string) => Withheld;

/** Throws Misfit. */
export function readGate(bytes: Bytes, rules: Rules): Gate {
  const names = ["format", "manifest", "assumed", "other_polls", "withheld", "certificate"];
  const given = asFields(readJson(decode(bytes)), "", names);
  if (given.format !== "blindballot-gate-1") throw new Misfit("format");
  if (given.manifest !== hex(rules.digest)) throw new Misfit("manifest");
  const assumed = asFields(given.assumed, "assumed", ["least", "insiders", "fewest_apart"]);
  for (const name of Object.keys(assumed)) asWhole(assumed[name], inside("assumed", name), 0);
  asList(given.other_polls, "other_polls", [0, mostPolls], readOtherPoll);
  const { certificate } = given;
  if (typeof certificate !== "object" || certificate === null || Array.isArray(certificate)) {
    throw new Misfit("certificate");
  }
  const rows = asList(given.withheld, "withheld", [0, mostWithheld], (item, place) => readWithheld(item, place, rules));
  demandOrder(rows, rules);
  const withheld = new Map(rows.map((row) => [keyOf(row.pool.id, row.line.id), row.withheld]));
  return (pool, line) => withheld.get(keyOf(pool, line)) ?? nothingWithheld;
}

interface Row {
  pool: Pool;
  line: Line;
  withheld: Withheld;
}

/** In the manifest's order of pools, then lines, none twice. */
function demandOrder(rows: Row[], rules: Rules): void {
  const pools = new Map(rules.pools.map(({ id }, at) => [id, at]));
  const lines = new Map(rules.lines.map(({ id }, at) => [id, at]));
  rows.forEach(({ pool, line }, at) => {
    const before = rows[at - 1];
    if (!before) return;
    const [own, last] = [pools.get(pool.id) as number, pools.get(before.pool.id) as number];
    const isLater = (lines.get(line.id) as number) > (lines.get(before.line.id) as number);
    if (own < last || (own === last && !isLater)) throw new Misfit(`withheld[${at}]`);
  });
}

function readOtherPoll(item: Json, place: string): void {
  const given = asFields(item, place, ["poll", "people"]);
  asText(given.poll, inside(place, "poll"));
  if (given.people !== null) asWhole(given.people, inside(place, "people"), 1);
}

function readWithheld(item: Json, place: string, rules: Rules): Row {
  const given = asFields(item, place, ["pool", "line", "most", "criteria"]);
  const pool = rules.poolOf.get(asIdentifier(given.pool, inside(place, "pool")));
  const line = pool?.lineOf.get(asIdentifier(given.line, inside(place, "line")));
  if (!pool || !line) throw new Misfit(place);
  const most: Publication | undefined = kinds.find((kind) => kind === given.most);
  if (!most) throw new Misfit(inside(place, "most"));
  const criteria = asList(given.criteria, inside(place, "criteria"), [0, line.criteria.length], asIdentifier);
  const own = line.criteria.filter((criterion) => criteria.includes(criterion));
  if (own.join() !== criteria.join()) throw new Misfit(inside(place, "criteria"));
  if (!criteria.length && most === "open") throw new Misfit(place);
  return { pool, line, withheld: { most, criteria } };
}
