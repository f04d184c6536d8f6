"""Ways to tamper with what proves the counts: sealed bytes, closing keys, invalid slips, statements, what scrutineers signed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.blindballot.polls import Poll
from tests.blindballot.records import cosign_record, edit_counts, edit_document, edit_lines
from tests.vectors.record_variants import Forgery, Variant, counts, rewrite

from blindballot.format.cosigning import Cosignature, cosignature_lines, read_cosignature
from blindballot.format.encoding import b64, fingerprint
from blindballot.format.keys import generate_acknowledgement_key
from blindballot.format.lines import (
    InvalidSlip,
    Opening,
    SealedSlip,
    read_board_line,
    read_invalid_line,
    read_opening_line,
    read_sealed_line,
    write_invalid_line,
    write_opening_line,
    write_sealed_line,
)
from blindballot.format.record import (
    BOARD,
    CLOSING_KEYS,
    COSIGNATURES,
    COUNTS,
    GATE,
    INVALID,
    OPENED,
    RECORD,
    SEALED,
    STATEMENTS,
)
from blindballot.format.statements import IssuerStatement, write_statement


def proof_variants() -> list[Variant]:
    """What the platform could try with all its keys, and its scrutineers with theirs."""
    return [
        *in_the_sealed(),
        *in_the_keys(),
        *in_the_invalid(),
        *in_the_gate(),
        *in_the_statements(),
        *in_the_cosignatures(),
    ]


def lines(name: str, change: Callable[[list[bytes]], object]) -> Forgery:
    return lambda made, folder: edit_lines(made, folder, name, lambda listed: change(listed) and None)


def in_the_sealed() -> list[Variant]:
    """Sealed bytes of open lines: lost, exchanged, too many."""

    def exchanged(listed: list[bytes]) -> None:
        first, second = (read_sealed_line(line) for line in listed[:2])
        listed[0] = write_sealed_line(dataclasses.replace(first, sealed=second.sealed))

    def longer(listed: list[bytes]) -> None:
        first = read_sealed_line(listed[0])
        listed[0] = write_sealed_line(dataclasses.replace(first, sealed=first.sealed + b"\0"))

    def of_a_sealed_line(made: Poll, folder: Path) -> None:
        digest = made.manifest.digest
        slip = next(each for each in made.slips if each.pool == "guests")
        line = write_sealed_line(SealedSlip(slip.name(digest), slip.sealed))
        edit_lines(made, folder, SEALED, lambda listed: insert(listed, line))

    def of_nobody(listed: list[bytes]) -> None:
        insert(listed, write_sealed_line(dataclasses.replace(read_sealed_line(listed[0]), name=b"\x80" + bytes(31))))

    return [
        Variant("sealed bytes left out", lines(SEALED, lambda listed: listed.pop(4)), BOARD, "sealed-missing"),
        Variant("sealed bytes of another slip", lines(SEALED, exchanged), SEALED, "other-sealed", 1),
        Variant("sealed bytes too long", lines(SEALED, longer), SEALED, "other-sealed", 1),
        Variant("sealed bytes of a sealed line", of_a_sealed_line, SEALED, "sealed-forbidden"),
        Variant("sealed bytes of nobody's slip", lines(SEALED, of_nobody), SEALED, "sealed-stranger"),
        Variant("sealed bytes out of order", lines(SEALED, lambda listed: listed.reverse()), SEALED, "sealed-order", 2),
    ]


def insert(listed: list[bytes], line: bytes) -> None:
    listed.append(line)
    listed.sort(key=lambda each: each[each.index(b'"slip"') :])
    listed.sort(key=lambda each: read_sealed_line(each).name)


def in_the_keys() -> list[Variant]:
    """Private keys of open lines: others, none, one of a sealed line."""

    def keys(change: Callable[[list[Any]], object]) -> Forgery:
        return lambda made, folder: edit_document(
            made, folder, CLOSING_KEYS, lambda said: change(said["keys"]) and None
        )

    def of_a_sealed_line(made: Poll, folder: Path) -> None:
        secret = made.closing_keys["guests", "u1"].private_numbers().private_value.to_bytes(32, "big")
        more = {"pool": "guests", "line": "u1", "key": b64(secret)}
        edit_document(made, folder, CLOSING_KEYS, lambda said: said["keys"].append(more))

    return [
        Variant("a key that opens nothing", keys(lambda said: said[0].update(key=b64(bytes(31) + b"\5"))), CLOSING_KEYS, "other-key"),
        Variant("a key of nought", keys(lambda said: said[0].update(key=b64(bytes(32)))), CLOSING_KEYS, "bad-closing-keys"),
        Variant("a key beyond the order", keys(lambda said: said[0].update(key=b64(b"\xff" * 32))), CLOSING_KEYS, "bad-closing-keys"),
        Variant("the keys kept back", keys(lambda said: said.clear()), CLOSING_KEYS, "bad-closing-keys"),
        Variant("a key of a sealed line", of_a_sealed_line, CLOSING_KEYS, "bad-closing-keys"),
    ]  # fmt: skip


def proved(change: Callable[[list[InvalidSlip]], object]) -> Forgery:
    """Changes the slips of `invalid.jsonl`."""

    def forge(listed: list[bytes]) -> None:
        slips = [read_invalid_line(line) for line in listed]
        change(slips)
        listed[:] = [write_invalid_line(slip) for slip in slips]

    return lines(INVALID, forge)


def with_point(**changes: Any) -> Forgery:
    """Changes the first slip of `invalid.jsonl` that has a point."""

    def change(slips: list[InvalidSlip]) -> None:
        place = next(place for place, slip in enumerate(slips) if slip.point)
        slips[place] = dataclasses.replace(slips[place], **changes)

    return proved(change)


def other_reasons(slips: list[InvalidSlip]) -> None:
    turned = {"unreadable": "other-commitment", "no-such-mark": "unreadable"}
    slips[:] = [dataclasses.replace(slip, reason=turned.get(slip.reason, slip.reason)) for slip in slips]


def unwelcome(made: Poll, folder: Path) -> None:
    """A valid slip of a sealed line is called unreadable, without a key to prove it."""
    slip = next(each for each in made.slips if (each.pool, each.line) == ("guests", "u1"))
    claim = InvalidSlip(slip.name(made.manifest.digest), "unreadable", slip.sealed, slip.serial, bytes(64))

    def add(listed: list[bytes]) -> None:
        listed.append(write_invalid_line(claim))
        listed.sort(key=lambda line: read_invalid_line(line).name)

    edit_lines(made, folder, INVALID, add)


def unproved(pools: list[Any]) -> None:
    """One slip more is said to be invalid, and the figures are made to fit."""
    line = pools[1]["lines"][1]
    line["valid"], line["invalid"] = line["valid"] - 1, {"unreadable": 1}
    for criterion in line["criteria"]:
        max(criterion["cells"], key=lambda cell: cell["n"])["n"] -= 1


def vanished(listed: list[bytes]) -> None:
    """The attack of old: bad marks of an open line are declared unreadable."""
    for place, line in enumerate(listed):
        opening = read_opening_line(line)
        if opening.marks[:1] == b"\4":
            listed[place] = write_opening_line(Opening(opening.name, invalid="unreadable"))


def in_the_invalid() -> list[Variant]:
    """Slips called invalid that are not, or without proof."""
    return [
        Variant("bad marks of an open line declared unreadable", lines(OPENED, vanished), OPENED, "false-invalid"),
        Variant("a proof of zeros", with_point(proof=bytes(64)), INVALID, "bad-proof"),
        Variant("another point", with_point(point=b"\x04" + bytes(64)), INVALID, "bad-proof"),
        Variant("no proof", with_point(proof=b"", point=b""), INVALID, "bad-proof"),
        Variant("other reasons", proved(other_reasons), INVALID, "false-invalid"),
        Variant("a valid slip called unreadable", unwelcome, INVALID, "bad-proof"),
        Variant("one invalid slip more than proved", counts(unproved), COUNTS, "unproved-invalid"),
        Variant("a proof left out", proved(lambda slips: slips.pop(0)), COUNTS, "unproved-invalid"),
        Variant("invalid slips out of order", lines(INVALID, lambda listed: listed.reverse()), INVALID, "invalid-order", 2),
    ]  # fmt: skip


def in_the_gate() -> list[Variant]:
    """What is withheld: of another poll, of nothing, or not withheld all the same."""

    def gate(**changes: Any) -> Forgery:
        return lambda made, folder: edit_document(made, folder, GATE, lambda said: said.update(changes))

    def withheld(**row: Any) -> Forgery:
        return gate(withheld=[{"pool": "guests", "line": "u1", "most": "open", "criteria": []} | row])

    return [
        Variant("a gate of another manifest", gate(manifest="0" * 64), GATE, "bad-gate"),
        Variant("a gate that withholds nothing of a line", withheld(), GATE, "bad-gate"),
        Variant("a gate for a line nobody has", withheld(line="u9", most="band"), GATE, "bad-gate"),
        Variant("a gate for a line that its pool does not mark", withheld(pool="half", most="band"), GATE, "bad-gate"),
        Variant("a gate for a criterion of another line", withheld(line="u2", criteria=["service"]), GATE, "bad-gate"),
        Variant("a gate with a kind nobody knows", withheld(most="some"), GATE, "bad-gate"),
        Variant("a gate without certificate", gate(certificate=[]), GATE, "bad-gate"),
        Variant("a line published beyond the gate", withheld(most="band"), COUNTS, "bad-counts"),
        Variant("a criterion published beyond the gate", withheld(criteria=["work"]), COUNTS, "bad-counts"),
        Variant("a gate that changes nothing", withheld(pool="few", most="band")),
    ]


def in_the_statements() -> list[Variant]:
    """The second issuer's count: another number, another key, another poll, nothing."""

    def issued(made: Poll, folder: Path) -> None:
        edit_counts(made, folder, lambda pools: pools[1]["issued"].update(county=15))

    def stated(key: Any = None, **changes: Any) -> Forgery:
        def forge(made: Poll, folder: Path) -> None:
            pool = made.manifest.pool_by_id["guests"]
            said = IssuerStatement(
                made.manifest.poll, pool.id, "county", made.manifest.fingerprint, made.issued[pool.id]["county"]
            )
            line = write_statement(dataclasses.replace(said, **changes), key or made.statement_keys[pool.id])
            edit_lines(made, folder, STATEMENTS, lambda listed: listed.__setitem__(0, line + b"\n"))

        return forge  # fmt: skip

    more = lines(STATEMENTS, lambda listed: listed.append(listed[0]))
    return [
        Variant("the second issuer's number raised", issued, STATEMENTS, "bad-statement", 1),
        Variant("the second issuer's statement of another number", stated(issued=12), STATEMENTS, "bad-statement", 1),
        Variant("a statement signed by somebody else", stated(generate_acknowledgement_key()), STATEMENTS, "bad-statement", 1),
        Variant("a statement of another poll", stated(poll="0b54bd9a-5c40-4bd8-8f1f-1c7a3c62c0b2"), STATEMENTS, "bad-statement", 1),
        Variant("a statement of another manifest", stated(manifest="0" * 64), STATEMENTS, "bad-statement", 1),
        Variant("no statement", lines(STATEMENTS, lambda listed: listed.clear()), STATEMENTS, "bad-statement", 1),
        Variant("a statement too many", more, STATEMENTS, "bad-statement", 2),
    ]  # fmt: skip


def in_the_cosignatures() -> list[Variant]:
    """What scrutineers say: forged, of another record, beyond what they may; disagreement changes no finding."""

    def said(change: Callable[[list[Cosignature]], object]) -> Forgery:
        def forge(made: Poll, folder: Path) -> None:
            record = fingerprint((folder / RECORD).read_bytes())
            listed = [
                read_cosignature(made.manifest, record, line[:-1]) for line in cosignature_lines(folder / COSIGNATURES)
            ]
            change(listed)
            cosign_record(made, folder, listed)

        return forge  # fmt: skip

    def first(**changes: Any) -> Forgery:
        return said(lambda listed: listed.__setitem__(0, dataclasses.replace(listed[0], **changes)))

    def of_an_older_head(made: Poll, folder: Path) -> None:
        before = (folder / COSIGNATURES).read_bytes()
        edit_counts(made, folder, lambda pools: pools[3]["issued"].update(office=4))
        (folder / COSIGNATURES).write_bytes(before)

    def forged(made: Poll, folder: Path) -> None:
        data = (folder / COSIGNATURES).read_bytes()
        (folder / COSIGNATURES).write_bytes(data.replace(b'"s1"', b'"s2"', 1))

    def board_name(made: Poll, folder: Path) -> None:
        slips = [read_board_line(line) for line in (folder / BOARD).read_bytes().splitlines(keepends=True)]
        name = next(slip for slip in slips if slip.pool == "guests").name(made.manifest.digest)
        first(invalid=(name,))(made, folder)

    return [
        Variant("no word of scrutineers", lambda made, folder: (folder / COSIGNATURES).unlink()),
        Variant("nothing said by scrutineers", said(lambda listed: listed.clear())),
        Variant("a scrutineer disagrees", first(kind="disagrees", lines=(), invalid=(), remark="Ten slips are missing.")),
        Variant("a scrutineer disagrees without a word", first(kind="disagrees", lines=(), invalid=()), COSIGNATURES, "bad-cosignature", 1),
        Variant("a word of another kind", first(kind="saw", lines=(), invalid=()), COSIGNATURES, "bad-cosignature", 1),
        Variant("a word twice", said(lambda listed: listed.append(listed[2])), COSIGNATURES, "bad-cosignature", 4),
        Variant("words in another order", said(lambda listed: listed.reverse()), COSIGNATURES, "bad-cosignature", 2),
        Variant("a word in another's name", forged, COSIGNATURES, "bad-cosignature", 1),
        Variant("words on an older record", of_an_older_head, COSIGNATURES, "bad-cosignature", 1),
        Variant("an invalid slip not named", first(invalid=()), COSIGNATURES, "unproved-invalid", 1),
        Variant("a slip named that is on no small line", board_name, COSIGNATURES, "bad-cosignature", 1),
        Variant("a place nobody has", first(lines=(("guests", "u9"),)), COSIGNATURES, "bad-cosignature", 1),
        Variant("seen, with lines", first(kind="seen"), COSIGNATURES, "bad-cosignature", 1),
        Variant("a remark that turns the line", first(remark="fits \u202e tif"), COSIGNATURES, "bad-cosignature", 1),
        Variant("one cosignature cut", rewrite(COSIGNATURES, lambda data: data[:-1]), COSIGNATURES, "bad-cosignature", 3),
    ]  # fmt: skip
