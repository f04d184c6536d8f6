"""The manifest: read back what was written, refuse what is wrong with the place of the fault."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from tests.blindballot.polls import Poll, make_poll, rsa_key

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical
from blindballot.format.keyring import Keyring, KeyringError, is_key_document_of, key_document, keys_path, keys_root
from blindballot.format.manifest import ManifestError, order_roll, read_manifest, roll_leaf, roll_root, write_manifest
from blindballot.format.merkle import inclusion_proof, is_included


@pytest.fixture(scope="module")
def made() -> Poll:
    return make_poll(pools={"members": 8, "guests": 12}, issuers={"guests": ("office", "county")})


def plan_of(made: Poll) -> dict[str, Any]:
    return copy.deepcopy(parse_canonical(made.manifest.data))


def test_reads_what_was_written(made: Poll) -> None:
    manifest = read_manifest(made.manifest.data)
    assert manifest == made.manifest
    assert [grade.points for grade in manifest.grades] == [10, 7, 5, 2]
    assert manifest.pool_by_id["guests"].issuers == ("office", "county")
    assert manifest.line_by_id["u2"].criteria == ("work",)
    assert manifest.digest.hex() == manifest.fingerprint


def change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def apply(document: dict[str, Any]) -> None:
        *steps, last = path.split(".")
        place: Any = document
        for step in steps:
            place = place[int(step)] if step.isdigit() else place[step]
        if value is KeyError:
            del place[last]
        else:
            place[int(last) if last.isdigit() else last] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("format", "zhengyou-manifest-2", "format: must be blindballot-manifest-1"),
        ("title", KeyError, "title: is missing"),
        ("surprise", 1, "surprise: is not a field"),
        ("title", {"fr": "x"}, "title: must be text under zh-hans, en or both"),
        ("round", "0B54BD9A-5C40-4BD8-8F1F-1C7A3C62C0B1", "round: must be a UUID"),
        ("campaign", "abc", "campaign: must be a fingerprint"),
        ("closes_at", "2026-11-20T00:00:00Z", "closes_at: must be after opens_at"),
        ("closes_at", "2026-13-20T00:00:00Z", "closes_at: must be an instant"),
        ("grades.1.points", 11, "grades: must stand best first"),
        ("grades.1.points", 7.5, r"grades\[1\].points: must be a whole number"),
        ("grades.1.points", True, r"grades\[1\].points: must be a whole number"),
        ("grades.1.id", "excellent", "grades: excellent stands twice"),
        ("grades.1.id", "dont_know", "grades: unmarked and dont_know are kept"),
        ("grades.1.id", "Good", r"grades\[1\].id: must be an identifier"),
        ("grades", [], "grades: must be a list of 2 to 12"),
        ("lines.1.id", "u1", "lines: u1 stands twice"),
        ("lines.1.criteria", ["style"], r"lines\[1\].criteria: style is not a criterion"),
        ("lines.1.criteria", ["work", "work"], r"lines\[1\].criteria: work stands twice"),
        ("pools.0.size", 4, r"pools\[0\].size: must be a whole number from 5"),
        ("pools.1.id", "members", "pools: members stands twice"),
        ("pools.1.issuers", ["a", "a"], r"pools\[1\].issuers: a stands twice"),
        ("pools.1.issuers", ["a", "b", "c"], r"pools\[1\].issuers: must be a list of 1 to 2"),
        ("pools.0.closing_key", b64(b"\x04" + bytes(64)), r"pools\[0\].closing_key: not a point"),
        ("pools.0.roll_root", b64(bytes(31)), r"pools\[0\].roll_root: 31 bytes where 32"),
        ("thresholds.nothing_below", 1, "thresholds.nothing_below: must be a whole number from 5"),
        ("thresholds.band_below", 4, "thresholds.band_below: must be a whole number from 5"),
        ("thresholds.cell", 1, "thresholds.cell: must be a whole number from 4"),
        ("thresholds.turnout", [3, 2], "thresholds.turnout: must be a share"),
        ("pools.0", "members", r"pools\[0\]: must be an object"),
    ],
)
def test_what_is_wrong_is_named(made: Poll, path: str, value: object, message: str) -> None:
    document = plan_of(made)
    change(path, value)(document)
    with pytest.raises(ManifestError, match=message):
        write_manifest(document)


def test_a_line_has_few_enough_patterns(made: Poll) -> None:
    document = plan_of(made)
    ids = [f"c{number}" for number in range(5)]
    document["criteria"] += [{"id": id_, "name": {"en": id_}} for id_ in ids]
    document["lines"][0]["criteria"] = ids[:4]
    write_manifest(document)
    document["lines"][0]["criteria"] = ids
    with pytest.raises(ManifestError, match="too many for one slip; more than 4096 patterns"):
        write_manifest(document)


def test_bytes_that_are_not_canonical_are_refused(made: Poll) -> None:
    with pytest.raises(ManifestError, match="canonical"):
        read_manifest(made.manifest.data + b"\n")


def test_key_documents_stand_under_the_manifest(made: Poll) -> None:
    documents = list(made.keys.documents)
    pools = made.manifest.pools
    for index, pool in enumerate(pools):
        path = keys_path(documents, index)
        assert is_key_document_of(made.manifest, pool, documents[index], path)
        assert not is_key_document_of(made.manifest, pool, documents[1 - index], path)
    assert Keyring.read_file(made.manifest, made.keys.file()).documents == made.keys.documents


def reread(made: Poll, change_keys: Callable[[list[tuple[str, str, int]]], None]) -> None:
    """Reads a keyring whose first pool's keys were changed, under a manifest that names the changed ones."""
    listed = [(line.id, "office", made.issuer_keys["members", line.id, "office"].n) for line in made.manifest.lines]
    change_keys(listed)
    documents = [key_document("members", listed), made.keys.documents[1]]
    document = plan_of(made)
    document["keys_root"] = b64(keys_root(documents))
    Keyring.read(write_manifest(document), documents)


def test_keys_of_another_root_are_refused(made: Poll) -> None:
    documents = [key_document("members", [("u1", "office", rsa_key(9).n)]), made.keys.documents[1]]
    with pytest.raises(KeyringError, match="keys_root"):
        Keyring.read(made.manifest, documents)


def test_one_key_may_not_serve_two_lines(made: Poll) -> None:
    def double(listed: list[tuple[str, str, int]]) -> None:
        listed[1] = ("u2", "office", listed[0][2])

    with pytest.raises(KeyringError, match="one key serves two"):
        reread(made, double)


def test_keys_stand_in_the_order_of_the_manifest(made: Poll) -> None:
    with pytest.raises(KeyringError, match="another order"):
        reread(made, list.reverse)


@pytest.mark.parametrize("modulus", [1, 2**2047 + 2, 2**2046 + 1], ids=["one", "even", "short"])
def test_a_weak_modulus_is_refused(made: Poll, modulus: int) -> None:
    def weaken(listed: list[tuple[str, str, int]]) -> None:
        listed[0] = ("u1", "office", modulus)

    with pytest.raises(KeyringError, match="2048 bits"):
        reread(made, weaken)


def test_a_person_finds_the_own_leaf_on_the_roll() -> None:
    leaves = order_roll(roll_leaf(bytes([number]) * 16, f"person {number}") for number in range(9))
    mine = roll_leaf(bytes([4]) * 16, "person 4")
    index = leaves.index(mine)
    root = roll_root(reversed(leaves))
    assert is_included(mine, index, 9, inclusion_proof(leaves, index), root)
    with pytest.raises(FormatError):
        roll_leaf(b"short", "person")


def test_canonical_form_is_independent_of_the_order_of_fields(made: Poll) -> None:
    document = plan_of(made)
    assert canonical(dict(reversed(list(document.items())))) == made.manifest.data
