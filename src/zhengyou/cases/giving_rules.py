"""The text with which a unit is given a case, which repeats nothing of the report unless meant; what a unit notes for itself."""

from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import check_texts
from zhengyou.cases.computing.repeating import repeated
from zhengyou.cases.models import Case
from zhengyou.cases.rules import CaseRefused


def check_in_house(words: str) -> str:
    """What a unit notes for its own people. Returns it trimmed; empty takes it away."""
    return check_texts(CaseRefused, Case, in_house=words)["in_house"]


def repeated_of(case: Case, text: str) -> str:
    """What a text for a unit repeats of the report, if anything."""
    return repeated(text, f"{case.words}\n{case.place}\n{case.happened}", (case.unit.name, case.window_words))


def check_repeats_nothing(case: Case, text: str) -> None:
    """The text for a unit is the office's own: what stands in it as its reporter wrote it has to be meant."""
    if run := repeated_of(case, text):
        raise CaseRefused(
            _(
                "“%(run)s” stands in the report as well, and the unit may know by it who reported. Say it in your own words, or tick "
                "below that it has to stand so."
            )
            % {"run": run[:60]},
            reason="case.repeats-report",
        )
