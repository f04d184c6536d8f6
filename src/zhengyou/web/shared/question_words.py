"""Questions of a sheet in words: how people answer, by which method it is counted and what that is good for, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhengyou.base.words import in_readers_words, joined
from zhengyou.polls.models import SheetQuestion
from zhengyou.polls.queries import QuestionWithOptions
from zhengyou.polls.rules import MOST_OPTIONS
from zhengyou.standings.computing.document import QuestionResult

Kind, Method = SheetQuestion.Kind, SheetQuestion.Method

KINDS = {
    Kind.RANKING: format_lazy(_("Put all options in order (up to {most} options)"), most=MOST_OPTIONS[Kind.RANKING]),
    Kind.BEST_THREE: format_lazy(
        _("Name the best three in order (up to {most} options)"), most=MOST_OPTIONS[Kind.BEST_THREE]
    ),
    Kind.APPROVAL: format_lazy(
        _("Approve as many as you like (up to {most} options)"), most=MOST_OPTIONS[Kind.APPROVAL]
    ),
}
METHODS = {
    Method.SCHULZE: _("Schulze method"),
    Method.BORDA: _("Borda count"),
    Method.APPROVALS: _("number of approvals"),
}
# Each in two sentences: what it does, what it is good for.
GOOD_FOR = {
    Method.SCHULZE: _(
        "It compares every two options: how many people put one before the other. It is good where the outcome should hold against "
        "every other option, and an option that beats each of them alone always comes first."
    ),
    Method.BORDA: _(
        "Each place is worth points, and the points are added up. It is good where an option that most people can live with should "
        "come first, and anybody can recompute it by hand."
    ),
    Method.APPROVALS: _(
        "It counts how many people approve each option. It is good for narrowing many options down, as nobody has to put them in "
        "order and similar options do not take approvals from each other."
    ),
}


PLACES = _("1st|2nd|3rd|4th|5th|6th")


def places(count: int) -> list[str]:
    """The first places of an order in the reader's language: 1st, 2nd and so on, six at most."""
    return str(PLACES).split("|")[:count]


@dataclass(frozen=True)
class QuestionInWords:
    """A question as pages show it: its row, how it is answered and counted, its options."""

    one: QuestionWithOptions
    kind: Any
    method: Any
    good_for: Any

    @property
    def is_ranking(self) -> bool:
        """Whether options are put in order."""
        return self.one.row.kind != Kind.APPROVAL


def questions_in_words(questions: Iterable[QuestionWithOptions]) -> list[QuestionInWords]:
    """Questions of a sheet, in order, as pages show them."""
    return [
        QuestionInWords(
            one, KINDS[Kind(one.row.kind)], METHODS[Method(one.row.method)], GOOD_FOR[Method(one.row.method)]
        )
        for one in questions
    ]


def first_in_words(question: QuestionResult) -> str:
    """Who is first, in one sentence: the same on every page."""
    if not question.winners:
        return str(_("Nothing is shown, because there were fewer valid ballots than the rules ask for."))
    if question.level != "open" and len(question.winners) == len(question.options):
        # Of few slips every draw is told as a draw of all (docs/ballots.md, Questions).
        return str(_("No single option comes first. With so few ballots, it is not shown which of them are level."))
    names = joined(in_readers_words(name) for name in question.first)
    if len(question.winners) > 1:
        return str(_("A draw: %(names)s. No single one of them comes first.") % {"names": names})
    return str(_("First: %(names)s.") % {"names": names})


def outcome_in_words(question: QuestionResult, cell: int) -> list[str]:
    """Who is first, and of one alone whether that is certain: it must withstand `cell` slips more."""
    if len(question.winners) != 1:
        return [first_in_words(question)]
    certain = _("Certain: %(n)d more ballots, whatever they said, would not change it.")
    uncertain = _("Not certain: %(n)d more ballots could change it, or too few were cast to say.")
    return [first_in_words(question), str((certain if question.is_certain else uncertain) % {"n": cell})]


def number_in_words(question: QuestionResult, n: int) -> str:
    """What the number of an option says: so many put it first, or approve it."""
    if question.kind == "ranking":
        return ngettext("%(n)d first choice", "%(n)d first choices", n) % {"n": n}
    return ngettext("%(n)d approval", "%(n)d approvals", n) % {"n": n}
