"""Who reads what came of a poll for a unit's people, beside each of them: who leads or answers for the unit, and the level above."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.identity import rules as identity
from zhengyou.organisations.models import Organisation, Person


class PersonRefused(identity.RoleRefused):
    """This is not for whoever asks."""


def check_may_read_of(reader: Person, unit: Organisation, today: date) -> None:
    """Who may read what came of it for the people of a unit; each of these people reads their own part elsewhere."""
    if not identity.may_read_of_people(reader, unit, today):
        raise PersonRefused(
            _(
                "Only those who lead the unit or answer for it, and the level above, can read this. Your own result is at your desk."
            ),
            reason="person.not-for-you",
        )
