"""Who reads what came of a poll for a unit's people, beside each of them: who leads or answers for the unit, and the level above."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused, allows
from zhengyou.identity import rules as identity
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post


class PersonRefused(Refused):
    """This is not for whoever asks."""


def check_may_read_of(reader: Person, unit: Organisation, today: date) -> None:
    """Who may read what came of it for the people of a unit; each of these people reads their own part elsewhere."""
    if not may_read_of(reader, unit, today):
        raise PersonRefused(
            _(
                "Only who leads the unit or answers for it, and the level above, read this. Your own result stands at your desk."
            ),
            reason="person.not-for-you",
        )


def may_read_of(reader: Person, unit: Organisation, today: date) -> bool:
    """Whether somebody reads the results of a unit's people: who leads it or answers for it, or leads a level above."""
    leads = organisations.holds_post(reader, Post.Role.SECRETARY, unit, today)
    answers = any(one.person_id == reader.pk for one in organisations.responsible_for(unit, today))
    return leads or answers or allows(identity.check_is_above, reader, unit, today)
