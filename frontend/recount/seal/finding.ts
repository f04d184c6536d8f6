// Looks for the slips of a seal code in a record. Nothing published says which slips are one stack: a slip that stands
// alone, or the stacks of a small poll, are found by trying; of a large one the device that cast has to say where.
import { type Bytes, equal, hex, sha256 } from "../../shared/bytes";
import { Misfit, lineText, splitLines } from "../../shared/fields";
import { boardFile, headFile, manifestFile, readHead, signatureFile } from "../../shared/head";
import { sealDigest, sealItem } from "../../shared/sealcode";
import { readSlip, slipName } from "../../shared/slips";
import { type Rules, isSignedBy, keyOf, readManifest } from "../manifest";
import { type Code, isCode } from "./opened";
import { Doubtful } from "./words";

/** The files that are looked at; the rest is the recount's. */
export const wantedFiles = [manifestFile, headFile, signatureFile, boardFile];

/** So many stacks of a pool are tried without being told where. */
const mostTries = 65_536;

/** `count` slips are there; or none; or it takes to be told where. */
export type Found = { kind: "found"; count: number } | { kind: "not_found" } | { kind: "ask_where" };

interface Member {
  name: Bytes;
  place: string;
  pool: string;
  item: Bytes;
}

/**
 * Looks for the code's slips. `manifest` is the fingerprint that the code was kept with, or ""; `where` are the
 * beginnings of their names, or none. Throws Doubtful if the files are not the record as it was signed.
 */
export async function findCode(
  files: Map<string, Bytes>,
  code: Code,
  manifest: string,
  where: Bytes[] | null,
): Promise<Found> {
  if (!wantedFiles.every((name) => files.has(name))) throw new Doubtful("no_record");
  const rules = await reading(manifestFile, () => readManifest(files.get(manifestFile) as Bytes));
  if (manifest && manifest !== hex(rules.digest)) throw new Doubtful("other_record");
  await demandSigned(files, rules);
  const members = await reading(boardFile, () => readBoard(files.get(boardFile) as Bytes, rules));
  if (where) return (await isStack(code, rules, among(members, where))) ?? { kind: "not_found" };
  for (const member of members) {
    const found = await isStack(code, rules, [member]);
    if (found) return found;
  }
  return tryStacks(code, rules, members);
}

async function reading<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof Misfit ? new Doubtful("false_record", { file }) : error;
  }
}

async function demandSigned(files: Map<string, Bytes>, rules: Rules): Promise<void> {
  const bytes = files.get(headFile) as Bytes;
  const head = await reading(headFile, async () => readHead(bytes));
  if (head.manifest !== hex(rules.digest)) throw new Doubtful("false_record", { file: headFile });
  const signature = new TextDecoder().decode(files.get(signatureFile));
  if ((await isSignedBy(rules.headKey, signature, bytes)) === false)
    throw new Doubtful("false_record", { file: signatureFile });
  const board = hex(await sha256(files.get(boardFile) as Bytes));
  if (board !== head.files.get(boardFile)) throw new Doubtful("false_record", { file: boardFile });
}

function readBoard(bytes: Bytes, { digest }: Rules): Promise<Member[]> {
  const members = splitLines(bytes).map(async (line): Promise<Member> => {
    const slip = readSlip(lineText(line));
    const [name, item] = await Promise.all([slipName(digest, slip), sealItem(slip)]);
    return { name, item, pool: slip.pool, place: keyOf(slip.pool, slip.line) };
  });
  return Promise.all(members);
}

/** The slips whose names begin so; one that is not there leaves the stack too small to make the code. */
function among(members: Member[], where: Bytes[]): Member[] {
  const [size = 0] = where.map((start) => start.length);
  return members.filter(({ name }) => where.some((start) => equal(start, name.subarray(0, size))));
}

async function isStack(code: Code, { digest }: Rules, stack: Member[]): Promise<Found | null> {
  const made = await sealDigest(digest, stack.map(({ item }) => item));
  return isCode(code, made) ? { kind: "found", count: stack.length } : null;
}

async function tryStacks(code: Code, rules: Rules, members: Member[]): Promise<Found> {
  let isWhole = true;
  for (const { id, lines } of rules.pools) {
    const own = members.filter(({ pool }) => pool === id);
    const choices = lines.map((line) => own.filter(({ place }) => place === keyOf(id, line.id)));
    const tries = choices.reduce((product, { length }) => product * length, 1);
    if (tries > mostTries) isWhole = false;
    for (let number = 0; tries <= mostTries && number < tries; number++) {
      const found = await isStack(code, rules, numbered(choices, number));
      if (found) return found;
    }
  }
  return { kind: isWhole ? "not_found" : "ask_where" };
}

/** One slip of every line: the stack of this number among all that there can be. */
function numbered(choices: Member[][], number: number): Member[] {
  let rest = number;
  return choices.map((choice) => {
    const member = choice[rest % choice.length] as Member;
    rest = Math.floor(rest / choice.length);
    return member;
  });
}
