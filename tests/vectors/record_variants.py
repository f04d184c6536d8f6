"""Ways to tamper with the record of `make_record.py`, each with one finding that every verifier must come to."""

from __future__ import annotations

import dataclasses
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.blindballot.polls import Poll
from tests.blindballot.records import edit_board, edit_counts, edit_opened, sign_again

from blindballot.format import rsabssa
from blindballot.format.curve import ORDER
from blindballot.format.encoding import b64, canonical, parse_canonical
from blindballot.format.keys import generate_acknowledgement_key, generate_point_key, point_bytes, sign_with_point
from blindballot.format.lines import Opening, read_opening_line, read_sealed_line, write_opening_line
from blindballot.format.publication import publish_line
from blindballot.format.record import ALL_FILES, BOARD, COSIGNATURES, COUNTS, OPENED, RECORD, SIGNATURE
from blindballot.format.slips import BoardSlip
from blindballot.voter.voting import Ballot

MANIFEST, KEYS = "manifest.json", "keys.json"
Forgery = Callable[[Poll, Path], object]


@dataclass
class Variant:
    """A way to tamper. `file` and `check` of the finding; its line too where the forgery says one. Sound without."""

    name: str
    forge: Forgery
    file: str = ""
    check: str = ""
    line: int = 0


def variants() -> list[Variant]:
    """What a passer-by could do to the files, then what the platform with all its keys could try."""
    return [
        Variant("sound", lambda made, folder: None),
        Variant("signed again without a change", sign_again),
        Variant("hidden files beside the record", lambda made, folder: (folder / ".DS_Store").write_text("x")),
        *by_a_passer_by(),
        *on_the_board(),
        *in_what_is_opened(),
        *in_the_counts(),
        *in_the_heads(),
    ]


def rewrite(name: str, change: Callable[[bytes], bytes]) -> Forgery:
    """Changes a file's bytes and signs nothing."""
    return lambda made, folder: (folder / name).write_bytes(change((folder / name).read_bytes()))


def flip(at: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def by_a_passer_by() -> list[Variant]:
    """Files lost, added, cut or changed, without the key to sign them again."""
    changed = {MANIFEST: "bad-manifest", RECORD: "bad-head", SIGNATURE: "bad-signature"}
    return [
        *(
            Variant(f"no {name}", lambda made, folder, name=name: (folder / name).unlink(), name, "missing-file")
            for name in ALL_FILES
        ),
        *(
            Variant(f"a byte of {name}", rewrite(name, flip(5)), name, changed.get(name, "file-changed"))
            for name in ALL_FILES
        ),
        Variant(
            "the handover lies in the folder",
            lambda made, folder: shutil.copy(folder.parent / "handover.jsonl", folder),
            "handover.jsonl",
            "strange-file",
        ),
        Variant("the board is cut", rewrite(BOARD, lambda data: data[:-1]), BOARD, "line-form"),
        Variant("an empty line", rewrite(BOARD, lambda data: data.replace(b"\n", b"\n\n", 1)), BOARD, "line-form", 2),
        Variant("a space", rewrite(BOARD, lambda data: data.replace(b":", b": ", 1)), BOARD, "line-form", 1),
        Variant(
            "a line feed after the signature", rewrite(SIGNATURE, lambda data: data + b"\n"), SIGNATURE, "bad-signature"
        ),
        Variant(
            "another title",
            rewrite(MANIFEST, lambda data: data.replace(b"Yearly", b"Weekly")),
            MANIFEST,
            "head-manifest",
        ),
        Variant("a byte order mark", rewrite(COUNTS, lambda data: b"\xef\xbb\xbf" + data), COUNTS, "bad-counts"),
        Variant("no slips at all", rewrite(BOARD, lambda data: b""), BOARD, "board-size"),
        Variant(
            "another number of slips",
            rewrite(RECORD, lambda data: data.replace(b'size":', b'size":1')),
            SIGNATURE,
            "bad-signature",
        ),
    ]


def board(change: Callable[[Poll, list[BoardSlip]], None], *, sort: bool = True) -> Forgery:
    return lambda made, folder: edit_board(made, folder, lambda slips: change(made, slips), sort=sort)


def signed(made: Poll, slip: BoardSlip, key: Any) -> BoardSlip:
    return dataclasses.replace(slip, signature=sign_with_point(key, slip.body(made.manifest.digest)))


def at(slips: list[BoardSlip], pool: str, line: str = "u1") -> int:
    return next(place for place, slip in enumerate(slips) if (slip.pool, slip.line) == (pool, line))


def stuffed(made: Poll, slips: list[BoardSlip]) -> None:
    ballot = Ballot.begin(made.manifest, made.keys, "members")
    for one in ballot.prepared.values():
        one.tokens = [secrets.token_bytes(288)]
    slips.append(ballot.cast({})[0].for_board)


def alone(made: Poll, slips: list[BoardSlip]) -> None:
    """The office signs where the county should have signed too."""
    ballot = Ballot.begin(made.manifest, made.keys, "guests")
    ballot.accept("office", made.sign("guests", "office", ballot.request("office")))
    for one in ballot.prepared.values():
        one.tokens[1] = one.tokens[0]
    slips.append(ballot.cast({})[0].for_board)


def twice_by_one(made: Poll, slips: list[BoardSlip]) -> None:
    """The office signs the serial twice, each time with a prefix of its own."""
    ballot = Ballot.begin(made.manifest, made.keys, "guests")
    for line, one in ballot.prepared.items():
        key = made.issuer_keys["guests", line, "office"]
        for place in range(2):
            prefix, message = rsabssa.prepare(one.serial)
            blinded, inverse = rsabssa.blind(key.public, message)
            one.tokens[place] = prefix + rsabssa.finalize(key.public, message, key.sign_blinded(blinded), inverse)
    slips.append(ballot.cast({})[0].for_board)


def tokens_turned(made: Poll, slips: list[BoardSlip]) -> None:
    ballot = made.ballot("guests")
    for one in ballot.prepared.values():
        one.tokens.reverse()
    slips.append(ballot.cast({})[0].for_board)


def with_two_tokens(made: Poll, slips: list[BoardSlip]) -> None:
    ballot = made.ballot("members")
    slip = ballot.cast({})[0].for_board
    slips.append(signed(made, dataclasses.replace(slip, tokens=slip.tokens * 2), ballot.prepared["u1"].key))


def with_one_token(made: Poll, slips: list[BoardSlip]) -> None:
    ballot = made.ballot("guests")
    slip = ballot.cast({})[0].for_board
    slips.append(signed(made, dataclasses.replace(slip, tokens=slip.tokens[:1]), ballot.prepared["u1"].key))


def crossed_line(made: Poll, slips: list[BoardSlip]) -> None:
    ballot = made.ballot("members")
    slip = dataclasses.replace(ballot.cast({})[0].for_board, line="u2")
    slips.append(signed(made, slip, ballot.prepared["u1"].key))


def own_key(made: Poll, slips: list[BoardSlip]) -> None:
    key = generate_point_key()
    place = at(slips, "members")
    slips[place] = signed(made, dataclasses.replace(slips[place], serial=point_bytes(key)), key)


def no_point(made: Poll, slips: list[BoardSlip]) -> None:
    ballot = Ballot.begin(made.manifest, made.keys, "members")
    one = ballot.prepared["u1"]
    one.serial = b"\x04" + bytes(64)
    prefix, message = rsabssa.prepare(one.serial)
    key = made.issuer_keys["members", "u1", "office"]
    blinded, inverse = rsabssa.blind(key.public, message)
    one.tokens = [prefix + rsabssa.finalize(key.public, message, key.sign_blinded(blinded), inverse)]
    slips.append(dataclasses.replace(ballot.fill(made.manifest.lines[0], bytes([1, 1])).for_board, serial=one.serial))


def altered(made: Poll, slips: list[BoardSlip]) -> None:
    place = at(slips, "elders")
    slips[place] = dataclasses.replace(slips[place], commitment=bytes(32))


def two_versions(made: Poll, slips: list[BoardSlip]) -> None:
    ballot = made.ballot("members")
    slips.extend(ballot.cast({}, version=version)[0].for_board for version in (1, 2))


def turned(made: Poll, slips: list[BoardSlip]) -> None:
    """The second signature that anybody can make of a first one."""
    place = at(slips, "elders")
    signature = slips[place].signature
    other = (ORDER - int.from_bytes(signature[32:], "big")).to_bytes(32, "big")
    slips[place] = dataclasses.replace(slips[place], signature=signature[:32] + other)


def unmarked(made: Poll, slips: list[BoardSlip]) -> None:
    slips.append(dataclasses.replace(slips[at(slips, "half", "u2")], line="u1"))


def swapped_slips(made: Poll, slips: list[BoardSlip]) -> None:
    slips[0], slips[1] = slips[1], slips[0]


def on_the_board() -> list[Variant]:
    """Slips added, taken away, exchanged and moved by somebody who signs the record anew."""

    def ghost(made: Poll, slips: list[BoardSlip]) -> None:
        slips.append(dataclasses.replace(slips[0], pool="ghosts"))

    return [
        Variant("a slip without a token", board(stuffed), BOARD, "forged-token"),
        Variant("one issuer signs for two", board(alone), BOARD, "forged-token"),
        Variant("two tokens of one issuer", board(twice_by_one), BOARD, "forged-token"),
        Variant("tokens in the other order", board(tokens_turned), BOARD, "forged-token"),
        Variant("a second token where there is one issuer", board(with_two_tokens), BOARD, "wrong-issuers"),
        Variant("one token for two issuers", board(with_one_token), BOARD, "wrong-issuers"),
        Variant("a token of another line", board(crossed_line), BOARD, "forged-token"),
        Variant("the platform's own key under a slip", board(own_key), BOARD, "forged-token"),
        Variant("a serial that is no point", board(no_point), BOARD, "bad-serial"),
        Variant("an altered slip", board(altered), BOARD, "forged-signature"),
        Variant("two versions of a slip", board(two_versions), BOARD, "serial-twice"),
        Variant("a slip replayed", board(lambda made, slips: slips.append(slips[3])), BOARD, "serial-twice"),
        Variant("a slip of an unknown pool", board(ghost), BOARD, "unknown-line"),
        Variant("two slips out of order", board(swapped_slips, sort=False), BOARD, "board-order", 2),
        Variant(
            "an open slip dropped",
            board(lambda made, slips: slips.pop(at(slips, "members")) and None),
            OPENED,
            "opened-stranger",
        ),
        Variant(
            "a sealed slip dropped",
            board(lambda made, slips: slips.pop(at(slips, "elders")) and None),
            COUNTS,
            "returned",
        ),
        Variant("a slip signed the other way", board(turned), BOARD, "forged-signature"),
        Variant("a slip of a line that its pool does not mark", board(unmarked), BOARD, "unknown-line"),
    ]


def opened(change: Callable[[Path, list[bytes]], None]) -> Forgery:
    return lambda made, folder: edit_opened(made, folder, lambda lines: change(folder, lines))


def in_what_is_opened() -> list[Variant]:
    """Marks claimed, kept back or published where they must not be."""

    def other_marks(folder: Path, lines: list[bytes]) -> None:
        opening = read_opening_line(lines[2])
        marks = opening.marks or bytes([1, 1])
        salt = opening.salt or bytes(32)
        changed = Opening(opening.name, marks=bytes([marks[0] % 4 + 1, marks[1]]), salt=salt)
        lines[2] = write_opening_line(changed)

    def unwelcome(folder: Path, lines: list[bytes]) -> None:
        place = next(place for place, line in enumerate(lines) if b"marks" in line)
        lines[place] = write_opening_line(Opening(read_opening_line(lines[place]).name, invalid="unreadable"))

    def too_much(folder: Path, lines: list[bytes]) -> None:
        sealed = read_sealed_line((folder.parent / "handover.jsonl").read_bytes().splitlines(keepends=True)[-1])
        lines.append(write_opening_line(Opening(sealed.name, marks=bytes([1, 1]), salt=bytes(32))))
        lines.sort(key=lambda line: read_opening_line(line).name)

    def swapped(folder: Path, lines: list[bytes]) -> None:
        lines[0], lines[1] = lines[1], lines[0]

    def strange(folder: Path, lines: list[bytes]) -> None:
        lines[0] = lines[0].replace(b'{"', b'{"a":1,"', 1)

    return [
        Variant("other marks for an open slip", opened(other_marks), OPENED, "other-commitment", 3),
        Variant("an open slip called unreadable", opened(unwelcome), OPENED, "false-invalid"),
        Variant("a sealed slip published", opened(too_much), OPENED, "opened-forbidden"),
        Variant("an open slip kept back", opened(lambda folder, lines: lines.pop(2) and None), BOARD, "opened-missing"),
        Variant("two openings out of order", opened(swapped), OPENED, "opened-order", 2),
        Variant("an opening with a strange field", opened(strange), OPENED, "line-form", 1),
    ]  # fmt: skip


def counts(change: Callable[[list[Any]], object]) -> Forgery:
    return lambda made, folder: edit_counts(made, folder, lambda pools: change(pools) and None)


def claimed(made: Poll, folder: Path) -> None:
    line = made.manifest.line_by_id["u2"]
    said = publish_line(made.manifest, line, {bytes([1]): 5, bytes([2]): 6}, {})
    edit_counts(made, folder, lambda pools: pools[1]["lines"].__setitem__(1, said))


def moved(pools: list[Any]) -> None:
    cells = pools[0]["lines"][0]["criteria"][0]["cells"]
    cells[0]["n"], cells[1]["n"] = cells[0]["n"] + 1, cells[1]["n"] - 1


def small_cells(pools: list[Any]) -> None:
    marks = ["excellent", "good", "fair", "poor", "dont_know", "unmarked"]
    cells = [{"marks": [mark], "n": n} for mark, n in zip(marks, (6, 3, 2, 0, 0, 0), strict=True)]
    pools[1]["lines"][1]["criteria"][0] = {"criterion": "work", "cells": cells}


def called_valid(pools: list[Any]) -> None:
    pools[4]["verdict"] = "valid"
    for line in pools[4]["lines"]:
        line.update(valid=line["returned"], invalid={})


def in_the_counts() -> list[Variant]:
    """Cooked figures, and figures published beyond what the rule allows."""

    def line(pool: int, line: int, **changes: Any) -> Forgery:
        return counts(lambda pools: pools[pool]["lines"][line].update(changes))

    def issued(**changes: int) -> Forgery:
        return counts(lambda pools: pools[1]["issued"].update(changes))

    return [
        Variant("fewer issued than returned", counts(lambda pools: pools[0]["issued"].update(office=12)), COUNTS, "verdict"),
        Variant("fewer issued by the second issuer than returned", issued(county=9), COUNTS, "verdict"),
        Variant("more issued by the second issuer than on the roll", issued(county=17), COUNTS, "verdict"),
        Variant("a second issuer's number left out", counts(lambda pools: pools[1]["issued"].pop("county")), COUNTS, "bad-counts"),
        Variant("more issued than on the roll", counts(lambda pools: pools[0]["issued"].update(office=21)), COUNTS, "verdict"),
        Variant("a turnout too low called valid", counts(called_valid), COUNTS, "verdict"),
        Variant("open counts cooked", counts(moved), COUNTS, "recount"),
        Variant("sealed counts cooked, scrutineers away", claimed),
        Variant("a slip more said to be returned", line(1, 1, returned=12, valid=12), COUNTS, "bad-counts"),
        Variant("a handful more said to be returned", line(3, 0, returned=4, valid=4), COUNTS, "returned"),
        Variant("open beyond the number", line(1, 0, publication="open", abstained=0), COUNTS, "bad-counts"),
        Variant("small cells published", counts(small_cells), COUNTS, "bad-counts"),
        Variant("unanimity in the open", line(0, 1, publication="open", abstained=0), COUNTS, "bad-counts"),
        Variant("more abstained than voted", line(0, 0, abstained=99), COUNTS, "bad-counts"),
        Variant("an abstention too many", line(0, 0, abstained=4), COUNTS, "recount"),
        Variant("a reason nobody knows", line(1, 1, invalid={"tired": 1}, valid=10), COUNTS, "bad-counts"),
        Variant("a line left out", counts(lambda pools: pools[0]["lines"].pop()), COUNTS, "bad-counts"),
        Variant("pools in another order", counts(lambda pools: pools.reverse()), COUNTS, "bad-counts"),
        Variant("half a slip", line(3, 0, returned=3.5, valid=3.5), COUNTS, "bad-counts"),
    ]  # fmt: skip


def head(**changes: Any) -> Forgery:
    """A false record.json, properly signed."""

    def forge(made: Poll, folder: Path) -> None:
        (folder / COSIGNATURES).unlink(missing_ok=True)
        document = parse_canonical((folder / RECORD).read_bytes()) | changes
        (folder / RECORD).write_bytes(canonical(document))
        (folder / SIGNATURE).write_text(b64(made.head_key.sign(canonical(document))))

    return forge


def other_keys(made: Poll, folder: Path) -> None:
    documents = parse_canonical((folder / KEYS).read_bytes())
    keys = documents[0]["keys"]
    keys[0]["n"], keys[1]["n"] = keys[1]["n"], keys[0]["n"]
    (folder / KEYS).write_bytes(canonical(documents))
    sign_again(made, folder)


def other_signer(made: Poll, folder: Path) -> None:
    key = generate_acknowledgement_key()
    (folder / SIGNATURE).write_text(b64(key.sign((folder / RECORD).read_bytes())))


def in_the_heads() -> list[Variant]:
    """A head that does not fit, keys that are not the manifest's, another signer."""
    return [
        Variant("a false root", head(board_root=b64(bytes(32))), BOARD, "board-root"),
        Variant("a false number of slips", head(board_size=1), BOARD, "board-size"),
        Variant("another manifest named", head(manifest="0" * 64), MANIFEST, "head-manifest"),
        Variant("a close without an instant", head(closed_at="yesterday"), RECORD, "bad-head"),
        Variant("a close before its time", head(closed_at="2026-11-26T23:59:59Z"), RECORD, "closed-early"),
        Variant("keys changed places", other_keys, KEYS, "bad-keys"),
        Variant("signed by somebody else", other_signer, SIGNATURE, "bad-signature"),
    ]  # fmt: skip
