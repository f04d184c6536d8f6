"""Merkle trees of RFC 9162 (section 2.1): root, inclusion proof and its check; SHA-256.

The root is built while leaves stream by, in memory proportional to the tree's height.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from blindballot.format.encoding import sha256


def leaf_hash(leaf: bytes) -> bytes:
    """`H(0x00 || leaf)`, RFC 9162, section 2.1.1."""
    return sha256(b"\x00" + leaf)


def node_hash(left: bytes, right: bytes) -> bytes:
    """`H(0x01 || left || right)`, RFC 9162, section 2.1.1."""
    return sha256(b"\x01" + left + right)


class RootBuilder:
    """The root of a stream of leaves: add them in order, then ask for `root()`; asking does not end the stream."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def add(self, hashed_leaf: bytes) -> None:
        """Append one leaf by its `leaf_hash`. Complete subtrees of equal size are merged at once."""
        self._peaks.append(hashed_leaf)
        self.size += 1
        remaining = self.size
        while remaining % 2 == 0:
            right = self._peaks.pop()
            self._peaks.append(node_hash(self._peaks.pop(), right))
            remaining //= 2

    def root(self) -> bytes:
        """The root so far; of no leaves it is the hash of nothing."""
        if not self._peaks:
            return sha256(b"")
        root = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            root = node_hash(peak, root)
        return root


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """MTH of the leaves in their order, RFC 9162, section 2.1.1."""
    builder = RootBuilder()
    for leaf in leaves:
        builder.add(leaf_hash(leaf))
    return builder.root()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """PATH(index, leaves), RFC 9162, section 2.1.3.1: sibling hashes from the leaf up. IndexError outside the tree."""
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    level = [leaf_hash(leaf) for leaf in leaves]
    path = []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
        index //= 2
    return path


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that `leaf` stands at `index` of `size` leaves under `root`; RFC 9162, section 2.1.3.2."""
    if not 0 <= index < size:
        return False
    place, last, reached = index, size - 1, leaf_hash(leaf)
    for sibling in path:
        if last == 0:
            return False
        if place % 2 == 1 or place == last:
            reached = node_hash(sibling, reached)
            while place % 2 == 0 and place != 0:
                place //= 2
                last //= 2
        else:
            reached = node_hash(reached, sibling)
        place //= 2
        last //= 2
    return last == 0 and reached == root
