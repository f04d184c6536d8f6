"""Merkle trees against the roots every Certificate Transparency implementation is tested with, and against themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blindballot.format.merkle import RootBuilder, inclusion_proof, is_included, leaf_hash, merkle_root

# the reference leaves and roots of the RFC 6962 / RFC 9162 test suites
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_known_roots(size: int) -> None:
    assert merkle_root(bytes.fromhex(leaf) for leaf in LEAVES[:size]).hex() == ROOTS[size]


leaves_and_index = st.lists(st.binary(max_size=8), min_size=1, max_size=70).flatmap(
    lambda leaves: st.tuples(st.just(leaves), st.integers(0, len(leaves) - 1))
)


@given(leaves_and_index)
def test_every_leaf_is_included_and_only_at_its_place(case: tuple[list[bytes], int]) -> None:
    leaves, index = case
    root, path = merkle_root(leaves), inclusion_proof(leaves, index)
    size = len(leaves)
    assert is_included(leaves[index], index, size, path, root)
    assert not is_included(leaves[index] + b"x", index, size, path, root)
    assert not is_included(leaves[index], index, size, [*path, bytes(32)], root)
    assert not is_included(leaves[index], size, size, path, root)
    for other in range(size):
        if leaves[other] != leaves[index]:
            assert not is_included(leaves[index], other, size, path, root)
    if path:
        assert not is_included(leaves[index], index, size, path[:-1], root)
        assert not is_included(leaves[index], index, size, [*path[:-1], bytes(32)], root)


@given(st.lists(st.binary(max_size=4), max_size=40))
def test_asking_for_the_root_does_not_end_the_stream(leaves: list[bytes]) -> None:
    builder = RootBuilder()
    for size, leaf in enumerate(leaves):
        assert builder.root() == merkle_root(leaves[:size])
        builder.add(leaf_hash(leaf))


def test_no_proof_outside_the_tree() -> None:
    with pytest.raises(IndexError):
        inclusion_proof([b"a"], 1)
