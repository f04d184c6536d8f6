"""When a unit is given a case and when its kind changes, and what of a report may be shown; what a unit notes for itself."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhengyou.base.texts import check_texts
from zhengyou.cases import rules
from zhengyou.cases.computing.ringing import holds_a_number, sounds_grave
from zhengyou.cases.models import Case
from zhengyou.cases.own_words import check_copies_nothing, check_said_to_all
from zhengyou.cases.rules import CaseRefused
from zhengyou.organisations.models import Person


def check_in_house(case: Case, words: str, by: Person) -> str:
    """What a unit notes for its own people. Returns it trimmed; empty takes it away."""
    kept = check_texts(CaseRefused, Case, in_house=words)["in_house"]
    check_copies_nothing(case, kept, by)
    return kept


def check_why_another_kind(case: Case, kind: str, words: str) -> str:
    """Once a unit has a case, another kind takes a reason, which everybody reads. Returns it as it is kept; nothing before that."""
    check_is_another_kind(case, kind)
    if not case.number:
        return ""
    return check_said_to_all(case, rules.check_words(words, _("Say why it is another kind. Everybody can read it.")))


def check_is_another_kind(case: Case, kind: str) -> None:
    """A kind is corrected to another one."""
    if kind == case.kind:
        raise CaseRefused(_("It is of this kind already. Choose another one."), reason="case.same-kind")


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


def seems_grave(case: Case) -> bool:
    """Whether a report that does not go around its target seems to speak of money, threats or violence, and could go around it."""
    return not case.is_guarded and sounds_grave(f"{case.words}\n{case.place}") and bool(rules.kind_around(case.cycle))


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
