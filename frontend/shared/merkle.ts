// Merkle tree hashes of RFC 9162, section 2.1.1: arithmetic that the booth and the recount share. Leaves are hashed one
// by one, so that a long board need not be held whole.
import { type Bytes, join, sha256, utf8 } from "./bytes";

const together = 512;

/** The hash of one leaf. */
export function hashLeaf(leaf: Bytes): Promise<Bytes> {
  return sha256(join(Uint8Array.of(0), leaf));
}

/**
 * The root over leaves already hashed. Pairing neighbours level by level and carrying an odd last one up gives the
 * RFC's split at the largest power of two. `rest` is awaited between stretches.
 */
export async function rootOf(hashes: Bytes[], rest: () => Promise<void> = async () => undefined): Promise<Bytes> {
  if (!hashes.length) return sha256(utf8(""));
  let level = hashes;
  while (level.length > 1) {
    const above: Bytes[] = [];
    for (let from = 0; from < level.length; from += 2 * together) {
      above.push(...(await pairUp(level.slice(from, from + 2 * together))));
      await rest();
    }
    level = above;
  }
  return level[0] as Bytes;
}

function pairUp(level: Bytes[]): Promise<Bytes[]> {
  const nodes: Promise<Bytes>[] = [];
  for (let left = 0; left < level.length; left += 2) {
    const [first, second] = [level[left] as Bytes, level[left + 1]];
    nodes.push(second ? sha256(join(Uint8Array.of(1), first, second)) : Promise.resolve(first));
  }
  return Promise.all(nodes);
}
