"""The calendar of a cycle: whether it is under way, what is open on a day, who takes part.

The pack names and arranges the stages; rooms ask for a purpose, and the calendar knows the stage that opens it.

A request reads it once, with one query, and hands it on to every room. Setting the dates is in `actions`.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from zhengyou.campaigns import rules
from zhengyou.campaigns.models import Cycle, StageWindow
from zhengyou.campaigns.ruleset import Stage
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
        newest = cls.newest()
        return newest if newest and newest.cycle.is_under_way else None

    @classmethod
    def newest(cls) -> Self | None:
        """The calendar of the cycle under way; without one, of the launched one that began last. One query."""
        rows = StageWindow.objects.select_related("cycle__campaign__organisation").exclude(cycle__launched_at=None)
        windows = list(rows.order_by("-cycle__starts_on", "-cycle_id"))
        wanted = next(
            (row.cycle_id for row in windows if row.cycle.is_under_way), windows[0].cycle_id if windows else 0
        )
        newest = [row for row in windows if row.cycle_id == wanted]
        return cls(newest[0].cycle, {row.stage: row for row in newest}) if newest else None

    @cached_property
    def _of_purpose(self) -> dict[str, StageWindow]:
        return {purpose: self.windows[stage.id] for stage, _window in self.in_order() for purpose in stage.opens}

    def in_order(self) -> list[tuple[Stage, StageWindow]]:
        """The stages that have dates, in the order of the rules, each with its window."""
        return [(stage, self.windows[stage.id]) for stage in self.cycle.ruleset.stages if stage.id in self.windows]

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
