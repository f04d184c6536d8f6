"""The count of a question's line: from the patterns of its valid slips to its object in counts.json, and reading that back.

Whose slips may be told one by one is publication.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blindballot.format.encoding import FormatError
from blindballot.format.fields import Fields, read_identifier, read_whole
from blindballot.format.joining import most_others
from blindballot.format.marks import DONT_KNOW, DONT_KNOW_ID, UNMARKED_ID
from blindballot.format.questions import RANKING, Question
from blindballot.format.winners import is_certain, leads_of, winners


@dataclass(frozen=True, slots=True)
class Answers:
    """The count of a question: by option its first choices or its approvals; how many put i above j; slips that name none.

    `pairwise` is empty for an approval.
    """

    numbers: tuple[int, ...]
    pairwise: tuple[tuple[int, ...], ...]
    dont_know: int
    abstained: int
    valid: int

    @property
    def has_leader(self) -> bool:
        """Whether nearly all slips have the same first choice, approve of the same option, don't know, or abstain."""
        numbers = (*self.numbers, self.dont_know, self.abstained)
        return any(count > 0 and self.valid - count <= most_others(self.valid) for count in numbers)


def count_answers(question: Question, patterns: Mapping[bytes, int]) -> Answers:
    """The count of the valid slips, given by pattern of marks."""
    size = len(question.options)
    numbers, pairwise = [0] * size, [[0] * size for _ in range(size)]
    dont_know = abstained = 0
    for marks, count in patterns.items():
        if marks[0] == DONT_KNOW:
            dont_know += count
        elif not any(marks):
            abstained += count
        elif question.kind == RANKING:
            ranked = [place - 1 for place in marks if place]
            numbers[ranked[0]] += count
            _add_ranking(pairwise, ranked, count)
        else:
            for option, approved in enumerate(marks):
                numbers[option] += count * approved
    table = tuple(tuple(row) for row in pairwise) if question.kind == RANKING else ()
    return Answers(tuple(numbers), table, dont_know, abstained, sum(patterns.values()))


def _add_ranking(pairwise: list[list[int]], ranked: Sequence[int], count: int) -> None:
    """Each ranked option is above those ranked after it and all that are not ranked."""
    below = set(range(len(pairwise)))
    for option in ranked:
        below.discard(option)
        for other in below:
            pairwise[option][other] += count


def exact_answers(question: Question, patterns: Mapping[bytes, int]) -> dict[str, int]:
    """The true numbers by option, then of don't know and unmarked: for the gate only."""
    answers = count_answers(question, patterns)
    counted = dict(zip(question.option_ids, answers.numbers, strict=True))
    return counted | {DONT_KNOW_ID: answers.dont_know, UNMARKED_ID: answers.abstained}


def publish_answers(question: Question, answers: Answers, cell: int, *, is_open: bool) -> dict[str, Any]:
    """The `question` of the line's object: who is first and whether that is certain; every number too where slips are open."""
    leads = leads_of(question, answers.numbers, answers.pairwise)
    first = winners(leads)
    if not is_open and is_draw_untold(len(first), answers.valid):
        first = list(range(len(question.options)))
    published: dict[str, Any] = {
        "winners": [question.option_ids[place] for place in first],
        "is_certain": is_certain(question, leads, answers.valid, cell),
    }
    if is_open:
        published |= {
            "options": list(answers.numbers),
            "dont_know": answers.dont_know,
            "abstained": answers.abstained,
        }
    if is_open and question.kind == RANKING:
        published["pairwise"] = [list(row) for row in answers.pairwise]
    return published


def is_draw_untold(drawing: int, valid: int) -> bool:
    """Whether a draw of so many options among so few slips is told as a draw of all options, where slips are not open.

    Of options that draw level with t first choices each, whoever chose another one knows that t is 2 at least. Were 3 too many for
    the slips there are, t were known, and with it each of these numbers.
    """
    return drawing > 1 and 3 * drawing >= valid


def check_answers(question: Question, value: object, where: str, shown: tuple[int, int, bool]) -> None:
    """Raises FormatError unless `value` is what `publish_answers` can have made; `shown` is valid slips, cell, and whether open.

    In an open line the numbers must agree with one another and with who is said to be first; no number is told of another.
    """
    valid, cell, is_open = shown
    fields = Fields(value, where)
    first = fields.items("winners", read_identifier, 1, len(question.options))
    certain = fields.take("is_certain")
    if list(first) != [option for option in question.option_ids if option in first]:
        raise FormatError(f"{where}.winners: must be options of the question, each once, in its order")
    if not is_open and is_draw_untold(len(first), valid) and len(first) < len(question.options):
        raise FormatError(f"{where}.winners: so many of so few slips are told as a draw of all options")
    if not isinstance(certain, bool):
        raise FormatError(f"{where}.is_certain: must be true or false")
    if certain and (len(first) > 1 or valid < 2 * cell + 2):
        raise FormatError(f"{where}.is_certain: neither a draw nor the word of so few slips is certain")
    if is_open:
        answers = _read_answers(question, fields, valid)
        if answers.has_leader:
            raise FormatError(f"{where}: nearly all of {valid} slips agree, which keeps a line from being open")
        own = publish_answers(question, answers, cell, is_open=True)
        if (own["winners"], own["is_certain"]) != (list(first), certain):
            raise FormatError(f"{where}.winners: are not those that the numbers give")
    fields.done()


def _read_answers(question: Question, fields: Fields, valid: int) -> Answers:
    """The numbers of an open line, which must be able to stand beside one another."""
    size, where = len(question.options), fields.where
    numbers = fields.items("options", lambda item, place: read_whole(item, place, 0, valid), size, size)
    dont_know, abstained = fields.whole("dont_know", 0, valid), fields.whole("abstained", 0, valid)
    answered = valid - dont_know - abstained
    pairwise: tuple[tuple[int, ...], ...] = ()
    if question.kind == RANKING:
        pairwise = fields.items("pairwise", lambda item, place: _row(item, place, size, valid), size, size)
        if not _is_possible(numbers, pairwise, answered):
            raise FormatError(f"{where}.pairwise: these numbers cannot be of {answered} rankings")
        if sum(numbers) != answered:
            raise FormatError(f"{where}.options: do not add up to {answered} slips that name an option")
    elif max(numbers) > answered or sum(numbers) < answered:
        raise FormatError(f"{where}.options: cannot be of {answered} slips that name an option")
    return Answers(numbers, pairwise, dont_know, abstained, valid)


def _row(value: Any, where: str, size: int, valid: int) -> tuple[int, ...]:
    fields = Fields({"row": value}, where)
    return fields.items("row", lambda item, place: read_whole(item, place, 0, valid), size, size)


def _is_possible(numbers: Sequence[int], pairwise: Sequence[Sequence[int]], answered: int) -> bool:
    """Nobody is above himself; a first choice is above all others; no slip puts two options above one another."""
    options = range(len(numbers))
    return all(
        pairwise[i][j] == 0 if i == j else numbers[i] <= pairwise[i][j] and pairwise[i][j] + pairwise[j][i] <= answered
        for i in options
        for j in options
    )
