"""What the office's first page shows of a house with a cycle: how far each stage is, turnout, the latest deeds, warnings.

What is to be done today is in `office_lines`. A constant number of queries; the machine is only glanced at.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengyou.base.models import JournalEntry
from zhengyou.base.refusals import allows
from zhengyou.base.time import calendar_is_official, local_day
from zhengyou.base.words import in_readers_words
from zhengyou.campaigns.models import Cycle
from zhengyou.consultation import queries as consultation
from zhengyou.identity import rules as identity
from zhengyou.leadership import queries as leadership
from zhengyou.operating import findings, looking
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.tree import is_within_any
from zhengyou.polls import queries as poll_queries
from zhengyou.polls import rules as poll_rules
from zhengyou.polls.models import Poll
from zhengyou.rhythm import queries
from zhengyou.web.office.deed_words import DEEDS
from zhengyou.web.shared import machine

MOST_DEEDS, MOST_READ = 8, 40  # lines; entries from which they are folded


@dataclass(frozen=True)
class CoverageBar:
    """How many of how many have come so far: in words, as a share, and where the others are listed."""

    words: str
    done: int
    of: int
    address: str
    note: str = ""

    @property
    def left(self) -> int:
        return self.of - self.done

    @property
    def percent(self) -> int:
        """Whole per cent, of which no begun thing is nothing and only all is everything."""
        return min(max(self.done * 100 // self.of, self.done > 0), 100) if self.of else 0

    @property
    def look(self) -> str:
        """`none` and `low` draw it in other colours; the number says it too."""
        return "none" if not self.done else "low" if self.percent < 50 else ""


@dataclass(frozen=True)
class HouseWarning:
    """Something about the house itself that somebody has to mend: what, and what to do."""

    what: Any
    advice: Any
    is_wrong: bool = True


@dataclass(frozen=True)
class LatestDeed:
    """A deed of the journal, or `times` the same one after the other: what, about what if a page shows it, by whom, on which day."""

    words: Any
    about: str
    address: str
    by: str
    day: date
    times: int = 1


def coverage_bars(cycle: Cycle | None, on: date) -> list[CoverageBar]:
    """A bar for each thing that every unit is to do, of those that the campaign has."""
    if cycle is None:
        return []
    rooms, address = cycle.ruleset.rooms, reverse("office-coverage", args=[cycle.pk])
    counted = queries.coverage_of(cycle)
    bars = []
    if "leadership" in rooms:
        units, unled = leadership.units_and_unled(cycle.campaign, on)
        points = reverse("office-contact-points", args=[cycle.campaign_id])
        bars.append(CoverageBar(_("have a leader who looks after them"), units - unled, units, f"{points}?led=no"))
    if "plans" in rooms:
        bars.append(
            CoverageBar(_("have chosen their theme"), counted.themed, counted.units, f"{address}?missing=theme")
        )
    if "commitments" in rooms:
        words, promise = _("have published their promises"), f"{address}?missing=promise"
        bars.append(CoverageBar(words, counted.published, counted.units, promise, _promise_note(counted)))
        words, report = _("of those have reported on one"), f"{address}?missing=report"
        bars.append(CoverageBar(words, counted.reported, counted.published, report))
        bars += _of_earlier(cycle, counted.units, on)
    return [*bars, *_of_plans(cycle, on)]


def _of_earlier(cycle: Cycle, units: int, on: date) -> list[CoverageBar]:
    """How many units have answered all that an earlier cycle left; nothing where nobody owes one."""
    left = queries.left_of_earlier(cycle)
    if not left:
        return []
    days = max((on - min(day for due in left.values() for day in due)).days, 0)
    answers = sum(len(due) for due in left.values())
    note = ngettext(
        "%(n)d answer is owed, %(days)d days late", "%(n)d answers are owed, the oldest %(days)d days late", answers
    ) % {"n": answers, "days": days}
    address = f"{reverse('office-coverage', args=[cycle.pk])}?missing=answer"
    words = _("have answered all that an earlier cycle left")
    return [CoverageBar(words, units - len(left), units, address, note)]


def _of_plans(cycle: Cycle, on: date) -> list[CoverageBar]:
    """How many units have a plan that everybody may read; beside it what is open for remarks, and what has no answer."""
    if "consultation" not in cycle.ruleset.rooms:
        return []
    standing = consultation.standing_in(cycle, on)
    notes = []
    if standing.first_closes:
        text = ngettext(
            "%(n)d is open for comments, the first until %(day)s",
            "%(n)d are open for comments, the first until %(day)s",
            standing.open,
        )
        notes.append(text % {"n": standing.open, "day": date_format(standing.first_closes)})
    if standing.unanswered:
        text = ngettext("%(n)d comment has no answer", "%(n)d comments have no answer", standing.unanswered)
        notes.append(text % {"n": standing.unanswered})
    address = reverse("office-plans-missing", args=[cycle.pk])
    words = _("have a plan that everybody can read")
    return [CoverageBar(words, standing.planned, standing.units, address, _(", ").join(notes))]


def _promise_note(counted: queries.Coverage) -> str:
    waiting = ngettext(
        "%(n)d waits for a review by the level above", "%(n)d wait for a review by the level above", counted.waiting
    )
    returned = ngettext("%(n)d was returned", "%(n)d were returned", counted.returned)
    figures = [(counted.waiting, waiting), (counted.returned, returned)]
    said = [text % {"n": n} for n, text in figures if n]
    return " · ".join([*said, _("promises given on the spot are not counted here")])


def turnouts(person: Person, polls: list[Poll], on: date) -> tuple[list[poll_queries.Turnout], bool]:
    """The turnout of the polls in which members vote, as coarse as it may be told, and whether this person may not be told.

    Whoever is tied to one of them is told of none: asking for each poll by itself would cost queries for each.
    """
    if not polls:
        return [], False
    judged, top = poll_rules.judged_in(*polls), polls[0].cycle.campaign.organisation
    if not allows(identity.check_is_unconcerned, person, judged, top, on):
        return [], True
    return poll_queries.turnouts_read(polls), False


def latest_deeds(entries: QuerySet[JournalEntry], offices: list[Organisation]) -> list[LatestDeed]:
    """What was done last of these, and by whom. Four queries. What lies within these offices' reach leads to its page."""
    rows = sorted(entries[:MOST_READ], key=lambda row: (row.at, row.pk), reverse=True)
    people = organisations.people_with_references({row.by for row in rows})
    names = _names_of(rows, offices)
    deeds = [
        LatestDeed(
            DEEDS[row.deed],
            *names.get(row.subject, ("", "")),
            people[row.by].name if row.by in people else "",
            local_day(row.at),
        )
        for row in rows
    ]
    return [replace(deed, times=len(list(alike))) for deed, alike in groupby(deeds)][:MOST_DEEDS]


def _names_of(rows: list[JournalEntry], offices: list[Organisation]) -> dict[str, tuple[str, str]]:
    """The name and the page of the organisations and polls that these deeds are about."""
    subjects = {row.subject for row in rows}
    units = {
        row.reference: (row.name, reverse("public-organisation", args=[row.code]))
        for row in organisations.organisations_with_references(subjects)
    }
    polls = {
        row.reference: (
            in_readers_words(row.name),
            reverse("office-poll", args=[row.key]) if is_within_any(row.cycle.campaign.organisation, offices) else "",
        )
        for row in poll_queries.polls_with_references(subjects)
    }
    return units | polls


def warnings(at: datetime, polls: list[Poll]) -> list[HouseWarning]:
    """What is wrong with the house itself: box, backup, disk, clock, calendar. No query."""
    found = [_of_finding(one) for one in findings.about_disk(machine.free_bytes(settings.HOME))]
    found += [_of_finding(one) for one in findings.about_backup(looking.last_backup_at(settings.HOME), at)]
    if machine.has_jumped():
        what = _("The clock of the server was set while it ran. No appraisal is closed until this is mended.")
        found.append(HouseWarning(what, _("Have the clock set right and the server started again.")))
    left = [in_readers_words(row.name) for row in polls if row.is_over and not row.is_box_destroyed]
    for name in left:
        what = _("The ballot box of “%(poll)s” is not destroyed yet, so its close is not done.") % {"poll": name}
        found.append(HouseWarning(what, _("Tell whoever keeps the server: starting it anew destroys the box.")))
    return found + _about_calendar(local_day(at))


def _about_calendar(day: date) -> list[HouseWarning]:
    """In December the next year counts already: notices run into it."""
    years = {day.year, day.year + 1 if day.month == 12 else day.year}
    unknown = sorted(year for year in years if not calendar_is_official(date(year, 1, 1)))
    return [
        HouseWarning(
            _("This system does not know the public holidays of %(year)d yet.") % {"year": year},
            _("Until it does, Monday to Friday count as working days. An update of the system brings them."),
            is_wrong=False,
        )
        for year in unknown
    ]


def _of_finding(one: findings.Finding) -> HouseWarning:
    """Its advice names commands, which nobody types in an office: it says for whom it is."""
    advice = _("For whoever keeps the machine: %(advice)s") % {"advice": one.advice} if one.advice else ""
    return HouseWarning(one.what, advice, is_wrong=one.severity == findings.WRONG)
