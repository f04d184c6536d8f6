"""What differs between two texts: Chinese sign by sign, words of letters whole, so that nobody reads half a word as changed.

The arithmetic is rapidfuzz's (decision 0059): bit-parallel, so that a page can afford it; nothing here is random or timed.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz.distance import Indel

SAME, GONE, NEW = "same", "gone", "new"
PARTS = re.compile(r"[^\W\d_\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|\d+|\s+|.", re.DOTALL)
ENDS = re.compile(r"[。！？；!?;\n]|\.(?=\s|$)")
LEFT_OUT = " … "


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stands in both versions (`same`), in the old one only (`gone`) or in the new one only (`new`)."""

    kind: str
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """Both texts in stretches, what is gone before what is new in its place. Joined without the new ones they are `before`,
    without the gone ones `after`.
    """
    old, new = PARTS.findall(before), PARTS.findall(after)
    numbers = {part: n for n, part in enumerate(dict.fromkeys([*old, *new]))}
    steps = Indel.opcodes([numbers[part] for part in old], [numbers[part] for part in new])
    found = []
    for step in steps:
        was, now = "".join(old[step.src_start : step.src_end]), "".join(new[step.dest_start : step.dest_end])
        found.append((was, now, step.tag == "equal"))
    return _gathered(found)


def changed(stretches: Iterable[Piece]) -> list[Piece]:
    """Only the sentences in which something changed; what lies between them is left out with dots."""
    rows = list(stretches)
    last = len(rows) - 1
    return [
        one if one.kind != SAME else Piece(SAME, _cut(one.text, is_first=n == 0, is_last=n == last))
        for n, one in enumerate(rows)
    ]


def substance(text: str) -> str:
    """What a text says: its letters, numbers and symbols, and the marks that belong to a number (1.5, 20%, -3). Other marks, blanks,
    what cannot be seen and whether signs are wide or narrow say nothing.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign)[0] not in "CZ")
    beside = zip(f" {plain}", plain, f"{plain[1:]} ", strict=False)
    return "".join(
        sign
        for before, sign, after in beside
        if unicodedata.category(sign)[0] in "LMNS"
        or sign in "%‰"
        or (after.isdigit() and (before.isdigit() or sign == "-"))
    )


def _gathered(steps: list[tuple[str, str, bool]]) -> list[Piece]:
    """Neighbouring changes as one, blanks between two of them included: a reader sees words exchanged, not letters."""
    bare = [
        (was, now, is_same and not (was.isspace() and 0 < n < len(steps) - 1))
        for n, (was, now, is_same) in enumerate(steps)
    ]
    found = []
    for is_same, run in groupby(bare, key=lambda step: step[2]):
        together = list(run)
        was, now = "".join(step[0] for step in together), "".join(step[1] for step in together)
        found += [Piece(SAME, was)] if is_same else [one for one in (Piece(GONE, was), Piece(NEW, now)) if one.text]
    return found


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    """What a stretch that stayed leaves of the sentences before and after it."""
    ends = [found.end() for found in ENDS.finditer(text)]
    if not ends:
        return text
    head, tail = ("" if is_first else text[: ends[0]]), ("" if is_last else text[ends[-1] :])
    if len(head) + len(tail) >= len(text):
        return text
    return f"{head}{LEFT_OUT if text[len(head) : len(text) - len(tail)].strip() else ''}{tail}"
