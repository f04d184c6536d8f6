"""How far each unit of a cycle has come: its theme, its promises, its reports, and what it owes everybody an answer about."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import CharField, Count, Max, QuerySet, Value
from django.db.models.functions import Cast

from zhengyou.base.prepared import prepared
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import queries as promises
from zhengyou.commitments.models import Commitment, ProgressReport, Promise
from zhengyou.commitments.queries import YEARLY
from zhengyou.keeping import owing
from zhengyou.organisations import tree
from zhengyou.plans.models import PracticeTheme

PUBLISHED = str(Commitment.State.PUBLISHED.value)


@dataclass(slots=True)
class CoverageRow:
    """How far one organisation has come in a cycle. `state` is that of its yearly promises, empty where it has not begun. About
    `owed` promises, of closed cycles too, it owes everybody an answer, of a closed one since `owes_since`.
    """

    organisation: tree.PlacedUnit
    theme: str
    state: str
    promises: int
    reports: int
    last_reported_at: datetime | None
    owed: int = 0
    owes_since: date | None = None

    @property
    def missing(self) -> frozenset[str]:
        """What is missing: any of theme, promise, report, answer."""
        return _missing(bool(self.theme), self.state == PUBLISHED, bool(self.reports), self.owed > 0)


@cache
def _missing(has_theme: bool, is_published: bool, has_reported: bool, owes: bool) -> frozenset[str]:
    lacks = {"theme": not has_theme, "promise": not is_published, "report": is_published and not has_reported}
    return frozenset(what for what, is_missing in (lacks | {"answer": owes}).items() if is_missing)


def coverage(cycle: Cycle) -> list[CoverageRow]:
    """How far each organisation, with the two above it, has come, in the order of the tree. Five queries for any number, or a few
    more where something was answered or an earlier cycle is closed.
    """
    units = promises.promising_organisations(cycle)
    told: dict[str, dict[int, str]] = {"theme": {}, "state": {}, "promises": {}}
    for what, of, said in _told_of_units(cycle):
        told[what][of] = said
    themes, states, written = told["theme"], told["state"], told["promises"]
    reports = {unit: (n, last) for unit, n, last in _reports_of_units(cycle)}
    owed, left = owing.owed_by_unit(cycle), owing.days_of_earlier(units, cycle.campaign)
    rows = []
    for unit in tree.placed(units, cycle.campaign.organisation):
        pk = unit.pk
        row = CoverageRow(
            unit, themes.get(pk, ""), states.get(pk, ""), int(written.get(pk, 0)), *reports.get(pk, (0, None))
        )
        if pk in owed or pk in left:
            row.owed, row.owes_since = owed[pk] + len(left.get(pk, ())), min(left.get(pk, ()), default=None)
        rows.append(row)
    return rows


@prepared
def _told_of_units(cycle: Cycle) -> QuerySet[Any, tuple[str, int, str]]:
    """Of units their theme, the state of their yearly promises, and how many of these were not withdrawn."""
    begun = Commitment.objects.filter(cycle=cycle, kind=YEARLY).order_by()
    written = Promise.objects.exclude(state=Promise.State.WITHDRAWN).order_by()
    written = written.filter(commitment__cycle=cycle, commitment__kind=YEARLY)
    number = Cast(Count("*"), CharField())
    themes: Any = PracticeTheme.objects.filter(cycle=cycle).order_by()
    states: Any = begun.values_list(Value("state"), "organisation", "state")
    written_by: Any = written.values_list(Value("promises"), "commitment__organisation").annotate(n=number)
    rows: QuerySet[Any, tuple[str, int, str]] = themes.values_list(Value("theme"), "organisation", "text").union(
        states, written_by, all=True
    )
    return rows


@prepared
def _reports_of_units(cycle: Cycle) -> QuerySet[Any, tuple[int, int, datetime]]:
    """Of units how many reports there are on their yearly promises, and when the last one was made."""
    reports = ProgressReport.objects.filter(promise__commitment__cycle=cycle, promise__commitment__kind=YEARLY)
    rows: Any = reports.order_by().values_list("promise__commitment__organisation")
    told: QuerySet[Any, tuple[int, int, datetime]] = rows.annotate(n=Count("id"), last=Max("reported_at"))
    return told
