"""The calendar of a cycle: whether it is under way, which stages are open on a day, who takes part.

A request reads it once, with one query, and hands it on to every room. Setting the dates is in `actions`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

from zhengyou.campaigns import rules
from zhengyou.campaigns.models import Cycle, StageWindow
from zhengyou.organisations.models import Organisation


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
    def under_way(cls) -> Self | None:
        """The calendar of the launched cycle that is not closed, the newest if there are several. One query."""
        rows = StageWindow.objects.select_related("cycle__campaign__organisation").exclude(cycle__launched_at=None)
        windows = list(rows.filter(cycle__closed_at=None).order_by("-cycle__starts_on", "-cycle_id"))
        newest = [row for row in windows if row.cycle_id == windows[0].cycle_id]
        return cls(newest[0].cycle, {row.stage: row for row in newest}) if newest else None

    def in_order(self) -> list[StageWindow]:
        """The windows in the order of the stages."""
        return [self.windows[stage] for stage in StageWindow.Stage.values if stage in self.windows]

    def has_begun(self, stage: str, day: date) -> bool:
        """Whether the stage opens on that day or has opened before."""
        return stage in self.windows and self.windows[stage].opens_on <= day

    def is_over(self, stage: str, day: date) -> bool:
        """Whether the stage closed before that day."""
        return stage in self.windows and self.windows[stage].closes_on < day

    def is_open(self, stage: str, day: date) -> bool:
        """Whether that day lies in the stage of a cycle under way."""
        return self.cycle.is_under_way and self.has_begun(stage, day) and not self.is_over(stage, day)

    def check_begun(self, stage: str, day: date) -> None:
        """What needs an opened stage may be done from its first day until the cycle is closed. Raises StageRefused."""
        rules.check_under_way(self.cycle)
        rules.check_stage_begun(self.windows.get(stage), day)

    def check_open(self, stage: str, day: date) -> None:
        """What belongs to a stage is done while the stage is open. Raises StageRefused."""
        self.check_begun(stage, day)
        rules.check_stage_not_over(self.windows[stage], day)

    def check_takes_part(self, organisation: Organisation) -> None:
        """Only living organisations of the campaign take part. Raises OutsideRefused."""
        rules.check_takes_part(self.cycle, organisation)
