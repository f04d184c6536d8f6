"""The list of anybody's words, for the office and for the desk: what waits first, ticks to show or hide many, and undo."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengyou.base.files import path_of
from zhengyou.base.refusals import allows
from zhengyou.base.texts import longest
from zhengyou.base.time import week_of
from zhengyou.commitments.models import CitizenAnswer
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person
from zhengyou.organisations.readers import Reader
from zhengyou.remarks import actions, queries
from zhengyou.remarks.models import Remark
from zhengyou.remarks.rules import check_may_look, is_about_own, look_due_on
from zhengyou.web.shared import clock
from zhengyou.web.shared.day_words import day_in_a_cell
from zhengyou.web.shared.doors import PersonRequest
from zhengyou.web.shared.fields import LongText
from zhengyou.web.shared.lists import Cell, Column, numbers_in, ticks
from zhengyou.web.shared.naming_question import AsksAboutNames
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import posted
from zhengyou.web.shared.subjects import address_of
from zhengyou.windows import queries as windows

MARK_NAMES: dict[str, Any] = dict(CitizenAnswer.Mark.choices)
JUST_DONE = "done"
DEEDS: dict[str, Callable[..., list[Remark]]] = {
    "show": actions.show_remarks,
    "hide": actions.hide_remarks,
    "undo": actions.undo_look,
}
FILTERS = [
    Filter("look", gettext_lazy("Reading"), "is_due", [("True", gettext_lazy("due now"))]),
    Filter("state", gettext_lazy("State"), "state", Remark.State.choices),
    Filter("why", gettext_lazy("Why it is held"), "why", Remark.Why.choices),
    Filter(
        "holds",
        gettext_lazy("Contains"),
        "has_number",
        [("True", gettext_lazy("what looks like a phone or ID number"))],
    ),
]
PATHS = ("words", "heading", "organisation__name", "pk")


class LookForm(forms.Form):
    """Which words, and what is done with them. A reason is needed only for hiding.

    `named` are those with something like a number of a person that may be shown; `is_read` says that somebody was asked.
    """

    deed = forms.ChoiceField(
        choices=[(name, name) for name in DEEDS],
        error_messages={
            name: gettext_lazy("Nothing was done: choose by one of the buttons what is to happen to those ticked.")
            for name in ("required", "invalid_choice")
        },
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        choices=[("", gettext_lazy("choose a reason")), *Remark.Reason.choices],
        required=False,
    )
    row = forms.TypedMultipleChoiceField(
        coerce=int,
        error_messages={"required": gettext_lazy("Tick at least one line, then press the button again.")},
    )

    named = forms.TypedMultipleChoiceField(coerce=int, required=False)
    is_read = forms.BooleanField(required=False)

    def __init__(self, data: Any = None) -> None:
        data = _of_one(data)
        super().__init__(data)
        for name in ("row", "named"):
            self.fields[name].choices = numbers_in(data, name)  # type: ignore[attr-defined]


def _of_one(data: Any) -> Any:
    """A row's own button means to show this row alone, whatever is ticked."""
    if not data or not data.get("only"):
        return data
    meant = data.copy()
    meant["deed"], meant["row"] = "show", data["only"]
    return meant


class AnswerForm(AsksAboutNames):
    """What everybody reads below the words, and their sender at their address."""

    asks_about = ("answer",)
    answer = LongText(
        label=gettext_lazy("Answer"),
        max_length=longest(Remark, "answer"),
        rows=5,
        help_text=gettext_lazy("Everybody reads it below the words. It cannot be changed."),
    )


def looked_at(request: PersonRequest, form: LookForm, back: str, base: str) -> HttpResponse | None:
    """Do what was asked with the ticked words, and lead back to the list, which offers to undo it.

    Before words are shown that hold something like a number of a person, a page with this `base` asks which of them may be.
    """

    def look(*, deed: str, row: list[int], reason: str, named: list[int], is_read: bool, **acting: Any) -> HttpResponse:
        chosen = queries.remarks_with_ids(row)
        for one in chosen:  # before a page shows any of them
            check_may_look(one, acting["by"], organisations.posts_of(acting["by"], clock.today()), clock.today())
        numbered = [one for one in chosen if one.has_number] if deed == "show" else []
        if numbered and not is_read:
            return render(request, "parts/remark_numbers.html", {"base": base, "rows": chosen, "numbered": numbered})
        kept = [one for one in chosen if one not in numbered or one.pk in named]
        if not kept:
            messages.info(request, _("Nothing is shown: none of these was chosen."))
            return redirect(back)
        more: dict[str, Any] = {}
        if deed == "hide":
            more = {"reason": reason}
        elif deed == "show":
            more = {"named": named}
        rows = DEEDS[deed](remarks=kept, **more, **acting)
        ids = ".".join(str(one.pk) for one in rows if deed != "undo")
        return redirect(f"{back}?{JUST_DONE}={ids}" if ids else back)

    return posted(request, form, look)


def photo_of(row: Remark, by: Person) -> HttpResponse:
    """The photo that came with these words, for whoever may read them; a door has seen to that. Of hidden ones only those see it who
    look after the hiding. Raises Http404 where there is none.
    """
    on = clock.today()
    if row.is_hidden and not allows(check_may_look, row, by, organisations.posts_of(by, on), on):
        raise Http404
    if row.photo is None or not path_of(row.photo.digest).exists():
        raise Http404
    response = HttpResponse(path_of(row.photo.digest).read_bytes(), content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    return response


def just_done(request: PersonRequest) -> list[Remark]:
    """The words that were looked at a moment ago by this address, as far as that can be undone."""
    ids = [int(pk) for pk in request.GET.get(JUST_DONE, "").split(".") if pk.isdecimal() and len(pk) < 18]
    rows = [row for row in queries.remarks_with_ids(ids) if row.was] if ids else []
    by, on = request.person, clock.today()
    return [row for row in rows if allows(check_may_look, row, by, organisations.posts_of(by, on), on)]


def columns(answer: str, reader: Reader, own: Collection[int] | None = None) -> Sequence[Column]:
    """The columns, for a reader. `answer` is the name of the address where words are answered: at the desk those about one's `own`
    units alone, of which the photos of hidden ones are not led to. Words about the reader's own unit have no box to tick.
    """
    tick, person = ticks(lambda row: row.pk), reader.person
    assert person is not None

    def ticked(row: Remark) -> Any:
        return None if is_about_own(row, person, reader.posts) else tick.cell(row)

    return [
        Column(_("Number"), lambda row: Cell(row.pk, note=came_of(row)), order="pk"),
        Column(_("About"), _about, is_wide=True),
        Column(_("Mark"), lambda row: MARK_NAMES.get(row.mark or "", "")),
        Column(
            _("Words"),
            partial(_words_of, f"{answer.removesuffix('-answer')}-photo", own or ()),
            part="parts/remark_cell.html",
            in_files=False,
            is_wide=True,
        ),
        Column(_("Words"), lambda row: row.words, is_only_in_files=True),
        Column(_("Photo"), lambda row: _("yes") if row.photo_id else "", is_only_in_files=True),
        Column(_("Times sent"), lambda row: row.times, is_only_in_files=True),
        Column(_("Answer"), lambda row: row.answer, is_only_in_files=True),
        Column(_("State"), _state_of, is_wide=True),
        Column(_("Action"), partial(_to_do, answer, reader, own), part="parts/remark_to_do.html", is_deed=True),
        replace(tick, cell=ticked),
    ]


def _to_do(answer: str, reader: Reader, own: Collection[int] | None, row: Remark) -> dict[str, Any] | None:
    """What waits is shown by the office, what is shown is answered by it, or at the desk of its own unit."""
    assert reader.person is not None
    if own is not None:
        return {"row": row, "address": answer, "may_show": False} if row.organisation_id in own else None
    return {"row": row, "address": answer, "may_show": not is_about_own(row, reader.person, reader.posts)}


def came_of(row: Remark) -> Any:
    """The day on which words came; of words left at a window, where the counter sees who writes, the week."""
    if row.kind != windows.REMARK:
        return row.came_on
    return _("in the week of %(day)s") % {"day": day_in_a_cell(week_of(row.came_on))}


def _about(row: Remark) -> Cell:
    unit = format_html('<span data-read="short">{}</span>', row.organisation.name)
    return Cell(row.heading, address_of(row.subject, row.organisation.code), note=unit)


def _words_of(photo_address: str, own: Collection[int], row: Remark) -> dict[str, Any]:
    """The words, and where a reader of this list sees their photo: the sender's own address is never told to anybody."""
    shows_photo = not (row.is_hidden and row.organisation_id in own)
    return {"row": row, "photo_address": photo_address, "shows_photo": shows_photo}


def _state_of(row: Remark) -> Cell:
    notes = [
        row.get_why_display() if row.is_waiting else "",
        _("contains what looks like a phone or ID number") if row.has_number else "",
        _("to be read by %(day)s") % {"day": day_in_a_cell(look_due_on(row.came_on))} if row.is_waiting else "",
        _("late") if row.is_waiting and look_due_on(row.came_on) < clock.today() else "",
        row.get_hidden_because_display(),
        _("reported %(count)d times") % {"count": row.reports} if row.reports else "",
        _("by %(person)s, %(day)s") % {"person": row.looked_by.name, "day": day_in_a_cell(row.looked_on)}
        if row.looked_by and row.looked_on
        else "",
        _asked(row),
    ]
    return Cell(row.get_state_display(), note=" · ".join(str(note) for note in notes if note))


def _asked(row: Remark) -> str:
    if row.hiding_asked_by is None:
        return ""
    asked = {"person": row.hiding_asked_by.name, "reason": row.get_hiding_asked_because_display()}
    return _("%(person)s asks to hide it (%(reason)s): a second person decides") % asked
