"""A question: a line that ranks options, or approves of them, where other lines grade criteria. Its form, bounds and marks.

How the marks are counted is answers.py, whom a method puts first winners.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from blindballot.format.encoding import FormatError
from blindballot.format.fields import Fields, Names, check_different
from blindballot.format.marks import DONT_KNOW, DONT_KNOW_ID, UNMARKED_ID

RANKING, APPROVAL = "ranking", "approval"
SCHULZE, BORDA, APPROVALS = "schulze", "borda", "approvals"
METHODS = {RANKING: (SCHULZE, BORDA), APPROVAL: (APPROVALS,)}
# With these bounds a slip has at most 3,618 patterns (three of 16), 1,958 (six of six), 2,049 (eleven approved or not), below
# the 4,096 of every line.
MOST_OPTIONS = {RANKING: 16, APPROVAL: 11}
MOST_WHOLLY_RANKED = 6
MOST_PLACES_OF_MANY = 3


@dataclass(frozen=True, slots=True)
class Option:
    """One thing that can be put in order or approved of."""

    id: str
    name: Names


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: `kind` is ranking or approval, `most` how many options one slip may name, `method` who is first in the end."""

    kind: str
    most: int
    method: str
    options: tuple[Option, ...]

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The ids of the options, in the manifest's order."""
        return tuple(option.id for option in self.options)


def read_question(value: Any, where: str) -> Question:
    """The question of a line. Raises FormatError naming the field and what it should be."""
    fields = Fields(value, where)
    kind = _one_of(fields, "kind", tuple(METHODS))
    method = _one_of(fields, "method", METHODS[kind])
    options = fields.items("options", _option, 2, MOST_OPTIONS[kind])
    most = fields.whole("most", 1, len(options))
    fields.done()
    check_different([option.id for option in options], f"{where}.options")
    if any(option.id in (UNMARKED_ID, DONT_KNOW_ID) for option in options):
        raise FormatError(f"{where}.options: {UNMARKED_ID} and {DONT_KNOW_ID} are kept for slips that name no option")
    if kind == APPROVAL and most != len(options):
        raise FormatError(f"{where}.most: must be the number of options; one may approve of them all")
    if kind == RANKING and most > MOST_PLACES_OF_MANY and len(options) > MOST_WHOLLY_RANKED:
        raise FormatError(
            f"{where}.most: of more than {MOST_WHOLLY_RANKED} options at most the first {MOST_PLACES_OF_MANY} are ranked"
        )
    return Question(kind, most, method, options)


def marks_of_answer(question: Question, chosen: Sequence[str]) -> bytes:
    """The bytes of an answer: option ids in order of preference, or those approved of; `dont_know` alone; nothing to abstain.

    Always `most` bytes. Raises ValueError for an id that is none of these, more than `most`, or one that stands twice.
    """
    if list(chosen) == [DONT_KNOW_ID]:
        return bytes([DONT_KNOW]) + bytes(question.most - 1)
    places = [question.option_ids.index(option) + 1 for option in chosen]
    if len(places) > question.most or len(set(places)) != len(places):
        raise ValueError(f"at most {question.most} different options")
    if question.kind == APPROVAL:
        return bytes(place in places for place in range(1, question.most + 1))
    return bytes(places) + bytes(question.most - len(places))


def is_answer(question: Question, marks: bytes) -> bool:
    """Whether `marks` are an answer: `most` bytes.

    A ranking has places of options from 1, none twice, then zeros; an approval a 1 or 0 for each option. Don't know is 255,
    then zeros.
    """
    if len(marks) != question.most:
        return False
    if marks[0] == DONT_KNOW:
        return not any(marks[1:])
    if question.kind == APPROVAL:
        return max(marks) <= 1
    ranked = marks.rstrip(b"\0")
    return len(set(ranked)) == len(ranked) and all(0 < place <= len(question.options) for place in ranked)


def _one_of(fields: Fields, name: str, wanted: tuple[str, ...]) -> str:
    value = fields.text(name)
    if value not in wanted:
        raise FormatError(f"{fields.where}.{name}: must be {' or '.join(wanted)}")
    return value


def _option(value: Any, where: str) -> Option:
    fields = Fields(value, where)
    option = Option(fields.identifier("id"), fields.names("name"))
    fields.done()
    return option
