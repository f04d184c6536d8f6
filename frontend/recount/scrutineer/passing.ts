// How one scrutineer lets another recount without the house being able to: all own shares in one line, sealed to the
// other's key. The house only carries it.
import { type Bytes, type Json, b64, canonical, equal, hex, join, lp, tag, utf8 } from "../../shared/bytes";
import { Misfit, asBytes, asFields, lineText, readJson } from "../../shared/fields";
import { type ExchangeKey, sealTo } from "../hpke";
import type { Rules, Scrutineer } from "../manifest";
import { type Holding, shareSize } from "./shares";

const format = "blindballot-passed-1";
const fields = "format from manifest sealed to".split(" ");
/** The seal's point and its own tag. */
const around = 65 + 16;
/** Room for the names beside the sealed shares, and for base64's four letters in the place of three bytes. */
const roomForNames = 512;

function infoFor(rules: Rules, from: string, to: string): Bytes {
  return join(tag(format), rules.digest, lp(utf8(from)), lp(utf8(to)));
}

/** Whether a file that somebody saved begins as passed shares do. */
export function beginsAsPassed(bytes: Bytes): boolean {
  const start = utf8(canonical({ format }).slice(0, -1));
  return equal(bytes.subarray(0, start.length), start);
}

/** One line, without its line feed, for each of the other scrutineers. */
export async function passOn(rules: Rules, { at, shares }: Holding): Promise<string[]> {
  const from = (rules.scrutineers[at] as Scrutineer).id;
  const others = rules.scrutineers.filter((_, place) => place !== at);
  const lines = others.map(async ({ id, decryptionKey }) => {
    const sealed = await sealTo(decryptionKey, infoFor(rules, from, id), join(...shares));
    return canonical({ format, from, manifest: hex(rules.digest), sealed: b64(sealed), to: id });
  });
  return Promise.all(lines);
}

/** Shares on their way to the reader; `from` is the sender's place among the scrutineers. */
interface Passed {
  from: number;
  sealed: Bytes;
}

/** A line without its line feed, or null if it is for another reader than the scrutineer at `at`. Throws Misfit. */
export function readPassed(rules: Rules, line: Bytes | null, places: number, at: number): Passed | null {
  const size = around + places * shareSize;
  const text = lineText(line, roomForNames + 2 * size);
  const given = asFields(readJson(text), "", fields);
  if (given.format !== format) throw new Misfit("format");
  if (given.manifest !== hex(rules.digest)) throw new Misfit("manifest");
  const from = placeOf(rules, given.from);
  if (from < 0 || given.from === given.to) throw new Misfit("");
  if (placeOf(rules, given.to) !== at) return null;
  return { from, sealed: asBytes(given.sealed, "sealed", size) };
}

function placeOf(rules: Rules, scrutineer: Json | undefined): number {
  return rules.scrutineers.findIndex(({ id }) => id === scrutineer);
}

/** The shares, or null if they were not sealed to this key by that sender for the scrutineer at `at`. */
export async function openPassed(
  rules: Rules,
  { from, sealed }: Passed,
  at: number,
  key: ExchangeKey,
): Promise<Holding | null> {
  const [sender, receiver] = [rules.scrutineers[from] as Scrutineer, rules.scrutineers[at] as Scrutineer];
  const plain = await key.open(sealed, infoFor(rules, sender.id, receiver.id));
  if (!plain) return null;
  const places = plain.length / shareSize;
  const shares = Array.from({ length: places }, (_, place) => plain.slice(place * shareSize, (place + 1) * shareSize));
  return { at: from, shares };
}
