"""The text with which a unit is given a case, which repeats nothing of the report unless meant; what a unit notes for itself."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhengyou.base.texts import check_texts
from zhengyou.cases import rules
from zhengyou.cases.computing.repeating import LEAST_OF_FACTS, copied, repeated, telling
from zhengyou.cases.computing.ringing import holds_a_number, sounds_grave
from zhengyou.cases.models import Case
from zhengyou.cases.rules import CaseRefused


def check_in_house(words: str) -> str:
    """What a unit notes for its own people. Returns it trimmed; empty takes it away."""
    return check_texts(CaseRefused, Case, in_house=words)["in_house"]


def check_why_another_kind(case: Case, kind: str, words: str) -> str:
    """Once a unit has a case, another kind takes a reason, which everybody reads. Returns it as it is kept; nothing before that."""
    if kind == case.kind:
        raise CaseRefused(_("It is of this kind already. Choose another one."), reason="case.same-kind")
    if not case.number:
        return ""
    return check_said_to_all(case, rules.check_words(words, _("Say why it is another kind. Everybody can read it.")))


def text_read(case: Case) -> str:
    """What a unit reads: the text that was written for it; the house's own, by its kind alone, in the reader's language and by the kind
    that the case has now.
    """
    return rules.plain_text(case) if case.target_text and rules.is_plain(case) else case.target_text


def may_be_given(on: date) -> Q:
    """The cases whose day is over, so that a unit may get them on that day."""
    return Q(received_on__lt=on)


def check_day_is_over(cases: Iterable[Case], on: date) -> None:
    """No unit gets a report on the day on which it came: it would know the day, and by looking every hour the hour."""
    if count := sum(row.received_on >= on for row in cases):
        raise CaseRefused(
            ngettext(
                "%(n)d report came today, and a unit gets it from tomorrow on: else it would know on which day somebody "
                "reported it. If somebody is in danger, telephone.",
                "%(n)d reports came today, and their units get them from tomorrow on: else they would know on which day "
                "somebody reported them. If somebody is in danger, telephone.",
                count,
            )
            % {"n": count},
            reason="case.day-not-over",
        )


def check_none_sounds_grave(cases: Iterable[Case]) -> None:
    """What seems to speak of money, threats or violence is opened and read before its unit gets it, and never given among many."""
    if count := sum(sounds_grave(f"{row.words}\n{row.place}") for row in cases):
        raise CaseRefused(
            ngettext(
                "%(n)d of these seems to speak of money, gifts, threats or violence. Open it and read it first: "
                "perhaps it goes around the unit it is about. Nothing was given to anybody.",
                "%(n)d of these seem to speak of money, gifts, threats or violence. Open and read them first: "
                "perhaps they go around the units they are about. Nothing was given to anybody.",
                count,
            )
            % {"n": count},
            reason="case.sounds-grave",
        )


def repeated_of(case: Case, text: str) -> str:
    """What a text for a unit repeats of the report, if anything: a turn of phrase, or a name, an hour, a place, however short."""
    known, facts = (case.unit.name, case.window_words), f"{case.place}\n{case.happened}"
    told = [one for one in telling(f"{case.words}\n{facts}\n{case.contact}") if one in text]
    told = [one for one in told if not any(one in name for name in known)]
    return (
        repeated(text, f"{case.words}\n{facts}", known)
        or max(told, key=len, default="")
        or repeated(text, f"{facts}\n{case.contact}", known, LEAST_OF_FACTS)
    )


def copied_of(case: Case, text: str) -> str:
    """What a text for a unit copies of a report, if anything, which nobody can mean: its reporter was told that the unit gets none of
    the words, or only those that everybody reads.
    """
    run = "" if text == rules.plain_text(case) else copied(text, case.words, (case.unit.name, case.window_words))
    return "" if case.may_show and run in case.public_words else run


def check_copies_nothing(case: Case, text: str) -> None:
    """What the office writes that the unit reads is no copy of the report."""
    if run := copied_of(case, text):
        raise CaseRefused(
            _(
                "“%(run)s” is the report itself. Its reporter was told that the unit does not get these words. "
                "Say it in your own words."
            )
            % {"run": run[:60]},
            reason="case.copies-report",
        )


def check_said_to_all(case: Case, words: str) -> str:
    """What the office says of a case to everybody tells of nobody and is no copy of the report. Returns it."""
    check_copies_nothing(case, words)
    return rules.check_tells_of_nobody(words)


def check_repeats_nothing(case: Case, text: str, *, is_meant: bool = False) -> None:
    """The text for a unit is the office's own: what stands in it as its reporter wrote it has to be meant, and is no copy."""
    check_copies_nothing(case, text)
    if not is_meant and (run := repeated_of(case, text)):
        raise CaseRefused(
            _(
                "“%(run)s” is in the report as well, and the unit may know from it who reported. Say it in your "
                "own words, or tick below that it has to stay."
            )
            % {"run": run[:60]},
            reason="case.repeats-report",
        )


def check_may_be_shown(case: Case) -> bool:
    """Whether everybody reads the words that their reporter lets be shown: never while a number, or their own contact, stands there."""
    if case.may_show and (holds_a_number(case.public_words) or (case.contact and case.contact in case.public_words)):
        raise CaseRefused(
            _(
                "These words contain a phone, identity or plate number. They can be shown only once the "
                "reporter has blacked it out; until then leave them hidden."
            ),
            reason="case.shows-number",
        )
    return case.may_show
