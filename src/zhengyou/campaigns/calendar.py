"""The calendar of a cycle: whether it is under way, what is open on a day, who takes part.

The pack names and arranges the stages; rooms ask for a purpose, and the calendar knows the stage that opens it.

A unit may take part in several campaigns, each with a calendar of its own.
A request reads it once, with one query, and hands it on to every room. Setting the dates is in `actions`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from django.db.models import QuerySet

from zhengyou.base.prepared import prepared
from zhengyou.campaigns import rules
from zhengyou.campaigns.models import Cycle, StageWindow
from zhengyou.campaigns.ruleset import Purpose, Stage
from zhengyou.organisations.models import Organisation
from zhengyou.organisations.readers import Reader

SHARES: dict[str, int] = {
    Purpose.PROMISE: 2,
    Purpose.FULFIL: 8,
    Purpose.APPRAISE: 1,
    Purpose.RECOGNISE: 1,
}  # of a cycle's days, as first proposed


@dataclass(frozen=True)
class Calendar:
    """A cycle with its windows by stage. The cycle comes with its campaign and the campaign's organisation."""

    cycle: Cycle
    windows: dict[str, StageWindow]

    @classmethod
    def of(cls, cycle: Cycle) -> Self:
        """The calendar of this cycle. One query."""
        return cls(cycle, {row.stage: row for row in StageWindow.objects.filter(cycle=cycle)})

    @classmethod
    def of_id(cls, cycle_id: int) -> Self | None:
        """The calendar of the cycle with this id, if it is launched. One query."""
        return next(iter(cls._read(_windows_of(cycle_id))), None)

    @classmethod
    def under_way(cls) -> list[Self]:
        """The calendars of all cycles under way, that of the widest campaign first. One query for any number of campaigns."""
        return cls._read(_windows_under_way())

    @classmethod
    def under_way_at(cls, reader: Reader) -> list[Self]:
        """As `under_way`, but read once for a reader: what is due to them is asked in many rooms."""
        if "under_way" not in reader.kept:
            reader.kept["under_way"] = cls.under_way()
        known: list[Self] = reader.kept["under_way"]
        return known

    @classmethod
    def under_way_for(cls, organisations: Iterable[Organisation], reader: Reader | None = None) -> list[Self]:
        """Those of them in whose campaign one of these organisations, or one below it, takes part. One query."""
        paths = [row.path for row in organisations]
        return [
            one
            for one in (cls.under_way_at(reader) if reader else cls.under_way())
            if any(path.startswith(one.top.path) or one.top.path.startswith(path) for path in paths)
        ]

    @classmethod
    def _read(cls, rows: Iterable[StageWindow]) -> list[Self]:
        found: dict[int, Self] = {}
        for row in rows:
            found.setdefault(row.cycle_id, cls(row.cycle, {})).windows[row.stage] = row
        return list(found.values())

    @property
    def top(self) -> Organisation:
        """The organisation of the campaign."""
        return self.cycle.campaign.organisation

    @cached_property
    def _of_purpose(self) -> dict[str, StageWindow]:
        return {purpose: self.windows[stage.id] for stage, _window in self.in_order() for purpose in stage.opens}

    def in_order(self) -> list[tuple[Stage, StageWindow]]:
        """The stages that have dates, in the order of the rules, each with its window."""
        return [(stage, self.windows[stage.id]) for stage in self.cycle.ruleset.stages if stage.id in self.windows]

    def proposed(self) -> dict[str, tuple[date, date]]:
        """First and last day of each stage before anybody has set any: one after the other, the keeping of promises the longest."""
        stages, days = self.cycle.ruleset.stages, (self.cycle.ends_on - self.cycle.starts_on).days + 1
        weights = [max(1, sum(SHARES.get(purpose, 1) for purpose in stage.opens)) for stage in stages]
        if days < sum(weights):
            return {stage.id: (self.cycle.starts_on, self.cycle.ends_on) for stage in stages}
        ends = [days * sum(weights[: n + 1]) // sum(weights) for n in range(len(stages))]
        return {
            stage.id: (self.cycle.starts_on + timedelta(first), self.cycle.starts_on + timedelta(last - 1))
            for stage, first, last in zip(stages, [0, *ends], ends, strict=False)
        }

    def window(self, purpose: str) -> StageWindow | None:
        """When this is open; None where no stage of the cycle opens it, or its stage has no dates yet."""
        return self._of_purpose.get(purpose)

    def has_begun(self, purpose: str, day: date) -> bool:
        """Whether the stage that opens this opens on that day or has opened before."""
        window = self.window(purpose)
        return window is not None and window.opens_on <= day

    def is_over(self, purpose: str, day: date) -> bool:
        """Whether the stage that opens this closed before that day."""
        window = self.window(purpose)
        return window is not None and window.closes_on < day

    def is_open(self, purpose: str, day: date) -> bool:
        """Whether that day lies in the stage that opens this, of a cycle under way."""
        return self.cycle.is_under_way and self.has_begun(purpose, day) and not self.is_over(purpose, day)

    def check_begun(self, purpose: str, day: date) -> None:
        """What needs an opened stage may be done from its first day until the cycle is closed. Raises StageRefused."""
        rules.check_under_way(self.cycle)
        rules.check_stage_begun(self.window(purpose), day)

    def check_open(self, purpose: str, day: date) -> None:
        """What belongs to a stage is done while the stage is open. Raises StageRefused."""
        self.check_begun(purpose, day)
        rules.check_stage_not_over(self._of_purpose[purpose], day)

    def check_takes_part(self, organisation: Organisation) -> None:
        """Only living organisations of the campaign take part. Raises OutsideRefused."""
        rules.check_takes_part(self.cycle, organisation)


def _launched() -> QuerySet[StageWindow]:
    rows = StageWindow.objects.select_related("cycle__campaign__organisation").exclude(cycle__launched_at=None)
    order = ("cycle__campaign__organisation__depth", "cycle__campaign", "-cycle__starts_on", "-cycle")
    return rows.order_by(*order)


@prepared
def _windows_of(cycle_id: int) -> QuerySet[StageWindow]:
    return _launched().filter(cycle=cycle_id)


@prepared
def _windows_under_way() -> QuerySet[StageWindow]:
    return _launched().filter(cycle__closed_at=None)
