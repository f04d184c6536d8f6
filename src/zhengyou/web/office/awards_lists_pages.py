"""The candidates of a selection as a list to search and to take away as a file, with their deeds in full."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from zhengyou.awards import queries
from zhengyou.awards.models import Selection
from zhengyou.web.office.awards_pages import of_selection
from zhengyou.web.office.roster_words import path_read
from zhengyou.web.shared import doors
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import of_person, of_unit


@doors.room("awards")
@doors.office
@of_selection
def candidates(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """Who is put forward, why, and what the objections did, for the meeting that looks through them."""
    return listed(
        request,
        "office/award_candidates.html",
        queries.candidate_rows(row),
        [
            *([Column(_("Person"), lambda one: one.candidate.name), *_of_person()] if row.is_of_people else []),
            Column(_("Unit"), _organisation, order="candidate__organisation__path"),
            Column(_("Code"), lambda one: one.candidate.organisation.code, order="candidate__organisation__code"),
            Column(_("Deeds"), lambda one: one.candidate.deeds),
            Column(_("Objections"), _objections),
        ],
        name="candidates",
        nothing=_("Nobody has been put forward."),
        search=_("Find by person, unit, code or a word of the deeds"),
        paths=(*of_person("candidate__person"), *of_unit("candidate__organisation"), "candidate__deeds"),
        selection=row,
    )


def _of_person() -> list[Column]:
    """What is said of a candidate who is a person."""
    return [
        Column(_("What they are"), lambda one: one.candidate.post),
        Column(_("Works at the front line"), lambda one: _("yes") if one.candidate.is_front_line else _("no")),
    ]


def _organisation(row: queries.CandidateRow) -> Cell:
    return Cell(row.candidate.organisation.name, note=path_read(row.candidate.organisation))


def _objections(row: queries.CandidateRow) -> object:
    if row.is_removed:
        return _("removed: objection upheld")
    return _("frozen: objection open") if row.is_frozen else ""
