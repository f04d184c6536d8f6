"""Asks: how many minutes a form takes of an organisation, or of each of its members, in a month. No person, no answer."""

from datetime import date

from django.db import models
from django.db.models import Q

from zhengyou.organisations.models import Organisation


class Ask(models.Model):
    """What was asked of one organisation in a month, or with `is_for_all_below` of each that lies within it. `form` names one
    of `rules.FORMS`; `about` is the reference of what asks: a cycle, a poll.
    """

    form = models.SlugField(max_length=40)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    is_for_all_below = models.BooleanField(default=False)
    month = models.DateField(db_index=True)
    minutes = models.PositiveSmallIntegerField()
    about = models.CharField(max_length=120)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(month__day=1), name="ask_falls_in_a_month"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="ask_takes_time"),
            models.UniqueConstraint(fields=["about", "form", "organisation", "month"], name="ask_is_made_once"),
        ]


def month_of(day: date) -> date:
    """The first day of that day's month, which stands for the month."""
    return day.replace(day=1)
