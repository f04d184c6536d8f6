// gate.json: what the gate kept back of a poll beside the rule of publication. Its certificate is for those who know
// its method; the recount asks only that lines and criteria are published as it says.
import type { Bytes, Json } from "../shared/bytes";
import { Misfit, asFields, asIdentifier, asList, asText, asWhole, decode, inside, readJson } from "../shared/fields";
import type { Rules } from "./manifest";
import { type Publication, type Withheld, kinds, nothingWithheld } from "./publication";

const mostPolls = 1000;

/** What is withheld of each line; throws Misfit. `manifest` is the fingerprint of the manifest. */
export function readGate(bytes: Bytes, rules: Rules, manifest: string): (pool: string, line: string) => Withheld {
  const names = ["format", "manifest", "assumed", "other_polls", "withheld", "certificate"];
  const given = asFields(readJson(decode(bytes)), "", names);
  if (given.format !== "zhengyou-gate-1") throw new Misfit("format");
  if (given.manifest !== manifest) throw new Misfit("manifest");
  const assumed = asFields(given.assumed, "assumed", ["least", "insiders", "fewest_apart"]);
  for (const name of Object.keys(assumed)) asWhole(assumed[name], inside("assumed", name), 0);
  asList(given.other_polls, "other_polls", [0, mostPolls], readOtherPoll);
  const { certificate } = given;
  if (typeof certificate !== "object" || certificate === null || Array.isArray(certificate)) {
    throw new Misfit("certificate");
  }
  const places = rules.pools.flatMap((pool) => rules.lines.map((line) => placeOf(pool.id, line.id)));
  const rows = asList(given.withheld, "withheld", [0, places.length], (item, place) =>
    readWithheld(item, place, rules),
  );
  const order = rows.map(([place]) => places.indexOf(place));
  if (order.some((at, n) => n > 0 && at <= (order[n - 1] as number))) throw new Misfit("withheld");
  const withheld = new Map(rows);
  return (pool, line) => withheld.get(placeOf(pool, line)) ?? nothingWithheld;
}

/** Identifiers have no slash. */
function placeOf(pool: string, line: string): string {
  return `${pool}/${line}`;
}

function readOtherPoll(item: Json, place: string): void {
  const given = asFields(item, place, ["poll", "people"]);
  asText(given.poll, inside(place, "poll"));
  if (given.people !== null) asWhole(given.people, inside(place, "people"), 1);
}

function readWithheld(item: Json, place: string, rules: Rules): [string, Withheld] {
  const given = asFields(item, place, ["pool", "line", "most", "criteria"]);
  const pool = rules.pools.find(({ id }) => id === given.pool);
  const line = rules.lines.find(({ id }) => id === given.line);
  if (!pool || !line) throw new Misfit(place);
  const most: Publication | undefined = kinds.find((kind) => kind === given.most);
  if (!most) throw new Misfit(inside(place, "most"));
  const criteria = asList(given.criteria, inside(place, "criteria"), [0, line.criteria.length], asIdentifier);
  const own = line.criteria.filter((criterion) => criteria.includes(criterion));
  if (own.join() !== criteria.join()) throw new Misfit(inside(place, "criteria"));
  if (!criteria.length && most === "open") throw new Misfit(place);
  return [placeOf(pool.id, line.id), { most, criteria }];
}
