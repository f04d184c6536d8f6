"""What a page shows of several rooms at once: how the units below somebody stand, one unit's year, what is open in a cycle.

Who may see it is asked at the page's door.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from zhengyou.awards import queries as awards
from zhengyou.awards.models import Honour
from zhengyou.base.prepared import prepared
from zhengyou.base.time import local_day
from zhengyou.base.words import Names
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.campaigns.ruleset import Named, Purpose
from zhengyou.carriers.models import DemonstrationUnit
from zhengyou.cases import queries as cases
from zhengyou.cases import reader_queries as case_readers
from zhengyou.cases.models import Case
from zhengyou.commitments import queries as commitments
from zhengyou.commitments.models import Commitment, OutcomeStatement, ProgressReport, Promise
from zhengyou.consultation import queries as consultation
from zhengyou.consultation.models import Plan
from zhengyou.grades import queries as grades
from zhengyou.keeping import owing
from zhengyou.leadership.models import ContactPoint
from zhengyou.notices import queries as notices
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Responsibility
from zhengyou.plans import queries as plans
from zhengyou.plans.models import PracticeTheme
from zhengyou.pledges.models import PublicCommitment
from zhengyou.polls.models import Poll, QuestionOption, RatedOrganisation
from zhengyou.remarks.models import Remark
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.situations import queries as situations
from zhengyou.situations.models import SituationReport
from zhengyou.standings import queries as standings
from zhengyou.vows import queries as vows
from zhengyou.vows.models import Vow
from zhengyou.windows.models import ServicePoint

MOST_PRESSING = 5
OF_A_COMMITMENT = (
    "organisation",
    "state",
    "published_at",
)  # whole rows would cost a table of thousands most of its time


@dataclass(frozen=True)
class UnitPromises:
    """How one unit stands with its promises, for the levels above it. `promises` counts those written, or published.

    `reported` of them have a report, `doubted` have an answer that doubts them, about `contested` the unit owes an answer,
    `overdue` are past their day without a word on how they ended; `is_late`: the stage is over and nothing is published.
    `next_day`: by when the next thing is due, a promise that has not ended, or the promises themselves. `doubted_first`: the id of
    the first that is doubted. `earlier`: about how many promises of closed cycles it still owes an answer, the longest since
    `late_since`; `report_due_on`: the past day of a report on the situation that it has not told.
    """

    organisation: Organisation | tree.PlacedUnit
    theme: str
    commitment: Commitment | None
    promises: int
    reported: int
    doubted: int
    contested: int
    overdue: int
    is_late: bool
    next_day: date | None = None
    doubted_first: int | None = None
    earlier: int = 0
    late_since: date | None = None
    report_due_on: date | None = None

    @property
    def owed(self) -> int:
        """About how many promises it owes everybody an answer, of this cycle and of those before."""
        return self.contested + self.earlier

    @property
    def is_published(self) -> bool:
        return self.commitment is not None and self.commitment.state == Commitment.State.PUBLISHED

    @property
    def state(self) -> str:
        """The state of its promises, or `none` where it has not begun."""
        return self.commitment.state if self.commitment else "none"

    @property
    def urgency(self) -> int:
        """What a level above looks at first: 0 what people wait for, 1 its own review, 2 what may be slow or doubted, 3 a late report
        alone, 4 nothing.
        """
        if self.overdue or self.owed or self.is_late:
            return 0
        if "waiting" in self.concerns:
            return 1
        return 2 if self.concerns - {"untold"} else 3 if self.concerns else 4

    @cached_property
    def concerns(self) -> set[str]:
        """What to look at: any of late, waiting, unreported, doubted, contested, earlier, untold, overdue."""
        found = {
            "late": self.is_late,
            "waiting": self.state == Commitment.State.PROPOSED,
            "unreported": self.is_published and not self.reported,
            "doubted": bool(self.doubted),
            "contested": bool(self.owed),
            "earlier": bool(self.earlier),
            "untold": self.report_due_on is not None,
            "overdue": bool(self.overdue),
        }
        return {what for what, is_so in found.items() if is_so}


@dataclass(frozen=True)
class PressingUnit:
    """A unit that people wait for: so many promises past their day without a word, so many about which it owes an answer in public."""

    code: str
    name: str
    overdue: int
    contested: int


@dataclass(frozen=True)
class PromisesBelow:
    """The units below somebody in a few figures: how many take part, have published, wait for a review; promises past their day,
    and those about which an answer is owed, of them `earlier` from closed cycles, the oldest so many `days_late`; the few units that
    people wait for most; how many have not told their report on the situation (`untold`).
    """

    units: int
    published: int
    waiting: int
    overdue: int
    contested: int = 0
    pressing: tuple[PressingUnit, ...] = ()
    earlier: int = 0
    days_late: int = 0
    untold: int = 0


@dataclass(frozen=True)
class Coverage:
    """How many of the units that take part have chosen a theme, published promises, reported on one; and how many wait or mend."""

    units: int
    themed: int
    published: int
    reported: int
    waiting: int
    returned: int


def coverage_of(cycle: Cycle) -> Coverage:
    """How far the units of a cycle have come. Two queries for any number of them."""
    units = commitments.promising_organisations(cycle)
    rows = commitments.begun_by(cycle, units)
    reports = ProgressReport.objects.filter(promise__commitment=OuterRef("pk"))
    states = rows.aggregate(
        published=Count("pk", filter=Q(state=Commitment.State.PUBLISHED)),
        waiting=Count("pk", filter=Q(state=Commitment.State.PROPOSED)),
        returned=Count("pk", filter=Q(state=Commitment.State.RETURNED)),
        reported=Count("pk", filter=Exists(reports)),
    )
    theme = PracticeTheme.objects.filter(cycle=cycle, organisation=OuterRef("pk"))
    counts = units.order_by().aggregate(units=Count("pk"), themed=Count("pk", filter=Q(Exists(theme))))
    return Coverage(**counts, **states)


def left_of_earlier(cycle: Cycle) -> dict[int, list[date]]:
    """Of the units of a cycle, those that still owe everybody answers of earlier, closed cycles, with the days these were due."""
    return owing.days_of_earlier(commitments.promising_organisations(cycle), cycle.campaign)


def units_below(calendar: Calendar, uppers: list[Organisation], on: date) -> list[UnitPromises]:
    """How the units below these organisations stand with their promises, in the order of the tree. About a dozen queries for any number."""
    asked = _taking_part_below(calendar.cycle, uppers)
    return units_standing(calendar, tree.placed(asked, calendar.top), on, asked)


def units_standing(
    calendar: Calendar,
    units: Sequence[Organisation | tree.PlacedUnit],
    on: date,
    asked: QuerySet[Organisation] | None = None,
) -> list[UnitPromises]:
    """How these units stand, in their order. About ten queries; `asked`: the query by which many of them were found."""
    cycle, is_over = calendar.cycle, calendar.is_over(Purpose.PROMISE, on)
    asked = Organisation.objects.filter(pk__in=[one.pk for one in units]) if asked is None else asked
    themes = plans.practice_themes(cycle)
    begun = {row.organisation_id: row for row in commitments.begun_by(cycle, asked).only(*OF_A_COMMITMENT)}
    drafts = commitments.states_by_commitment(commitments.begun_by(cycle, asked))
    figures, none = commitments.figures_by_unit(cycle, asked, on), commitments.UnitCounts()
    owed, before = owing.owed_by_unit(cycle, asked), owing.days_of_earlier(asked, cycle.campaign)
    silent = {one.organisation.pk: one.due_on for one in situations.late_in(calendar, units, on)}
    rows = []
    for unit in units:
        commitment, published = begun.get(unit.pk), figures.get(unit.pk, none)
        written = drafts[commitment.pk] if commitment else {}
        rows.append(
            UnitPromises(
                unit,
                themes.get(unit.pk, ""),
                commitment,
                promises=sum(n for state, n in written.items() if state != Promise.State.WITHDRAWN),
                reported=published.reported,
                doubted=published.doubted,
                contested=owed[unit.pk],
                overdue=published.overdue,
                is_late=is_over and not (commitment and commitment.published_at),
                next_day=published.next_day or _promised_by(calendar, commitment),
                doubted_first=published.doubted_first,
                earlier=len(before[unit.pk]),
                late_since=min(before[unit.pk], default=None),
                report_due_on=silent.get(unit.pk),
            )
        )
    return rows


def _promised_by(calendar: Calendar, commitment: Commitment | None) -> date | None:
    """Where nothing is published yet, the last day of the stage of promising."""
    window = calendar.window(Purpose.PROMISE)
    return window.closes_on if window and not (commitment and commitment.published_at) else None


def promises_below(calendar: Calendar, uppers: list[Organisation], on: date) -> PromisesBelow:
    """The units below these organisations in a few figures. About a dozen queries."""
    cycle, units = calendar.cycle, _taking_part_below(calendar.cycle, uppers)
    states = Commitment.objects.filter(cycle=cycle, organisation__in=units, kind=Commitment.Kind.YEARLY).aggregate(
        published=Count("pk", filter=Q(state=Commitment.State.PUBLISHED)),
        waiting=Count("pk", filter=Q(state=Commitment.State.PROPOSED)),
    )
    ended = OutcomeStatement.objects.filter(promise=OuterRef("pk"))
    overdue = commitments.published_in(cycle, units).filter(~Exists(ended), due_on__lt=on)
    past = Counter(overdue.values_list("commitment__organisation", flat=True))
    owed = owing.owed_by_unit(cycle, units)
    before = owing.days_of_earlier(units, cycle.campaign)
    owed.update({unit: len(days) for unit, days in before.items()})
    first = sorted(past | owed, key=lambda unit: (-(past[unit] + owed[unit]), unit))[:MOST_PRESSING]
    named = {pk: names for pk, *names in Organisation.objects.filter(pk__in=first).values_list("pk", "code", "name")}
    pressing = tuple(PressingUnit(*named[unit], past[unit], owed[unit]) for unit in first)
    oldest = min((day for days in before.values() for day in days), default=on)
    return PromisesBelow(
        units.count(),
        states["published"],
        states["waiting"],
        past.total(),
        owed.total(),
        pressing,
        earlier=sum(len(days) for days in before.values()),
        days_late=max((on - oldest).days, 0),
        untold=len(situations.late_in(calendar, units.only("pk"), on)),
    )


@dataclass(frozen=True)
class ServedPiece:
    """A piece of central work with its aim in words, and how many units' themes, published promises, and people's own serve it."""

    piece: CentralWork
    aim: Names | None
    themes: int
    promises: int
    vows: int

    @property
    def is_served(self) -> bool:
        return bool(self.themes or self.promises or self.vows)


@dataclass(frozen=True)
class ServedAim:
    """An aim, with how many pieces of central work, themes, published promises, and people's own promises serve it."""

    aim: Named
    pieces: int
    themes: int
    promises: int
    vows: int

    @property
    def is_served(self) -> bool:
        """By what units and their people do: a piece alone is only a task."""
        return bool(self.themes or self.promises or self.vows)


@dataclass(frozen=True)
class Served:
    """What serves the central work and the aims of a cycle, what nothing serves first."""

    pieces: list[ServedPiece]
    aims: list[ServedAim]


def served_in(cycle: Cycle) -> Served:
    """Which pieces of central work and which aims are served. Four queries."""
    aims, pieces = {aim.id: aim for aim in cycle.ruleset.aims}, campaigns.central_work(cycle)
    themes = plans.themes_by_piece(cycle)
    of_units, of_people = commitments.serving(cycle), vows.serving(cycle)
    rows = [
        ServedPiece(
            one,
            aims[one.aim].name if one.aim in aims else None,
            themes.get(one.pk, 0),
            sum(n for (piece, _aim), n in of_units.items() if piece == one.number),
            sum(n for (piece, _aim), n in of_people.items() if piece == one.number),
        )
        for one in pieces
    ]
    of_aims = []
    for aim in aims.values():
        own = [row for row in rows if row.piece.aim == aim.id]
        counts = [sum(n for (_piece, named), n in of.items() if named == aim.id) for of in (of_units, of_people)]
        of_aims.append(ServedAim(aim, len(own), sum(row.themes for row in own), *counts))
    return Served(sorted(rows, key=lambda row: row.is_served), sorted(of_aims, key=lambda row: row.is_served))


@dataclass(frozen=True)
class OpenThing:
    """Something that is not at its end in a cycle: its reference, what it is, and a name in its own words.

    `kind` is one of draft, poll, result, recount, selection, objection, plan, promises, grades; of promises `count` are without an
    outcome, of the yearly grades of a unit undecided. A draft of an appraisal cannot go on: sheet and rolls are this cycle's.
    """

    about: str
    kind: str
    name: Names | str
    row: Any
    goes_on: bool
    count: int = 1

    @property
    def pk(self) -> str:
        """For the ticks of a list."""
        return self.about

    @property
    def may_go_on(self) -> bool:
        return self.kind != "draft"


def open_in(cycle: Cycle) -> list[OpenThing]:
    """All that is open in a cycle: polls, results, recounts, selections, objections, plans, promises, grades, cases. A dozen queries."""
    marked = campaigns.marked_to_go_on(cycle)
    made = [*_open_polls(cycle), *_open_recognition(cycle), *_open_plans(cycle), *_open_promises(cycle)]
    made += [*_open_grades(cycle), *_open_cases(cycle)]
    return [
        OpenThing(about, kind, name, row, about in marked and kind != "draft", n) for about, kind, name, row, n in made
    ]


def carried_into(cycle: Cycle) -> tuple[Cycle | None, list[OpenThing]]:
    """What went on when the cycle before this one was closed, and is not at its end yet; with that cycle. Nothing for the first."""
    before = [one for one in campaigns.cycles(cycle.campaign) if one.is_closed and one.starts_on < cycle.starts_on]
    last = max(before, key=lambda one: one.starts_on, default=None)
    if last is None or not campaigns.marked_to_go_on(last):
        return None, []
    return last, [one for one in open_in(last) if one.goes_on]


Found = tuple[str, str, Any, Any, int]


def _open_polls(cycle: Cycle) -> list[Found]:
    rows = list(Poll.objects.filter(cycle=cycle).exclude(state=Poll.State.VOIDED).order_by("opens_at"))
    closed = [row for row in rows if row.state == Poll.State.CLOSED]
    counted = standings.polls_with_result(closed)
    kinds: dict[str, str] = {Poll.State.DRAFTED: "draft"}
    found: list[Found] = [
        (row.reference, kinds.get(row.state, "poll"), row.name, row, 1) for row in rows if row not in closed
    ]
    for row in closed:
        if row.pk not in counted:
            found.append((row.reference, "result", row.name, row, 1))
        elif scrutiny.is_handover_there(row) and scrutiny.recount_by_scrutineers(row)["verdict"] == "waiting":
            found.append((f"recount:{row.key}", "recount", row.name, row, 1))
    return found


def _open_recognition(cycle: Cycle) -> list[Found]:
    every: Any = list(awards.selections().filter(cycle=cycle))
    rows = [row for row in every if not row.decision and not row.is_withdrawn]
    found: list[Found] = [(row.reference, "selection", row.title, row, 1) for row in rows]
    subjects = [row.reference for row in every]
    waiting = notices.docket().filter(notice__subject__in=subjects).exclude(state__in=notices.CLOSED)
    return found + [(row.reference, "objection", row.notice.title, row, 1) for row in waiting]


def _open_plans(cycle: Cycle) -> list[Found]:
    return [(row.reference, "plan", row.title, row, 1) for row in consultation.open_plans(cycle)]


def _open_promises(cycle: Cycle) -> list[Found]:
    """A line for each unit: promises without a word on how they ended, or not published at all."""
    ended = OutcomeStatement.objects.filter(promise=OuterRef("pk"))
    live = Promise.objects.filter(commitment__cycle=cycle).exclude(state=Promise.State.WITHDRAWN)
    left = dict(live.filter(~Exists(ended)).values_list("commitment").annotate(n=Count("id")))
    rows = Commitment.objects.filter(pk__in=left).select_related("organisation__parent").order_by("organisation__path")
    return [(row.reference, "promises", row.organisation.name, row, left[row.pk]) for row in rows]


def _open_grades(cycle: Cycle) -> list[Found]:
    """A line for each unit that has not decided about all of its people; numbers alone."""
    rows = grades.coverage(cycle) if "grades" in cycle.ruleset.rooms else []
    left = [(row.organisation, row.people - row.decided) for row in rows]
    return [(f"grades:{unit.pk}", "grades", unit.name, unit, n) for unit, n in left if n]


def _open_cases(cycle: Cycle) -> list[Found]:
    """A line for each unit that has cases in hand which are not closed; what goes around its target is one line, of no unit."""
    found: list[Found] = [(f"cases:{unit.pk}", "cases", unit.name, unit, n) for unit, n in cases.open_by_unit(cycle)]
    top = cycle.campaign.organisation
    guarded, _first = case_readers.guarded_waiting(top, cycle)
    return [*found, (f"guarded:{cycle.pk}", "guarded", top.name, top, guarded)] if guarded else found


def _taking_part_below(cycle: Cycle, uppers: list[Organisation]) -> QuerySet[Organisation]:
    return commitments.promising_organisations(cycle).filter(tree.below(uppers))


def commitments_within(outer: Organisation) -> QuerySet[Commitment]:
    """What an organisation and those below it promised, in whatever cycle."""
    return Commitment.objects.filter(organisation__path__startswith=outer.path)


def promises_within(outer: Organisation) -> QuerySet[Promise]:
    """The single promises of an organisation and of those below it, in whatever cycle."""
    return Promise.objects.filter(commitment__organisation__path__startswith=outer.path)


@dataclass(frozen=True)
class Restated:
    """A promise of whose end the organisation said something else before: both words, and the day of the newer one."""

    promise: Promise
    before: str
    now: str
    on: date


def parts_of_page(unit: Organisation) -> dict[str, bool]:
    """Of what parts of a unit's page there may be anything to show; of the others there is nothing. One question in place of one
    for each part, as most units have few of them.
    """
    return next(iter(_parts_of_page(unit)), {})


@prepared
def _parts_of_page(unit: Any) -> QuerySet[Any, Any]:  # sees a place instead of a row
    own, option = {"organisation": OuterRef("pk")}, {"question__poll__state": Poll.State.CLOSED}
    parts: dict[str, Any] = {
        "promises": Commitment.objects.filter(**own, state=Commitment.State.PUBLISHED),
        "honours": Honour.objects.filter(**own),
        "windows": ServicePoint.objects.filter(**own),
        "committed": PublicCommitment.objects.filter(person__organisation=OuterRef("pk")),
        "vows": Vow.objects.filter(**own, state=Vow.State.PUBLISHED),
        "plans": Plan.objects.filter(**own),
        "situations": SituationReport.objects.filter(**own),
        "results": RatedOrganisation.objects.filter(**own, poll__state=Poll.State.CLOSED),
        "asked": QuestionOption.objects.filter(**own, **option),
        "responsible": Responsibility.objects.filter(**own),
        "looked_after": ContactPoint.objects.filter(**own),
        "demonstrations": DemonstrationUnit.objects.filter(**own),
        "cases": Case.objects.filter(unit=OuterRef("pk")),
        "answered": Remark.objects.filter(**own, state=Remark.State.SHOWN).exclude(answer=""),
        "themes": PracticeTheme.objects.filter(**own),
    }
    return Organisation.objects.filter(pk=unit).values(**{name: Exists(rows) for name, rows in parts.items()})


@prepared
def _with_several_words(cycle: Cycle) -> QuerySet[Any, int]:
    rows: Any = OutcomeStatement.objects.filter(promise__commitment__cycle=cycle).order_by().values("promise")
    several: QuerySet[Any, int] = rows.annotate(n=Count("pk")).filter(n__gt=1).values_list("promise", flat=True)
    return several


def restated_in(cycle: Cycle, most: int) -> list[Restated]:
    """The promises of a cycle whose organisation changed its word on how they ended, the newest change first. One or two queries."""
    same: Any = OutcomeStatement.objects.filter(promise=OuterRef("promise"))
    before = same.filter(pk__lt=OuterRef("pk")).order_by("-pk").values("outcome")[:1]
    # Nearly every promise has one word only: the few with several are found first, so that the others cost nothing.
    promises = _with_several_words(cycle)
    if not promises:
        return []
    rows: Any = OutcomeStatement.objects.filter(promise__in=promises).annotate(before=Subquery(before))
    rows = rows.exclude(before=None).exclude(before=F("outcome"))
    rows = rows.select_related("promise__commitment__organisation").order_by("-pk")[:most]
    said = OutcomeStatement.Outcome
    return [
        Restated(row.promise, str(said(row.before).label), str(said(row.outcome).label), local_day(row.stated_at))
        for row in rows
    ]
