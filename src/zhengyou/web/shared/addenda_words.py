"""Corrections as readers see them: what was corrected, the old and the new wording, why, by whom and when.

`parts/addenda.html` draws them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base.addenda import addenda_to
from zhengyou.base.words import Names, in_readers_words
from zhengyou.organisations import queries as organisations

PARTS: dict[str, Any] = {
    "name": _("Name"),
    "theme": _("Theme"),
    "aim": _("Aim"),
    "launch_words": _("Why we do this"),
    "launch_speaker": _("Whose words these are"),
    "opinion": _("Implementation guidelines"),
    "asked_of_you": _("What is asked of you"),
    "central-work": _("Piece of central work"),
    "central-work-aim": _("Aim of a piece of central work"),
    "stage": _("Stage"),
    "ends-on": _("Last day of the cycle"),
    "title": _("Title of the notice"),
    "basis": _("Basis"),
    "basis_kind": _("Legal basis"),
    "basis_body": _("Approved by"),
    "basis_number": _("Document number"),
    "basis_from": _("In force from"),
    "basis_until": _("In force until"),
    "route": _("How the candidates were chosen"),
    "receiving_body": _("Where to object"),
    "phone": _("Phone"),
    "mail": _("Email"),
    "address": _("Address"),
    "nominee": _("Candidates"),
    "deeds": _("Deeds"),
    "selection-title": _("Title to be given"),
    "selection-quota": _("Number of places"),
    "stepped_aside": _("Who stepped aside"),
    "present": _("Present"),
    "in_favour": _("Votes for"),
    "against": _("Votes against"),
    "abstained": _("Abstained"),
    "ruling": _("Ruling"),
    "decision_number": _("Number of the decision"),
    "deciding_body": _("Deciding body"),
    "reasons": _("Reasons"),
    "what": _("What is promised"),
    "standard": _("Standard"),
    "for_whom": _("For whom"),
    "due_on": _("By when"),
    "evidence": _("What will show it"),
    "checked_by": _("How a stranger sees it"),
    "piece": _("Piece of central work"),
}
RULINGS: dict[str, Any] = {"upheld": _("upheld"), "not upheld": _("not upheld")}


@dataclass(frozen=True)
class AddendumInWords:
    """One correction in words. `by` is a name, or nothing for somebody who is not known any more."""

    number: int
    part: str
    before: Any
    after: Any
    why: str
    by: str
    at: datetime


def corrections_of(
    *references: str, names: dict[str, Names] | None = None, but: Collection[str] = ()
) -> list[AddendumInWords]:
    """The corrections to these rows, the first first; `names` are of sectors and stages, by slug. Two queries.

    Those of the parts in `but` are left out: what may stand on a page for a time only.
    """
    rows = [row for row in addenda_to(*references) if row.part not in but]
    people = organisations.people_with_references({row.by for row in rows})
    return [
        AddendumInWords(
            row.number,
            part_in_words(row.part, names),
            RULINGS.get(row.before, row.before),
            RULINGS.get(row.after, row.after),
            row.why,
            people[row.by].name if row.by in people else "",
            row.at,
        )
        for row in rows
    ]


def part_in_words(part: str, names: dict[str, Names] | None = None) -> str:
    """What a part of a row is called: `theme:rural`, with what it is of if `names` has it."""
    kind, _colon, of = part.partition(":")
    words = str(PARTS.get(kind, kind))
    if of.isdecimal():
        return f"{words} {of}"
    return f"{words} · {in_readers_words(names[of])}" if names and of in names else words
