"""What a page shows of several rooms at once: how the units below somebody stand, one unit's year, what is open in a cycle.

Who may see it is asked at the page's door.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from zhengyou.awards import queries as awards
from zhengyou.awards.models import Honour
from zhengyou.base.prepared import prepared
from zhengyou.base.time import local_day
from zhengyou.base.words import Names
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import CentralWork, Cycle
from zhengyou.campaigns.ruleset import Named
from zhengyou.carriers import queries as carriers
from zhengyou.carriers.models import DemonstrationUnit
from zhengyou.cases import queries as cases
from zhengyou.cases import reader_queries as case_readers
from zhengyou.cases import rules as case_rules
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
from zhengyou.remarks.queries import NEEDS_A_LOOK
from zhengyou.scrutiny import queries as scrutiny
from zhengyou.situations.models import SituationReport
from zhengyou.standings import queries as standings
from zhengyou.vows import queries as vows
from zhengyou.vows.models import Vow
from zhengyou.windows.models import ServicePoint


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
    path = cycle.campaign.organisation.path
    units, themed = next(iter(_units_and_themed(cycle, path)), (0, 0))
    states = next(iter(_states_of_units(cycle, path)), (0, 0, 0, 0))
    published, waiting, returned, reported = states
    return Coverage(units, themed, published, reported=reported, waiting=waiting, returned=returned)


def _promising(path: str) -> QuerySet[Organisation]:
    """As `commitments.promising_organisations`, below the path of a campaign's top."""
    return Organisation.objects.filter(ended_on=None, path__startswith=path, parent__isnull=False).order_by()


@prepared
def _states_of_units(cycle: Cycle, path: str) -> QuerySet[Any, tuple[int, int, int, int]]:
    """How many have published, wait, were sent back, and have reported on a promise; nothing where nobody has begun."""
    rows: Any = Commitment.objects.filter(cycle=cycle, organisation__in=_promising(path), kind=Commitment.Kind.YEARLY)
    counted = (
        rows.order_by()
        .values("cycle")
        .annotate(
            published=Count("pk", filter=Q(state=Commitment.State.PUBLISHED)),
            waiting=Count("pk", filter=Q(state=Commitment.State.PROPOSED)),
            returned=Count("pk", filter=Q(state=Commitment.State.RETURNED)),
            reported=Count("pk", filter=Q(pk__in=ProgressReport.objects.values("promise__commitment"))),
        )
    )
    told: QuerySet[Any, tuple[int, int, int, int]] = counted.values_list("published", "waiting", "returned", "reported")
    return told


@prepared
def _units_and_themed(cycle: Cycle, path: str) -> QuerySet[Any, tuple[int, int]]:
    """How many units there are, and how many have chosen a theme."""
    themed = PracticeTheme.objects.filter(cycle=cycle).values("organisation")
    counted: Any = (
        _promising(path).values("ended_on").annotate(n=Count("pk"), themed=Count("pk", filter=Q(pk__in=themed)))
    )
    told: QuerySet[Any, tuple[int, int]] = counted.values_list("n", "themed")
    return told


def left_of_earlier(cycle: Cycle) -> dict[int, list[date]]:
    """Of the units of a cycle, those that still owe everybody answers of earlier, closed cycles, with the days these were due."""
    return owing.days_of_earlier(commitments.promising_organisations(cycle), cycle.campaign)


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


def ended_with_work() -> list[Cycle]:
    """The cycles that are over, in which cases are not or words wait for a look: that carries over, and its clocks run. One query."""
    return _ended_with_work()


@prepared
def _ended_with_work() -> QuerySet[Cycle]:
    cases_left = Case.objects.filter(cycle=OuterRef("pk"), state__in=case_rules.NOT_OVER)
    to_look_at = Remark.objects.filter(NEEDS_A_LOOK, cycle=OuterRef("pk"))
    rows = Cycle.objects.filter(Exists(cases_left) | Exists(to_look_at), closed_at__isnull=False)
    return rows.select_related("campaign__organisation").order_by("-pk")


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
    return next(iter(_parts_of_page(unit, tree.ids_of(unit), notices.named_as(unit))), {})


@prepared
def _parts_of_page(unit: Any, with_above: list[int], named: str) -> QuerySet[Any, Any]:  # sees places instead of them
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
        "carriers": carriers.reaching(unit, with_above),
        "notices": notices.naming(named),
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
