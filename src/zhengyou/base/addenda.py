"""Corrections of what was published or frozen: a numbered addendum with before, after, who, when and why, shown beside the old.

A room says which of its parts may be corrected by whom, changes its row, and tells everybody by `public_of` in its deed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from zhengyou.base.deeds import Referable
from zhengyou.base.entries import OFFICE, Erasable, Public
from zhengyou.base.models import Addendum
from zhengyou.base.prepared import prepared
from zhengyou.base.refusals import Refused
from zhengyou.base.texts import check_texts


class AddendumRefused(Refused):
    """The correction cannot be taken like this."""


@dataclass(frozen=True)
class Correction:
    """One part of a row before and after. `part` is a slug, with what it is of behind a colon: `theme:rural`."""

    part: str
    before: str
    after: str


def corrections(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Correction]:
    """What differs between the two, as text, in the order of `after`."""
    pairs = [(part, str(before.get(part, "")), str(value)) for part, value in after.items()]
    return [Correction(part, old, new) for part, old, new in pairs if old != new]


def check_corrects(found: Iterable[Correction], why: str) -> str:
    """A correction changes something and says why. Returns the reason trimmed; raises AddendumRefused."""
    if not list(found):
        raise AddendumRefused(
            _("Nothing is different. Correct something, or leave it as it is."), reason="addendum.nothing-changed"
        )
    missing = _("Say why this is corrected. Everybody can read it beside the old wording.")
    return check_texts(AddendumRefused, Addendum, missing, why=why)["why"]


def add(
    about: Referable, found: Iterable[Correction], *, why: str, at: datetime, by: Referable | None
) -> list[Addendum]:
    """Write an addendum for each correction, numbered within what they are about. Inside the transaction that holds `about`."""
    last = Addendum.objects.filter(about=about.reference).aggregate(n=Max("number"))["n"] or 0
    who = by.reference if by else ""
    rows = [
        Addendum(
            about=about.reference,
            number=number,
            part=one.part,
            before=one.before,
            after=one.after,
            why=why,
            at=at,
            by=who,
        )
        for number, one in enumerate(found, last + 1)
    ]
    return Addendum.objects.bulk_create(rows)


def public_of(
    rows: Iterable[Addendum], *, about: str = "", by: str = OFFICE, is_public: bool = True, **facts: Any
) -> Public:
    """What everybody may know of corrections: the parts with their numbers, the old and the new wording, and why.

    `is_public` as in `Erasable`: False where a wording may stand on its page for a time only.
    """
    corrected = [
        {
            "number": row.number,
            "part": row.part,
            "before": Erasable(row.before, is_public=is_public),
            "after": Erasable(row.after, is_public=is_public),
            "why": Erasable(row.why, is_public=True),
        }
        for row in rows
    ]
    return Public({"corrected": corrected, **facts}, about=about, by=by)


def addenda_to(*references: str) -> list[Addendum]:
    """The addenda to these rows, in the order in which they were written. One query."""
    return _about(references) if references else []


@prepared
def _about(references: tuple[str, ...]) -> QuerySet[Addendum]:
    return Addendum.objects.filter(about__in=references).order_by("at", "id")
