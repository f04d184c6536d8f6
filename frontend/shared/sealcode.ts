// The seal code of docs/ballots.md: what a device says of a stack before it casts or opens it, where the stack stands
// in the record, and what is shown of a slip that is opened. Shared by the booth, which says it, and the second device,
// which holds it to that.
import { type Bytes, b64, canonical, compare, join, sha256, tag, unb64 } from "./bytes";
import { Misfit, asBytes, asFields, asFingerprint, asIdentifier, asWhole, readJson } from "./fields";
import { firstLetters, inGroups, normalCode, readLetters, withChecks } from "./letters";

const codeLetters = 26;
const shortName = 9;
const openedFormat = "blindballot-opened-slip-1";

/** What one slip gives to the code. */
export function sealItem(slip: { commitment: Bytes; sealedHash: Bytes }): Promise<Bytes> {
  return sha256(join(slip.commitment, slip.sealedHash));
}

/** The 32 bytes of a stack under the manifest's digest, whatever the order in which its items come. */
export function sealDigest(manifest: Bytes, items: Bytes[]): Promise<Bytes> {
  return sha256(join(tag("blindballot-seal-code-1"), manifest, ...[...items].sort(compare)));
}

/** The 26 letters of a stack's 32 bytes, without their check letters. */
export function sealLetters(digest: Bytes): string {
  return firstLetters(digest, codeLetters);
}

/** The letters as a device shows them. */
export function printedCode(letters: string): string {
  return inGroups(withChecks(letters));
}

/** The 26 letters of a typed code, or null if a letter was mistyped. */
export function readCode(typed: string): string | null {
  return readLetters(normalCode(typed), codeLetters);
}

/** Where slips stand in the record: the beginnings of their names, ascending. */
export function writeWhere(names: Bytes[]): string {
  return b64(join(...[...names].sort(compare).map((name) => name.subarray(0, shortName))));
}

/** The beginnings of names, or null if the text is none. */
export function readWhere(text: string): Bytes[] | null {
  try {
    const bytes = unb64(text.replace(/\s/g, ""));
    if (!bytes.length || bytes.length % shortName) return null;
    const starts = Array.from({ length: bytes.length / shortName }, (_, at) => at * shortName);
    return starts.map((start) => bytes.slice(start, start + shortName));
  } catch {
    return null;
  }
}

/** All that a slip's commitment and seal were made from; neither token nor signature. */
export interface OpenedSlip {
  manifest: string;
  pool: string;
  line: string;
  serial: Bytes;
  version: number;
  marks: Bytes;
  salt: Bytes;
  randomness: Bytes;
}

/** The line that a device shows of an opened slip. */
export function writeOpened(slip: OpenedSlip): string {
  const { manifest, pool, line, version } = slip;
  const [serial, marks, salt, randomness] = [slip.serial, slip.marks, slip.salt, slip.randomness].map(b64) as [
    string,
    string,
    string,
    string,
  ];
  return canonical({ format: openedFormat, manifest, pool, line, serial, version, marks, salt, randomness });
}

/** The slip of such a line. Throws Misfit. */
export function readOpened(text: string): OpenedSlip {
  const names = ["format", "manifest", "pool", "line", "serial", "version", "marks", "salt", "randomness"];
  const given = asFields(readJson(text), "", names);
  if (given.format !== openedFormat) throw new Misfit("format");
  return {
    manifest: asFingerprint(given.manifest, "manifest"),
    pool: asIdentifier(given.pool, "pool"),
    line: asIdentifier(given.line, "line"),
    serial: asBytes(given.serial, "serial", 65),
    version: asWhole(given.version, "version", 1, 2 ** 32 - 1),
    marks: asBytes(given.marks, "marks"),
    salt: asBytes(given.salt, "salt", 32),
    randomness: asBytes(given.randomness, "randomness", 32),
  };
}
