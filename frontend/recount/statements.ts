// statements.jsonl: what second issuers signed about how many they issued, one for each pool that names one.
import { type Bytes, type Json, canonical, hex, join, sha256, tag, utf8 } from "../shared/bytes";
import { type Fields, Misfit, asFields, asWhole, readJson, splitLines } from "../shared/fields";
import { statementsFile } from "../shared/head";
import type { PoolCount } from "./counts";
import type { Findings } from "./findings";
import { readLines } from "./lines";
import { type Pool, type Rules, isSignedBy } from "./manifest";

const format = "blindballot-issuer-statement-1";

/** What a document's signature is over: its format and the hash of the rest. */
export async function signedPart({ signature: _, ...rest }: Fields): Promise<Bytes> {
  return join(tag(String(rest.format)), await sha256(utf8(canonical(rest))));
}

/**
 * Checks each statement against its pool, and against counts.json where that could be read. Returns whether this
 * browser could check the signatures.
 */
export async function checkStatements(
  bytes: Bytes,
  rules: Rules,
  counts: PoolCount[] | null,
  findings: Findings,
): Promise<boolean> {
  const pools = rules.pools.flatMap((pool, at) => (pool.statementKey ? [{ pool, count: counts?.[at] }] : []));
  const read = readLines(statementsFile, bytes, findings, readStatement, { unreadable: "bad-statement" });
  let isChecked = true;
  for (const { at, value } of read) {
    const expected = pools[at - 1];
    const place = expected ? findMisfit(value, expected.pool, rules, expected.count) : "pool";
    const isSigned = expected?.pool.statementKey
      ? await isSignedBy(expected.pool.statementKey, String(value.signature), await signedPart(value))
      : false;
    isChecked &&= isSigned !== null;
    if (place || isSigned === false)
      findings.add(statementsFile, at, "bad-statement", { detail: place || "signature" });
  }
  for (let line = splitLines(bytes).length + 1; line <= pools.length; line++)
    findings.add(statementsFile, line, "bad-statement", { detail: pools[line - 1]?.pool.id ?? "" });
  return isChecked;
}

function readStatement(text: string): Fields {
  const names = ["format", "poll", "pool", "issuer", "manifest", "issued", "signature"];
  const given = asFields(readJson(text), "", names);
  asWhole(given.issued, "issued", 0);
  if (typeof given.signature !== "string") throw new Misfit("signature");
  return given;
}

/** The first field that does not fit, or "". */
function findMisfit(given: Fields, pool: Pool, rules: Rules, count: PoolCount | undefined): string {
  const issuer = pool.issuers[1] as string;
  const wanted: [string, Json | undefined][] = [
    ["format", format],
    ["poll", rules.poll],
    ["pool", pool.id],
    ["issuer", issuer],
    ["manifest", hex(rules.digest)],
    ["issued", count ? count.issued.get(issuer) : given.issued],
  ];
  return wanted.find(([name, value]) => given[name] !== value)?.[0] ?? "";
}
