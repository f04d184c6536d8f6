// sealed.jsonl: the sealed bytes of exactly the slips of open lines, each with the hash that its voter signed.
import { type Bytes, equal, sha256 } from "../shared/bytes";
import { asBytes, asFields, readJson } from "../shared/fields";
import { sealedFile } from "../shared/head";
import type { Entry, Pause } from "./board";
import type { Findings } from "./findings";
import { type Names, NamedSlips, findMissing, readLines } from "./lines";
import type { Rules } from "./manifest";
import { sealedSize } from "./opening";

const stretch = 512;

/** Whether these are the slip's sealed bytes: their length and their hash. */
export async function isSealedOf(rules: Rules, entry: Entry, sealed: Bytes): Promise<boolean> {
  const line = rules.poolOf.get(entry.pool)?.lineOf.get(entry.id);
  return !!line && sealed.length === sealedSize(line) && equal(await sha256(sealed), entry.sealedHash);
}

/** The sealed bytes of the slips in `places`, as far as they are theirs. */
export async function checkSealed(
  bytes: Bytes,
  rules: Rules,
  names: Names,
  places: Set<string>,
  findings: Findings,
  pause: Pause,
): Promise<Map<Entry, Bytes>> {
  const sealed = new Map<Entry, Bytes>();
  const named = new Set<Entry>();
  const read = readLines(sealedFile, bytes, findings, (text) => {
    const given = asFields(readJson(text), "", ["slip", "sealed"]);
    return { slip: asBytes(given.slip, "slip", 32), sealed: asBytes(given.sealed, "sealed") };
  });
  for (const { at, value, entry } of new NamedSlips(sealedFile, "sealed", names, places, findings).held(read)) {
    named.add(entry);
    if (named.size % stretch === 0) await pause(named.size);
    if (await isSealedOf(rules, entry, value.sealed)) sealed.set(entry, value.sealed);
    else findings.add(sealedFile, at, "other-sealed");
  }
  findMissing(sealedFile, "sealed-missing", names.without(named, places), findings);
  return sealed;
}
