"""Many candidates at once out of a workbook: all of them are put forward, or none, and every row that cannot be is named."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from zhengyou.awards import actions
from zhengyou.awards.models import Selection
from zhengyou.base.spreadsheets import Sheet, write_workbook
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.importing import workbooks
from zhengyou.organisations.models import Person
from zhengyou.organisations.rules import WorkbookRefused
from zhengyou.organisations.tree import within_any
from zhengyou.web.office.awards_pages import of_selection
from zhengyou.web.office.awards_reading import ListedCandidate, candidates_of_file
from zhengyou.web.shared import doors
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.pages import posted

MOST_AT_ONCE, MOST_NAMED = 500, 20
HEADS_OF_UNITS = (_("Code of the unit"), _("Name of the unit"), _("Deeds"))
HEADS_OF_PEOPLE = (_("Number"), _("Name of the person"), _("What they are"), _("Works at the front line"), _("Deeds"))


class CandidatesFileForm(forms.Form):
    """The workbook; `file` is then the facts of each row, by its place."""

    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("An .xlsx, .xls or .csv file: a row for each candidate, with the headings of the empty list."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.et,.csv,.txt"}),
    )

    def __init__(self, *args: Any, selection: Selection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.selection = selection

    def clean_file(self) -> list[tuple[str, dict[str, Any]]]:
        """The rows of the file, each with whom it means; every row that means nobody is named."""
        try:
            rows = candidates_of_file(self.cleaned_data["file"].read(workbooks.LARGEST + 1))
        except WorkbookRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if not rows:
            raise forms.ValidationError(
                _("No row of candidates was found. One heading must say deeds, another one the code or name.")
            )
        if len(rows) > MOST_AT_ONCE:
            sentence = _("More than %(n)d rows are not put forward at once. Split the file.")
            raise forms.ValidationError(sentence % {"n": MOST_AT_ONCE})
        facts = [(row.place, _facts_of(self.selection, row)) for row in rows]
        unclear = [row.place for row, (_place, given) in zip(rows, facts, strict=True) if given is None]
        if unclear:
            named = _(", ").join(unclear[:MOST_NAMED]) + (" …" if len(unclear) > MOST_NAMED else "")
            sentence = _(
                "Nothing was put forward. In these rows, code and name do not point to exactly one within this "
                "campaign: %(rows)s. Write the full code or number."
            )
            raise forms.ValidationError(sentence % {"rows": named})
        return [(place, given) for place, given in facts if given is not None]


def _facts_of(selection: Selection, row: ListedCandidate) -> dict[str, Any] | None:
    """Whom a row puts forward and what it says of them; None where its code and name do not mean exactly one."""
    top = selection.cycle.campaign.organisation
    typed = row.code or row.name
    if not selection.is_of_people:
        unit = organisations.the_one(typed, within=top).one
        is_meant = unit is not None and (not row.code or row.name in ("", unit.name))
        return {"organisation": unit, "deeds": row.deeds} if is_meant else None
    person = organisations.the_one_person(typed, within_any([top], "organisation")).one
    if person is None or (row.code and row.name not in ("", person.name)):
        return None
    return {"person": person, "deeds": row.deeds, "post": row.post, "is_front_line": row.is_front_line}


@doors.room("awards")
@doors.office
@of_selection
def from_file(request: doors.PersonRequest, row: Selection) -> HttpResponse:
    """Put forward all whom a workbook names; with `?empty` the empty workbook."""
    if "empty" in request.GET:
        heads = [str(head) for head in (HEADS_OF_PEOPLE if row.is_of_people else HEADS_OF_UNITS)]
        return download(write_workbook([Sheet(gettext("Candidates"), heads, [])]), "candidates-empty.xlsx")
    form = CandidatesFileForm(request.POST or None, request.FILES or None, selection=row)

    def put_forward(file: list[tuple[str, dict[str, Any]]], at: datetime, by: Person) -> HttpResponse:
        count = len(actions.add_many(selection=row, given=file, at=at, by=by))
        done = ngettext("%(n)d candidate is put forward.", "%(n)d candidates are put forward.", count)
        messages.success(request, done % {"n": count})
        return redirect("office-selection", row.pk)

    return posted(request, form, put_forward) or render(
        request, "office/award_file.html", {"selection": row, "form": form}
    )
