// The file about slips that the box acknowledged and the record leaves out: what the device has of them, and the signed
// head with the neighbours between which they would stand. docs/ballots.md says who decides, and from what.
import { type Bytes, type Json, b64, canonical, compare, join, sha256, utf8 } from "../shared/bytes";
import { decode, lineText, splitLines } from "../shared/fields";
import { headFile, readHead, signatureFile } from "../shared/head";
import { hashLeaf } from "../shared/merkle";
import { type Slip, readSlip, slipName } from "../shared/slips";
import type { Ballot } from "./ballot";
import { type BoardIndex, type Bring, readIndex, runOf } from "./board-runs";
import type { Opened } from "./manifest";
import { boardLine } from "./wire";

const format = "blindballot-missing-slips-1";

/** The file's bytes. `lines` are those whose slips are missing in the record. Throws what `bring` throws. */
export async function proofFile(opened: Opened, ballot: Ballot, lines: string[], bring: Bring): Promise<Bytes> {
  const bytes = await demand(bring, headFile);
  const head = readHead(bytes);
  const board = new Neighbours(opened, await bring("index.json"), head.boardRoot, head.boardSize, bring);
  const acknowledged = ballot.stacks.find((stack) => stack.acknowledgements);
  const slips: Json[] = [];
  for (const [at, slip] of (acknowledged?.slips ?? []).entries()) {
    if (!lines.includes(slip.line)) continue;
    const acknowledgement = b64(acknowledged?.acknowledgements?.[at] as Bytes);
    slips.push({ slip: JSON.parse(boardLine(slip)) as Json, acknowledgement, around: await board.around(slip) });
  }
  const signature = decode(await demand(bring, signatureFile));
  return utf8(canonical({ format, manifest: opened.fingerprint, head: b64(bytes), head_signature: signature, slips }));
}

/** Hands the file to the person. */
export function save(bytes: Bytes, opened: Opened): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes], { type: "application/json" }));
  link.download = `missing-slips-${opened.fingerprint.slice(0, 8)}.json`;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function demand(bring: Bring, name: string): Promise<Bytes> {
  const bytes = await bring(`files/${name}`);
  if (!bytes) throw new Error(`the record has no ${name}`);
  return bytes;
}

/** The slips on both sides of the place where one would stand, each with its path to the root. */
class Neighbours {
  constructor(
    private readonly opened: Opened,
    private readonly index: Bytes | null,
    private readonly root: Bytes,
    private readonly size: number,
    private readonly bring: Bring,
  ) {}

  async around(slip: Slip): Promise<Json[]> {
    const index = await readIndex(this.index ?? new Uint8Array(), this.root, this.size);
    const name = await slipName(this.opened.digest, slip);
    const run = runOf(index, name);
    const names = this.size ? await this.names(run) : [];
    const place = run * 2 ** index.height + names.filter((each) => compare(each, name) < 0).length;
    const beside = [place - 1, place].filter((at) => at >= 0 && at < this.size);
    return Promise.all(beside.map((at) => this.member(index, at)));
  }

  private async member(index: BoardIndex, at: number): Promise<Json> {
    const run = Math.floor(at / 2 ** index.height);
    const inside = at % 2 ** index.height;
    const names = await this.names(run);
    const hashes = await Promise.all(names.map(hashLeaf));
    const roots = index.runs.map(({ root }) => root);
    const path = [...(await pathOf(hashes, inside)), ...(await pathOf(roots, run))];
    return { name: b64(names[inside] as Bytes), index: at, path: path.map(b64) };
  }

  private async names(run: number): Promise<Bytes[]> {
    const bytes = (await this.bring(`runs/${run}`)) ?? new Uint8Array();
    return Promise.all(splitLines(bytes).map((line) => slipName(this.opened.digest, readSlip(lineText(line)))));
  }
}

/** The sibling hashes from a node of a level up to the root. */
async function pathOf(level: Bytes[], at: number): Promise<Bytes[]> {
  if (level.length < 2) return [];
  const sibling = level[at ^ 1];
  const above: Bytes[] = [];
  for (let left = 0; left < level.length; left += 2) {
    const [first, second] = [level[left] as Bytes, level[left + 1]];
    above.push(second ? await sha256(join(Uint8Array.of(1), first, second)) : first);
  }
  return [...(sibling ? [sibling] : []), ...(await pathOf(above, at >> 1))];
}
