"""What was entered for a unit by the level above, as everybody reads it: which office entered it, how and when it was handed in.

The person who entered it is named at the desk alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.organisations.vocabulary import worded
from zhengyou.submissions import queries
from zhengyou.submissions.models import Submission

HOWS: list[tuple[str, Any]] = [
    (Submission.How.PAPER, _("on paper")),
    (Submission.How.PHONE, _("by phone")),
    (Submission.How.SPOKEN, _("spoken")),
]


@dataclass(frozen=True)
class EnteredInWords:
    """Who entered something for whom. `parts/entered_for.html` draws it; at the desk, with the `row`, `desk/entered_for.html`."""

    office: str
    unit: str
    how: Any
    on: date
    is_objected_to: bool
    text: str
    row: Submission


def _office(one: queries.EnteredFor) -> str:
    """The level above; of the topmost unit its own office, as no level stands above it."""
    if one.office != one.row.organisation:
        return one.office.name
    said = _("%(name)s, by its own %(office)s, as no level stands above it")
    return str(worded(said, name=one.office.name))


def entered_for(references: Iterable[str], what: str = "") -> dict[str, EnteredInWords]:
    """What was entered from paper among these, by reference. One query where nothing was, else two."""
    hows = dict(HOWS)
    return {
        about: EnteredInWords(
            _office(one),
            one.row.organisation.name,
            hows[one.row.how],
            one.row.handed_in_on,
            one.is_objected_to,
            one.row.text,
            one.row,
        )
        for about, one in queries.entered_about(references, what).items()
    }
