"""Finds the slips of a seal code in a record, and holds opened slips against one.

Nothing published says which slips are one stack. A slip that stands alone and the stacks of a small poll are found by trying; of a
large one the device that cast has to say where they stand.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from blindballot.format.encoding import FormatError
from blindballot.format.keyring import Keyring
from blindballot.format.manifest import Line, Manifest
from blindballot.format.marks import DONT_KNOW, UNMARKED
from blindballot.format.sealcode import SHORT_NAME, OpenedSlip, seal_digest, seal_item, seal_letters
from blindballot.format.slips import are_marks
from blindballot.verifying.signedboard import SignedBoard

# So many stacks of a pool are tried without being told where.
MOST_TRIES = 65_536

FOUND, NOT_FOUND, ASK_WHERE = "found", "not-found", "ask-where"
FITS, WAITS, DIFFERS = "fits", "waits", "differs"


@dataclass(frozen=True, slots=True)
class Member:
    """A slip of the board as far as a code goes: where it stands, how its name begins, what it gives to the code."""

    pool: str
    line: str
    start: bytes
    item: bytes


def find_code(
    board: SignedBoard, letters: str, where: Sequence[bytes] = (), most_tries: int = MOST_TRIES
) -> tuple[str, int]:
    """FOUND and how many slips, NOT_FOUND, or ASK_WHERE if there are too many stacks to try. `where` has beginnings of names."""
    digest = board.manifest.digest
    members = [
        Member(slip.pool, slip.line, slip.name(digest)[:SHORT_NAME], seal_item(slip.commitment, slip.sealed_hash))
        for slip in board.slips()
    ]
    if where:
        named = [member for member in members if member.start in where]
        return (FOUND, len(named)) if _makes(board.manifest, letters, named) else (NOT_FOUND, 0)
    if any(_makes(board.manifest, letters, [member]) for member in members):
        return FOUND, 1
    return _try_stacks(board.manifest, letters, members, most_tries)


def _makes(manifest: Manifest, letters: str, stack: Iterable[Member]) -> bool:
    return seal_letters(seal_digest(manifest.digest, (member.item for member in stack))) == letters


def _try_stacks(manifest: Manifest, letters: str, members: Sequence[Member], most_tries: int) -> tuple[str, int]:
    answer = NOT_FOUND
    for pool in manifest.pools:
        lines = [
            [member for member in members if (member.pool, member.line) == (pool.id, line.id)]
            for line in manifest.lines_of(pool)
        ]
        if math.prod(map(len, lines)) > most_tries:
            answer = ASK_WHERE
        elif any(_makes(manifest, letters, stack) for stack in itertools.product(*lines)):
            return FOUND, len(lines)
    return answer, 0


def check_opened(manifest: Manifest, keys: Keyring, letters: str, slips: Sequence[OpenedSlip]) -> str:
    """FITS if the slips make the code, WAITS if some of the stack are not there, else DIFFERS. Raises FormatError for no stack."""
    places = [(slip.pool, slip.line) for slip in slips]
    if not slips or len(set(places)) != len(slips) or len({pool for pool, _line in places}) != 1:
        raise FormatError("these slips are not of one ballot")
    if any(
        slip.manifest != manifest.fingerprint or place not in keys.closing
        for slip, place in zip(slips, places, strict=True)
    ):
        raise FormatError("a slip is of another poll")
    items = [slip.item(keys.closing[place]) for slip, place in zip(slips, places, strict=True)]
    if seal_letters(seal_digest(manifest.digest, items)) == letters:
        return FITS
    return WAITS if len(slips) < len(manifest.lines_of(manifest.pool_by_id[slips[0].pool])) else DIFFERS


def marks_in_words(manifest: Manifest, slip: OpenedSlip, language: str) -> str:
    """One line: the name of what is marked, and each mark by its name; ids where there is none in the language."""
    line = manifest.line_by_id[slip.line]
    name = line.name.get(language) or line.name.get("en") or line.id
    if not are_marks(manifest, line, slip.marks):
        return f"{name}: {slip.marks.hex(' ')}?"
    if line.question:
        return f"{name}: {_answer(line, slip.marks)}"
    grades = {UNMARKED: "-", DONT_KNOW: "?"} | {place: grade.id for place, grade in enumerate(manifest.grades, 1)}
    marked = zip(line.criteria, slip.marks, strict=True)
    return f"{name}: " + ", ".join(f"{criterion} {grades[mark]}" for criterion, mark in marked)


def _answer(line: Line, marks: bytes) -> str:
    if line.question is None or marks[0] == DONT_KNOW:
        return "?"
    options = line.question.options
    if line.question.kind == "ranking":
        return " > ".join(options[mark - 1].id for mark in marks if mark) or "-"
    return ", ".join(option.id for option, mark in zip(options, marks, strict=True) if mark) or "-"
