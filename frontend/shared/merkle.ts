// Merkle trees of RFC 9162: roots (2.1.1) and inclusion (2.1.3.2), which the booth and the recount share. Leaves are
// hashed one by one, so that a long board need not be held whole.
import { type Bytes, equal, join, sha256, utf8 } from "./bytes";

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

/** Whether the leaf of this hash is number `index` of `size` leaves under `root`. Sizes may be beyond 32 bits. */
export async function isIncluded(
  leafHash: Bytes,
  index: number,
  size: number,
  path: Bytes[],
  root: Bytes,
): Promise<boolean> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  const half = (number: number) => Math.floor(number / 2);
  let hash = leafHash;
  let [place, last] = [index, size - 1];
  for (const sibling of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = await sha256(join(Uint8Array.of(1), sibling, hash));
      while (place % 2 === 0 && place !== 0) [place, last] = [half(place), half(last)];
    } else {
      hash = await sha256(join(Uint8Array.of(1), hash, sibling));
    }
    [place, last] = [half(place), half(last)];
  }
  return last === 0 && equal(hash, root);
}
