"""What the pages about plans share: the form of a remark, a version as it is read, what changed because of it, remarks as shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengyou.consultation import queries, rules
from zhengyou.consultation.comparing import Lineage
from zhengyou.consultation.models import EarlierResponse, ParagraphWording, Plan, PlanRemark, PlanVersion
from zhengyou.web.shared import clock
from zhengyou.web.shared.public_writing import PublicForm, Words

FIRST_CHANGES = 10  # as many as are read; the comparison has all


class RemarkForm(PublicForm):
    """What somebody says to a paragraph."""

    words = Words(
        label=_("What should be different here, or is good as it is?"),
        most=rules.LONGEST_REMARK,
        rows=4,
        error_messages={"required": _("Write what should be different, or what is good as it is.")},
        help_text=_(
            "At most 1,000 characters. Everybody can read it. Please no names, telephone or identity numbers of others."
        ),
    )

    def __init__(self, request: HttpRequest, wording: ParagraphWording) -> None:
        super().__init__(request, about=wording.reference)


@dataclass(frozen=True)
class RemarkAsRead:
    """A remark with the size of its group, whether it stands first for it, and the numbers that its answer names today,
    and what that answer said before it was mended."""

    row: PlanRemark
    group_size: int
    numbers: list[int]
    earlier: list[EarlierResponse]

    @property
    def is_first(self) -> bool:
        return bool(self.row.group and self.row.group.first_id == self.row.pk)


def reading_of(plan: Plan, version: PlanVersion, lineage: Lineage) -> dict[str, Any]:
    """A version as it is read. Six queries or so, however many remarks there are."""
    day, phase = clock.today(), rules.phase_on(plan, clock.today())
    days, waiting = (plan.public_from, plan.open_until), queries.waiting_for_a_look(plan)
    return {
        "plan": plan,
        "organisation": plan.organisation,
        "phase": phase,
        "text": queries.text_of(plan, version, lineage),
        "shown_version": version,
        "account": queries.account_of(plan),
        "waiting": waiting,
        "is_late": waiting.is_late(day),
        "lost": queries.lost_from(plan, version, lineage),
        "is_open": phase == Plan.Phase.OPEN and plan.cycle.is_under_way,
        "day_number": (day - days[0]).days + 1 if days[0] else 0,
        "day_count": (days[1] - days[0]).days + 1 if days[0] and days[1] else 0,
    }


def changes_of(plan: Plan, newest: PlanVersion, lineage: Lineage) -> dict[str, Any]:
    """The changed sentences from the first version to the newest; those that answers name come first."""
    if newest.number == 1:
        return {"changes": [], "more_changes": 0}
    first = queries.version_numbered(plan, 1)
    assert first is not None
    changed = [one for one in queries.comparison(first, newest, lineage) if one.is_changed]
    named = queries.paragraphs_taken_up(plan)
    changed.sort(key=lambda one: not one.paragraphs & named)
    rows = [(one, bool(one.paragraphs & named)) for one in changed]
    return {"changes": rows[:FIRST_CHANGES], "more_changes": max(len(rows) - FIRST_CHANGES, 0)}


def remarks_shown(rows: Iterable[PlanRemark], newest: PlanVersion) -> list[RemarkAsRead]:
    """Remarks as they stand on a page. Three queries for any number."""
    rows = list(rows)
    sizes, numbers = queries.sizes_of_groups(rows), queries.numbers_in(newest) if rows else {}
    earlier = queries.earlier_responses(rows)
    return [
        RemarkAsRead(
            row, sizes.get(row.group_id or 0, 0), _numbers(row, numbers), earlier.get(row.response_id or 0, [])
        )
        for row in rows
    ]


def _numbers(row: PlanRemark, numbers: dict[int, int]) -> list[int]:
    named = row.response.paragraphs.all() if row.response else ()
    return sorted(numbers[one.pk] for one in named if one.pk in numbers)
