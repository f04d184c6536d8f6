"""The only clock of the house: pages and commands read it and hand the instant on."""

from datetime import date, datetime

from django.utils import timezone

from zhengyou.base.time import local_day


def now() -> datetime:
    """This instant."""
    return timezone.now()


def today() -> date:
    """The calendar day where the campaign runs."""
    return local_day(now())
