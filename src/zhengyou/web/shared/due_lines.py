"""A line to do, and those lines of the office that its people see at the desk and on the office's first page alike."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.awards import queries as awards
from zhengyou.base.time import local_day
from zhengyou.campaigns.models import Cycle
from zhengyou.notices import queries as notices
from zhengyou.organisations.models import Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.tree import is_within_any
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark

# Guesses until fillings are measured, for whoever opens the list: a look at words, and an objection.
OFFICE = Post.Role.CAMPAIGN_OFFICE
MINUTES_A_LOOK = 1
MINUTES_AN_OBJECTION = 15


@dataclass(frozen=True)
class DueLine:
    """One line of the list: where it leads, what is to be done, for whom, by which day, in about how many minutes.

    What nobody gave a day has the day `since` when it waits. `cycle` is the id of what it belongs to. `late` says in words that
    part of it is late, where each thing of the line has a day of its own.
    """

    url: str
    text: str
    detail: str = ""
    due_on: date | None = None
    minutes: int = 0
    organisation: int | None = None
    kind: str = ""
    since: date | None = None
    cycle: int | None = None
    late: str = ""

    def days_late(self, on: date) -> int:
        """How many days ago it should have been done; 0 if it is in time, or has no day."""
        return max((on - self.due_on).days, 0) if self.due_on else 0


def looks(reader: Reader, cycle: Cycle | None) -> list[DueLine]:
    """Words in a cycle that wait for a look by its office: one line, with the day by which the oldest is due."""
    if cycle is None or not is_within_any(cycle.campaign.organisation, reader.organisations_as(OFFICE)):
        return []
    waiting = remarks.due_for(reader, cycle)
    if not waiting.count:
        return []
    text = ngettext("Read what %(n)d person wrote", "Read what %(n)d people wrote", waiting.count)
    address = f"{reverse('office-remarks', args=[cycle.pk])}?state={Remark.State.WAITING}"
    minutes = MINUTES_A_LOOK * waiting.count
    return [DueLine(address, text % {"n": waiting.count}, due_on=waiting.due_on, minutes=minutes, cycle=cycle.pk)]


def objections(reader: Reader) -> list[DueLine]:
    """Objections that this reader may handle, and what came in a flood: a line each, with the day of the oldest."""
    address, subjects = reverse("office-docket"), awards.references_led_from(reader.organisations_as(OFFICE))
    docket = notices.due_for(reader, subjects)
    lines: list[DueLine] = []
    if docket.oldest_at is None:
        return lines
    since = local_day(docket.oldest_at)
    detail = _("the oldest since %(day)s") % {"day": date_format(since)}
    if docket.objections:
        text = ngettext("Handle %(n)d objection", "Handle %(n)d objections", docket.objections)
        one = reverse("office-objection", args=[docket.first.pk]) if docket.first else address
        minutes = MINUTES_AN_OBJECTION * docket.objections
        lines.append(DueLine(one, text % {"n": docket.objections}, detail, minutes=minutes, since=since))
    if docket.flood:
        text = ngettext(
            "Look at %(n)d objection that arrived among many within minutes",
            "Look at %(n)d objections that arrived together within minutes",
            docket.flood,
        )
        lines.append(DueLine(address, text % {"n": docket.flood}, detail, minutes=MINUTES_AN_OBJECTION, since=since))
    return lines
