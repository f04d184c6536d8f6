"""The text with which a unit is given a case, which repeats nothing of the report unless meant; what a unit notes for itself."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, override

from zhengyou.base.texts import check_texts
from zhengyou.cases import rules
from zhengyou.cases.computing.repeating import repeated
from zhengyou.cases.computing.ringing import sounds_grave
from zhengyou.cases.models import Case
from zhengyou.cases.rules import CaseRefused


def check_in_house(words: str) -> str:
    """What a unit notes for its own people. Returns it trimmed; empty takes it away."""
    return check_texts(CaseRefused, Case, in_house=words)["in_house"]


def text_read(case: Case) -> str:
    """What a unit reads: the text that was written for it; the house's own, by its kind alone, in the reader's language."""
    own = rules.plain_text(case) if case.target_text else ""
    for language, _name in settings.LANGUAGES:
        with override(language):
            if case.target_text == rules.plain_text(case):
                return own
    return case.target_text


def check_none_sounds_grave(cases: Iterable[Case]) -> None:
    """What seems to speak of money, threats or violence is opened and read before its unit gets it, and never given among many."""
    if count := sum(sounds_grave(f"{row.words}\n{row.place}") for row in cases):
        raise CaseRefused(
            ngettext(
                "%(n)d of these seems to speak of money, gifts, threats or violence. Open it and read it first: perhaps it goes around "
                "its target. Nothing was given to anybody.",
                "%(n)d of these seem to speak of money, gifts, threats or violence. Open and read them first: perhaps they go around "
                "their target. Nothing was given to anybody.",
                count,
            )
            % {"n": count},
            reason="case.sounds-grave",
        )


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
