"""What the pages about plans share: the form of a remark, a version as it is read, what changed because of it, remarks as shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from zhengyou.consultation import on_paper, queries, rules
from zhengyou.consultation.comparing import Lineage
from zhengyou.consultation.models import EarlierResponse, ParagraphWording, Plan, PlanRemark, PlanVersion
from zhengyou.web.shared import clock
from zhengyou.web.shared.public_writing import PublicForm, Words
from zhengyou.web.shared.submission_words import EnteredInWords, entered_for

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
    what that answer said before it was mended, and the paper forms on which it stands, as they were entered."""

    row: PlanRemark
    group_size: int
    numbers: list[int]
    earlier: list[EarlierResponse]
    papers: list[EnteredInWords]

    @property
    def is_first(self) -> bool:
        return bool(self.row.group and self.row.group.first_id == self.row.pk)

    @property
    def paper_is_objected_to(self) -> bool:
        return any(one.is_objected_to for one in self.papers)


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
    """Remarks as they stand on a page. Three queries for any number, three more where some came on paper."""
    rows = list(rows)
    sizes, numbers = queries.sizes_of_groups(rows), queries.numbers_in(newest) if rows else {}
    earlier, papers = queries.earlier_responses(rows), _papers(rows)
    return [
        RemarkAsRead(
            row,
            sizes.get(row.group_id or 0, 0),
            _numbers(row, numbers),
            earlier.get(row.response_id or 0, []),
            papers.get(row.pk, []),
        )
        for row in rows
    ]


def _papers(rows: Iterable[Any]) -> dict[int, list[EnteredInWords]]:
    """The forms of each of these remarks, as they were entered; no query where the rows tell that none came on paper."""
    written = [row for row in rows if row.sheets]
    if not written:
        return {}
    sheets = on_paper.sheets_of(written)
    entered = entered_for(one.reference for some in sheets.values() for one in some)
    return {pk: [entered[one.reference] for one in some if one.reference in entered] for pk, some in sheets.items()}


def _numbers(row: PlanRemark, numbers: dict[int, int]) -> list[int]:
    named = row.response.paragraphs.all() if row.response else ()
    return sorted(numbers[one.pk] for one in named if one.pk in numbers)
