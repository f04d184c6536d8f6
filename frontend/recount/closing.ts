// closing-keys.json: the private closing keys of open lines, each that of its closing key.
import { type Bytes, type Json, equal } from "../shared/bytes";
import { Misfit, asBytes, asFields, asList, decode, readJson } from "../shared/fields";
import { closingKeysFile } from "../shared/head";
import { base, multiply, order, toNumber, writePoint } from "./curve";
import type { Findings } from "./findings";
import { ExchangeKey } from "./hpke";
import type { Keys } from "./keys";
import { keyOf } from "./manifest";

export interface Place {
  pool: string;
  line: string;
}

/** The private numbers of exactly these places, in their order. Throws Misfit. */
export function readClosingKeys(bytes: Bytes, open: Place[]): Bytes[] {
  const given = asFields(readJson(decode(bytes)), "", ["format", "keys"]);
  if (given.format !== "blindballot-closing-keys-1") throw new Misfit("format");
  return asList(given.keys, "keys", [open.length, open.length], (item: Json, place, at) => {
    const { pool, line, key } = asFields(item, place, ["pool", "line", "key"]);
    if (pool !== open[at]?.pool) throw new Misfit(`${place}.pool`);
    if (line !== open[at]?.line) throw new Misfit(`${place}.line`);
    const secret = asBytes(key, `${place}.key`, 32);
    const number = toNumber(secret);
    if (number === 0n || number >= order) throw new Misfit(`${place}.key`);
    return secret;
  });
}

/** The keys that are those of their closing keys, by `keyOf`; the others are findings. */
export async function proveClosingKeys(
  secrets: Bytes[],
  open: Place[],
  keys: Keys,
  findings: Findings,
): Promise<Map<string, ExchangeKey>> {
  const proved = new Map<string, ExchangeKey>();
  for (const [at, { pool, line }] of open.entries()) {
    const [secret, known] = [secrets[at] as Bytes, keys.get(keyOf(pool, line))];
    const own = multiply(toNumber(secret), base);
    if (known && own && equal(writePoint(own), known.closingKey))
      proved.set(keyOf(pool, line), await ExchangeKey.of(known.closingKey, secret));
    else findings.add(closingKeysFile, 0, "other-key", { pool, place: line });
  }
  return proved;
}
