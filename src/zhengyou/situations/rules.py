"""What a report on the situation says, and by when the next one is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.ruleset import Purpose
from zhengyou.remarks.rules import check_public_texts
from zhengyou.situations.models import SituationReport

SOON = timedelta(days=30)  # so long before its day a report stands among what is due
LONGEST_WORDS = 500


class SituationRefused(Refused):
    """The report, or what somebody says to it, cannot be taken like this."""


@dataclass(frozen=True)
class Period:
    """The days about which one report tells: from the first to the last, on which it is due."""

    first: date
    last: date


def check_report(title: str, text: str) -> dict[str, str]:
    """A report has a title and says something. Returns both trimmed."""
    missing = _("Give the report a title, and write how things stand.")
    return check_public_texts(SituationRefused, SituationReport, missing, title=title, text=text)


def check_words(words: str) -> str:
    """Words about a report are said at all, and few enough to be read by everybody."""
    if not words.strip():
        raise SituationRefused(_("Write what you want to say."), reason="situation.words-missing")
    if len(words.replace("\r\n", "\n").strip()) > LONGEST_WORDS:
        raise SituationRefused(
            _("Your words have %(count)d characters. Shorten them to %(most)d.")
            % {"count": len(words), "most": LONGEST_WORDS},
            reason="situation.words-too-long",
        )
    return words


def periods_of(calendar: Calendar) -> list[Period]:
    """The periods about which units tell, by the frozen rules, inside the stage of keeping; none where the pack asks for none."""
    window, step = calendar.window(Purpose.FULFIL), calendar.cycle.ruleset.commitments.situation_months
    periods: list[Period] = []
    first = window.opens_on if window and step else None
    while window and first and first <= window.closes_on:
        following = _months_after(first, step)
        periods.append(Period(first, min(following - timedelta(days=1), window.closes_on)))
        first = following
    # A rest of less than half a period belongs to the one before it.
    if len(periods) > 1 and (periods[-1].last - periods[-1].first).days < step * 15:
        rest = periods.pop()
        periods[-1] = Period(periods[-1].first, rest.last)
    return periods


def untold(periods: list[Period], days: Iterable[date]) -> list[Period]:
    """Of these periods those of which no report of these days tells: each one tells of the first that is open, up to the end of the
    next.
    """
    left, following = list(periods), _following(periods)
    for day in sorted(days):
        tells_of = next((one for one in left if one.first <= day <= following.get(one, day)), None)
        if tells_of:
            left.remove(tells_of)
    return left


def periods_due(calendar: Calendar, on: date) -> list[Period]:
    """Of these the ones whose day is near or past and of which a report of this day could still tell; what is older nobody can tell."""
    periods = periods_of(calendar)
    following = _following(periods)
    return [one for one in periods if one.last - SOON <= on <= following.get(one, on)]


def _following(periods: list[Period]) -> dict[Period, date]:
    """Until when a report can tell of each period but the last: to the end of the next one."""
    return {one: after.last for one, after in pairwise(periods)}


def _months_after(day: date, count: int) -> date:
    month = day.month - 1 + count
    year, month = day.year + month // 12, month % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month, day=last)
        except ValueError:
            continue
    raise ValueError(day)
