"""The manifest: read back what was written, refuse what is wrong with the place of the fault."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from tests.blindballot.polls import Poll, make_poll, rsa_key

from blindballot.format.encoding import FormatError, b64, canonical, parse_canonical
from blindballot.format.keyring import (
    Keyring,
    KeyringError,
    is_key_document_of,
    key_document,
    keys_path,
    keys_root,
    weak_moduli,
)
from blindballot.format.manifest import ManifestError, order_roll, read_manifest, roll_leaf, roll_root, write_manifest
from blindballot.format.merkle import inclusion_proof, is_included


@pytest.fixture(scope="module")
def made() -> Poll:
    return make_poll(pools={"members": 8, "guests": 12}, issuers={"guests": ("office", "county")}, scrutineers=2)


def plan_of(made: Poll) -> dict[str, Any]:
    return copy.deepcopy(parse_canonical(made.manifest.data))


def test_reads_what_was_written(made: Poll) -> None:
    manifest = read_manifest(made.manifest.data)
    assert manifest == made.manifest
    assert [grade.points for grade in manifest.grades] == [10, 7, 5, 2]
    assert manifest.pool_by_id["guests"].issuers == ("office", "county")
    assert manifest.line_by_id["u2"].criteria == ("work",)
    assert manifest.digest.hex() == manifest.fingerprint
    assert [each.id for each in manifest.scrutineers] == ["s1", "s2"]


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
        ("format", "blindballot-manifest-2", "format: must be blindballot-manifest-1"),
        ("title", KeyError, "title: is missing"),
        ("surprise", 1, "surprise: is not a field"),
        ("title", {"fr": "x"}, "title: must be text under zh-hans, en or both"),
        ("poll", "0B54BD9A-5C40-4BD8-8F1F-1C7A3C62C0B1", "poll: must be a UUID"),
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
        (
            "pools.0.lines",
            ["u2", "u1"],
            r"pools\[0\].lines: must be some of the manifest's lines, in its order, or all",
        ),
        (
            "pools.0.lines",
            ["u1", "u2"],
            r"pools\[0\].lines: must be some of the manifest's lines, in its order, or all",
        ),
        ("pools.0.lines", ["u9"], r"pools\[0\].lines: must be some of the manifest's lines"),
        ("pools.0.lines", ["u1", "u1"], r"pools\[0\].lines: u1 stands twice"),
        ("pools.0.lines", [], r"pools\[0\].lines: must be a list of 1"),
        ("pools.0.lines", "some", r"pools\[0\].lines: must be a list"),
        ("pools.0.statement_keys", [b64(bytes(32))], r"pools\[0\].statement_keys: must be a list of 0 to 0"),
        ("pools.1.statement_keys", [], r"pools\[1\].statement_keys: must be a list of 1 to 1"),
        ("pools.1.statement_keys", [b64(bytes(31))], r"pools\[1\].statement_keys\[0\]: 31 bytes"),
        ("scrutineers.0.signing_key", b64(b"\x04" + bytes(64)), r"scrutineers\[0\].signing_key: not a point"),
        ("scrutineers.1.id", "s1", "scrutineers: s1 stands twice"),
        ("scrutineers.0.name", "", r"scrutineers\[0\].name: must be text"),
        ("title", {"en": "Sound\nThe record is sound"}, "title.en: must not hold control characters"),
        ("lines.0.unit", "\u202etif", r"lines\[0\].unit: must not hold .* the direction of writing"),
        ("opens_at", "\u0662026-11-20T00:00:00Z", "opens_at: must be an instant"),
        ("opens_at", "2026-02-30T00:00:00Z", "opens_at: must be an instant"),
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


Listed = list[tuple[str, bytes, list[int]]]


def reread(made: Poll, change_keys: Callable[[Listed], object]) -> Keyring:
    """The keyring whose first pool's keys were changed, under a manifest that names the changed ones."""
    pool, keys = "members", made.keys
    listed = [
        (line.id, keys.closing[pool, line.id], [key.n for key in keys.keys[pool, line.id]])
        for line in made.manifest.lines
    ]
    change_keys(listed)
    documents = [key_document(pool, listed), keys.documents[1]]
    document = plan_of(made)
    document["keys_root"] = b64(keys_root(documents))
    return Keyring.read(write_manifest(document), documents)


def with_moduli(*moduli: int) -> Callable[[Listed], object]:
    """The first line's moduli are these, one for each issuer that is claimed."""
    return lambda listed: listed.__setitem__(0, (*listed[0][:2], list(moduli)))


def test_keys_of_another_root_are_refused(made: Poll) -> None:
    documents = [key_document("members", [("u1", bytes(65), [rsa_key(9).n])]), made.keys.documents[1]]
    with pytest.raises(KeyringError, match="keys_root"):
        Keyring.read(made.manifest, documents)


def test_one_key_may_not_serve_two_lines(made: Poll) -> None:
    issuers = rsa_key(0).n
    for change in (
        lambda listed: listed.__setitem__(1, (*listed[1][:2], listed[0][2])),
        lambda listed: listed.__setitem__(1, (listed[1][0], listed[0][1], listed[1][2])),
        with_moduli(made.keys.keys["guests", "u2"][1].n),
        lambda listed: listed.__setitem__(0, (listed[0][0], made.keys.closing["guests", "u1"], [issuers])),
    ):
        with pytest.raises(KeyringError, match="one key serves two"):
            reread(made, change)


def test_keys_stand_in_the_order_of_the_manifest(made: Poll) -> None:
    with pytest.raises(KeyringError, match="another order"):
        reread(made, list.reverse)
    with pytest.raises(KeyringError, match="keys: must be a list of 2 to 2"):
        reread(made, list.pop)


def test_a_line_has_a_modulus_for_each_issuer_and_a_point(made: Poll) -> None:
    for moduli in ([], [rsa_key(8).n, rsa_key(9).n]):
        with pytest.raises(KeyringError, match=r"keys\[0\].n: must be a list of 1 to 1"):
            reread(made, with_moduli(*moduli))
    with pytest.raises(KeyringError, match=r"keys\[0\].closing_key: not a point"):
        reread(made, lambda listed: listed.__setitem__(0, ("u1", b"\x04" + bytes(64), listed[0][2])))


@pytest.mark.parametrize(
    ("modulus", "message"),
    [
        (1, "a modulus of 2048 bits"),
        (2**2046 + 1, "a modulus of 2048 bits"),
        (2**2047 + 2, "without a factor below"),
        (65521 * (2**2032 + 15), "without a factor below"),
    ],
    ids=["one", "short", "even", "small factor"],
)
def test_a_weak_modulus_is_refused(made: Poll, modulus: int, message: str) -> None:
    with pytest.raises(KeyringError, match=message):
        reread(made, with_moduli(modulus))


def test_screening_finds_a_prime_and_a_shared_factor(made: Poll) -> None:
    """Nobody sees either in one modulus of 2048 bits by looking; both let a stranger make tokens."""
    assert weak_moduli(made.keys) == []
    prime = 2**2048 - 1942289  # the largest below 2^2048
    assert weak_moduli(reread(made, with_moduli(prime))) == [("members", "u1")]
    other = made.issuer_keys["guests", "u2", "county"].private.p
    shared = int(other * rsa_key(9).private.q)
    assert shared.bit_length() == 2048
    assert weak_moduli(reread(made, with_moduli(shared))) == [("members", "u1"), ("guests", "u2")]


def test_the_head_has_a_key_of_its_own(made: Poll) -> None:
    document = plan_of(made)
    document["head_key"] = document["acknowledgement_key"]
    with pytest.raises(ManifestError, match="head_key: must be another key"):
        write_manifest(document)


def test_a_pool_marks_some_of_the_lines(made: Poll) -> None:
    document = plan_of(made)
    document["pools"][0]["lines"] = ["u2"]
    manifest = write_manifest(document)
    assert [line.id for line in manifest.lines_of(manifest.pools[0])] == ["u2"]
    assert manifest.places == (("members", "u2"), ("guests", "u1"), ("guests", "u2"))


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
