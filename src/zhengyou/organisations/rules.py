"""What the tree allows: no organisation under itself, no period that ends before it begins."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.organisations.models import Organisation, Person


class TreeRefused(Refused):
    """The change would break the tree."""

    reason = "tree"


class PeriodRefused(Refused):
    """A period would end before it begins."""

    reason = "period"


def check_may_place(organisation: Organisation, parent: Organisation | None) -> None:
    """An organisation may stand anywhere but under itself or under one of its own."""
    if parent is None or organisation.pk is None:
        return
    if parent.pk == organisation.pk or parent.path.startswith(organisation.path):
        raise TreeRefused(
            _("%(name)s cannot be placed under %(parent)s, because that belongs to it. Choose another parent.")
            % {"name": organisation.name, "parent": parent.name}
        )


def check_may_join(person: Person | None, organisation: Organisation) -> None:
    """People join only organisations that still exist."""
    if organisation.ended_on is not None:
        raise TreeRefused(
            _("%(name)s has ended. Choose an organisation that still exists.") % {"name": organisation.name}
        )


def check_period(from_on: date, until_on: date | None) -> None:
    """A period ends after it begins."""
    if until_on is not None and until_on <= from_on:
        raise PeriodRefused(_("The last day lies before the first. Correct one of the two dates."))
