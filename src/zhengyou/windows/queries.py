"""What pages ask about windows: which there are, what may be shown of their marks, what people wrote there, what looks odd."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, cast

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek

from zhengyou.base import codes
from zhengyou.base.models import JournalEntry
from zhengyou.base.prepared import prepared
from zhengyou.base.searching import Searchable
from zhengyou.base.time import week_of
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations import tree
from zhengyou.organisations.models import Organisation, Post
from zhengyou.organisations.readers import Reader
from zhengyou.organisations.tree import is_within
from zhengyou.remarks import queries as remarks
from zhengyou.remarks.models import Remark
from zhengyou.windows import rules
from zhengyou.windows.models import (
    CodeSheet,
    MarkTally,
    ReasonTally,
    ServicePoint,
    Way,
    WindowFlag,
    WindowWords,
)
from zhengyou.windows.rules import WindowCounts

SEARCHED_AS = "window"
REMARK = "window"  # the kind of words left at a window
WORDS_A_PAGE = 20
A_YEAR = timedelta(days=365)
WEEKS_BACK = 4  # how far back weeks are looked at, should the worker have stood still
BEST = 2  # the value of the best step
Sort = tuple[int, str, bool]  # a window, a way, and whether it is what came in bursts


@dataclass(frozen=True)
class PointCounts:
    """What may be shown of a window in one cycle: by way, and, likewise, what came in bursts; reasons by whether the mark was bad.

    `printed` one-time codes were made for it from elsewhere, of whatever cycle, and `own` by somebody of its unit.
    """

    by_way: dict[str, WindowCounts]
    in_bursts: dict[str, WindowCounts]
    reasons: dict[bool, dict[str, int]]
    burst_reasons: dict[bool, dict[str, int]]
    printed: int = 0
    own: int = 0

    @property
    def has_any(self) -> bool:
        """Whether there is anything to show."""
        return any(one.total or one.later for one in (*self.by_way.values(), *self.in_bursts.values()))


def calendar_of(point: ServicePoint) -> Calendar | None:
    """The calendar under way by whose rules the window is marked: that of the widest campaign that has windows."""
    return calendar_for(point.organisation)


def calendar_for(organisation: Organisation) -> Calendar | None:
    """The same for any unit, also one without a window yet."""
    rows = Calendar.under_way_for([organisation])
    taking_part = [one for one in rows if is_within(organisation, one.top)]
    return next((one for one in taking_part if rules.ROOM in one.cycle.ruleset.rooms), None)


def points() -> QuerySet[ServicePoint]:
    """All windows, the open ones first, in the order of the tree."""
    rows = ServicePoint.objects.select_related("organisation__parent")
    return rows.order_by("closed_on", "organisation__path", "name", "pk")


def open_points(on: date) -> QuerySet[ServicePoint]:
    """Those that are open on a day."""
    return points().filter(Q(closed_on=None) | Q(closed_on__gte=on), opened_on__lte=on)


@prepared
def points_of(organisation: Organisation) -> QuerySet[ServicePoint]:
    """The windows of one unit."""
    return points().filter(organisation=organisation)


def points_kept_by(reader: Reader) -> QuerySet[ServicePoint]:
    """The windows of the units that the reader leads, and of those below."""
    own = reader.organisations_as(Post.Role.SECRETARY)
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)
    return points().filter(Q(organisation__in=own) | tree.below(led, "organisation"))


def point_with_code(code: str) -> ServicePoint | None:
    """The window at this address, however its code was typed, or None."""
    return points().filter(code=codes.plain(code)).first()


def point_with_tablet(secret: str) -> ServicePoint | None:
    """The window whose own device was given this secret, or None."""
    return points().filter(tablet=rules.tablet_digest(secret)).first()


def point_with_id(pk: int) -> ServicePoint | None:
    """One window, or None."""
    return points().filter(pk=pk).first()


def closed_at(point: ServicePoint) -> datetime | None:
    """When the window was closed last, by the journal."""
    rows = JournalEntry.objects.filter(deed="windows.close_point", subject=point.reference)
    return rows.order_by("-pk").values_list("at", flat=True).first()


def hour_of(unit: Organisation, on: date) -> time | None:
    """When a day at this unit's windows ends, as somebody from elsewhere said of one that is open or closed within a year: the earliest
    such hour, or None.
    """
    rows = ServicePoint.objects.filter(Q(closed_on=None) | Q(closed_on__gt=on - A_YEAR), organisation=unit)
    earliest: time | None = rows.aggregate(hour=Min("closes_at"))["hour"]
    return earliest


def odd_weeks(on: date) -> list[tuple[int, date, str, str, int]]:
    """What is odd about the weeks before this day: a window with most of it, its week, its way, the kind, and how many. The database adds
    the marks up: of thousands of windows each row would bring the rules of its cycle. Two queries.
    """
    marks: dict[tuple[int, date, str], list[tuple[int, int, int]]] = defaultdict(list)
    for unit, week, way, window, best, every in _marks_by_window(on):
        marks[unit, week, way].append((window, best, every))
    found = []
    for (_unit, week, way), rows in marks.items():
        best, total = sum(row[1] for row in rows), sum(row[2] for row in rows)
        window, *_counts = max(rows, key=lambda row: max(row[1], row[2] - row[1]))
        if rules.is_praise_alone(best, total):
            found.append((window, week, way, str(WindowFlag.Kind.ALIKE), total))
        if way == Way.AGAIN and total >= rules.LEAST:
            found.append((window, week, way, str(WindowFlag.Kind.AGAIN), total))
    return found


def _marks_by_window(on: date) -> Iterable[tuple[int, date, str, int, int, int]]:
    """Of the weeks before this day, by unit, week, way and window: how many marks of the best step, and how many in all."""
    weeks = [week_of(on) - n * timedelta(days=7) for n in range(1, WEEKS_BACK + 1)]
    rows = MarkTally.objects.filter(week_on__in=weeks)
    cycles = Cycle.objects.filter(Exists(rows.filter(cycle=OuterRef("pk"))))
    steps = [(one, next(step.id for step in one.ruleset.service_steps if step.value == BEST)) for one in cycles]
    is_best = reduce(or_, (Q(cycle=cycle, step=step) for cycle, step in steps), Q(pk__in=[]))
    counted: Any = rows.values_list("window__organisation", "week_on", "way", "window")
    if not steps:
        return []
    sums = counted.annotate(best=Sum("count", filter=is_best, default=0), n=Sum("count")).order_by("window")
    return cast("Iterable[tuple[int, date, str, int, int, int]]", sums)


def history_of(unit: Organisation, on: date) -> tuple[int, int]:
    """How many flags the windows of a unit had within a year, and how many of its windows closed in that time: what is closed and entered
    anew leaves neither behind.
    """
    rows = WindowFlag.objects.filter(window__organisation=unit, day__gt=on - A_YEAR)
    closed = ServicePoint.objects.filter(organisation=unit, closed_on__gt=on - A_YEAR)
    return rows.count(), closed.count()


def figures_of(point: ServicePoint, cycle: Cycle, on: date) -> PointCounts:
    """What may be shown of one window in one cycle. Three queries."""
    return figures_of_many([point], cycle, on)[point.pk]


def figures_of_many(rows: Iterable[ServicePoint], cycle: Cycle, on: date) -> dict[int, PointCounts]:
    """The same for many, by id. Three queries for any number."""
    ids = [row.pk for row in rows]
    weeks: dict[Sort, list[tuple[date, str, int]]] = defaultdict(list)
    for one in MarkTally.objects.filter(window__in=ids, cycle=cycle):
        weeks[one.window_id, one.way, one.is_burst].append((one.week_on, one.step, one.count))
    figures = {key: rules.released(found, on) for key, found in weeks.items()}
    reasons = _reasons(ids, cycle, figures)
    printed = _printed(ids)
    return {
        pk: PointCounts(
            {way: figures.get((pk, way, False), WindowCounts()) for way in Way.values},
            {way: figures.get((pk, way, True), WindowCounts()) for way in Way.values},
            reasons[pk, False],
            reasons[pk, True],
            *printed[pk],
        )
        for pk in ids
    }


def _printed(ids: list[int]) -> dict[int, tuple[int, int]]:
    """How many one-time codes were made for each window from elsewhere, and how many by somebody of its unit."""
    rows = CodeSheet.objects.filter(window__in=ids).order_by().values_list("window", "is_own").annotate(n=Sum("count"))
    made = {(pk, is_own): count for pk, is_own, count in rows}
    return {pk: (made.get((pk, False), 0), made.get((pk, True), 0)) for pk in ids}


def _reasons(
    ids: list[int], cycle: Cycle, figures: dict[Sort, WindowCounts]
) -> dict[tuple[int, bool], dict[bool, dict[str, int]]]:
    """Reasons beside marks that are shown: only of the weeks up to which every way with marks shows its own, and of enough. Those of
    bursts by themselves.
    """
    until: dict[tuple[int, bool], date | None] = {}
    for (pk, _way, is_burst), one in figures.items():
        known = until.get((pk, is_burst), date.max)
        until[pk, is_burst] = min(known, one.until) if known and one.until else None
    found: dict[tuple[int, bool], dict[bool, dict[str, int]]] = defaultdict(lambda: {True: {}, False: {}})
    for row in ReasonTally.objects.filter(window__in=ids, cycle=cycle).order_by("reason"):
        last = until.get((row.window_id, row.is_burst))
        if last and row.week_on <= last:
            kept = found[row.window_id, row.is_burst][row.is_bad]
            kept[row.reason] = kept.get(row.reason, 0) + row.count
    for kinds in found.values():
        for is_bad in kinds:
            kinds[is_bad] = {slug: n for slug, n in kinds[is_bad].items() if n >= rules.LEAST_REASON}
    return found


def spoken(point: ServicePoint) -> QuerySet[WindowWords]:
    """Words left at a window that were looked at, by week, the newest first; within a week in no order that tells anything."""
    rows = WindowWords.objects.filter(remarks.readable("remark__"), window=point).select_related("remark__photo")
    return rows.annotate(week=TruncWeek("remark__came_on")).order_by("-week", "remark__public_id")


def spoken_before(words: WindowWords) -> int:
    """How many of the readable words at the same window stand above these in their list."""
    week, name = week_of(words.remark.came_on), words.remark.public_id
    above = Q(week__gt=week) | Q(week=week, remark__public_id__lt=name)
    return spoken(words.window).filter(above).count()


def words_of(remark: Remark) -> WindowWords | None:
    """What stands beside words left at a window, or None for other words."""
    if remark.kind != REMARK:
        return None
    return WindowWords.objects.select_related("window__organisation", "remark__cycle").filter(remark=remark).first()


def looked_into(point: ServicePoint, on: date) -> int:
    """How often somebody from elsewhere looked into what was odd about a window within a year: everybody may know that it was done."""
    return WindowFlag.objects.filter(window=point, settled_on__gt=on - A_YEAR).count()


def sheets_of(point: ServicePoint) -> list[CodeSheet]:
    """The printed sheets of a window, the newest first."""
    return list(CodeSheet.objects.filter(window=point).select_related("made_by").order_by("-number"))


def flags() -> QuerySet[WindowFlag]:
    """All flags, those first that nobody has looked into, then the newest."""
    rows = WindowFlag.objects.select_related("window__organisation__parent", "settled_by")
    return rows.order_by("-settled_on", "-day", "-pk")


def flags_for(reader: Reader) -> QuerySet[WindowFlag]:
    """The flags that the reader sees: about their own unit's windows once settled, and all about those below."""
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)
    own = Q(window__organisation__in=reader.organisations_as(Post.Role.SECRETARY), settled_on__isnull=False)
    return flags().filter(own | tree.below(led, "window__organisation"))


def flag_with_id(pk: int) -> WindowFlag | None:
    """One flag, or None."""
    return flags().filter(pk=pk).first()


def unsettled_for(reader: Reader) -> int:
    """How many flags right below the reader's units wait for a look; farther below it is for others first."""
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)
    if not led:
        return 0
    return sum(_unsettled_below(led))


@prepared
def _unsettled_below(led: list[Organisation]) -> QuerySet[Any, int]:
    rows: Any = WindowFlag.objects.filter(settled_on=None, window__organisation__parent__in=led).order_by()
    return cast("QuerySet[Any, int]", rows.values("settled_on").annotate(n=Count("pk")).values_list("n", flat=True))


def unsettled_in(cycle: Cycle) -> int:
    """How many flags of a campaign nobody has looked into."""
    return sum(_unsettled_under(cycle.campaign.organisation.path))


@prepared
def _unsettled_under(path: str) -> QuerySet[Any, int]:
    rows: Any = WindowFlag.objects.filter(settled_on=None, window__organisation__path__startswith=path).order_by()
    return cast("QuerySet[Any, int]", rows.values("settled_on").annotate(n=Count("pk")).values_list("n", flat=True))


def coverage_of(cycle: Cycle, on: date) -> tuple[int, int]:
    """How many windows of a campaign are open, and how many of them had no mark in this cycle yet."""
    inside = tree.within_any([cycle.campaign.organisation], "organisation")
    marked = Exists(MarkTally.objects.filter(window=OuterRef("pk"), cycle=cycle, week_on__lt=week_of(on)))
    rows = open_points(on).filter(inside).order_by()
    counted = rows.aggregate(n=Count("pk"), marked=Count("pk", filter=marked))
    return counted["n"], counted["n"] - counted["marked"]


def without_marks(cycle: Cycle, on: date) -> QuerySet[ServicePoint]:
    """The open windows of a campaign that had no mark in this cycle up to the last week that is over."""
    inside = tree.within_any([cycle.campaign.organisation], "organisation")
    marked = Exists(MarkTally.objects.filter(window=OuterRef("pk"), cycle=cycle, week_on__lt=week_of(on)))
    return open_points(on).filter(inside).exclude(marked)


def searchable(rows: Iterable[ServicePoint]) -> list[Searchable]:
    """How windows are found."""
    return [
        Searchable(
            kind=SEARCHED_AS,
            reference=row.reference,
            title=row.name,
            address=row.code,
            more=(row.what, row.place, "窗口 service window"),
            place=row.organisation_id,
            state="closed" if row.closed_on else "",
        )
        for row in rows
    ]
