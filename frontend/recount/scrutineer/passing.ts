// How one scrutineer lets another recount without the house being able to: all own shares in one line, sealed to the
// other's key. The house only carries it.
import { type Bytes, b64, canonical, hex, join, lp, tag, utf8 } from "../../shared/bytes";
import { Misfit, asBytes, asFields, lineText, readJson } from "../../shared/fields";
import type { ExchangeKey } from "../hpke";
import { sealTo } from "../hpke";
import type { Rules, Scrutineer } from "../manifest";
import { type Holding, shareSize } from "./shares";

const format = "blindballot-passed-1";
/** The seal's point and its own tag. */
const around = 65 + 16;
/** Room for the names beside the sealed shares, and for base64's four letters in the place of three bytes. */
const roomForNames = 512;

function infoFor(rules: Rules, from: string, to: string): Bytes {
  return join(tag(format), rules.digest, lp(utf8(from)), lp(utf8(to)));
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

/**
 * What another scrutineer passed on, in a line without its line feed. Throws Misfit if it is not in its form or not for
 * the scrutineer at `at`; its place is "sealed" if it does not open.
 */
export async function takePassed(
  rules: Rules,
  line: Bytes | null,
  places: number,
  at: number,
  key: ExchangeKey,
): Promise<Holding> {
  const size = around + places * shareSize;
  const given = asFields(readJson(lineText(line, roomForNames + 2 * size)), "", ["format", "from", "manifest", "sealed", "to"]);
  if (given.format !== format) throw new Misfit("format");
  if (given.manifest !== hex(rules.digest)) throw new Misfit("manifest");
  const to = rules.scrutineers[at]?.id ?? "";
  if (given.to !== to) throw new Misfit("to");
  const from = rules.scrutineers.findIndex(({ id }) => id === given.from);
  if (from < 0 || from === at) throw new Misfit("from");
  const sealed = asBytes(given.sealed, "sealed", size);
  const plain = await key.open(sealed, infoFor(rules, String(given.from), to));
  if (!plain) throw new Misfit("sealed");
  const shares = Array.from({ length: places }, (_, place) => plain.slice(place * shareSize, (place + 1) * shareSize));
  return { at: from, shares };
}
