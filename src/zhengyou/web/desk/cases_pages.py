"""Cases at the desk: those that one's units have in hand, those on which the level above decides, and, for two people, those that
go around their target. A unit reads the text made for it, and no word, hour or photo of a reporter.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengyou.base.files import path_of
from zhengyou.base.refusals import allows
from zhengyou.base.texts import longest
from zhengyou.cases import actions, guarding, queries, rules
from zhengyou.cases.models import Case, CaseReading, CaseStep
from zhengyou.web.shared import case_words, clock, doors
from zhengyou.web.shared.fields import LongText, OrganisationField
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import found, posted, pressed

EVERYBODY = gettext_lazy("Everybody can read it.")


def _words(label: Any, help_text: Any = EVERYBODY, *, required: bool = True) -> LongText:
    return LongText(label=label, max_length=longest(CaseStep, "words"), rows=4, help_text=help_text, required=required)


class FixForm(forms.Form):
    """How it was put right."""

    says = _words(gettext_lazy("What was done"))


class PassForm(forms.Form):
    """Whose it is, and why."""

    to = OrganisationField(label=gettext_lazy("Whose is it?"))
    words = _words(gettext_lazy("Why it is theirs"))


class ImpossibleForm(forms.Form):
    """What is lacking."""

    lacks = forms.ChoiceField(
        label=gettext_lazy("What is lacking?"), choices=list(case_words.LACKS.items()), widget=forms.RadioSelect
    )
    words = _words(gettext_lazy("Which rule, or which means"))


class MessageForm(forms.Form):
    """A message to the reporter."""

    words = _words(
        gettext_lazy("Message to the reporter"),
        gettext_lazy("The reporter finds it by the code and answers to the office, not to you."),
    )


class SettleForm(forms.Form):
    """Whose it is, for good."""

    to = OrganisationField(label=gettext_lazy("Whose is it?"))
    words = _words(gettext_lazy("Why"), required=False)


class OpinionForm(forms.Form):
    """Whether it can be done, and why."""

    confirms = forms.TypedChoiceField(
        label=gettext_lazy("Can it be done?"),
        choices=[("no", gettext_lazy("No, it cannot")), ("yes", gettext_lazy("Yes, it can"))],
        coerce=lambda said: said == "no",
        widget=forms.RadioSelect,
    )
    words = _words(gettext_lazy("Why"))


class HandOverForm(forms.Form):
    """When and how it was handed over."""

    words = _words(gettext_lazy("When and how it was handed over"), gettext_lazy("Its reporter reads it."))


Act = tuple[type[forms.Form], Callable[..., object], Any, Any]
ACTS: dict[str, Act] = {
    "fix": (
        FixForm, actions.say_fixed, gettext_lazy("Say that it is put right"), gettext_lazy("Its reporter is asked now."),
    ),
    "pass": (
        PassForm, actions.pass_on, gettext_lazy("Not ours: say whose it is"), gettext_lazy("Passed on."),
    ),
    "impossible": (
        ImpossibleForm,
        actions.say_impossible,
        gettext_lazy("Say that it cannot be done"),
        gettext_lazy("The level above is asked now."),
    ),
    "message": (
        MessageForm,
        partial(actions.write_message, as_office=False),
        gettext_lazy("Write to the reporter"),
        gettext_lazy("Sent. The reporter finds it by the code."),
    ),
    "settle": (
        SettleForm, actions.settle_owner, gettext_lazy("Say whose it is"), gettext_lazy("It is settled."),
    ),
    "opinion": (
        OpinionForm, actions.answer_impossible, gettext_lazy("Can it be done?"), gettext_lazy("Your answer stands."),
    ),
}  # fmt: skip
GUARDED_ACTS: dict[str, Act] = {
    "hand": (
        HandOverForm, guarding.hand_over, gettext_lazy("Hand it over"), gettext_lazy("Handed over. Its reporter reads it."),
    ),
    "message": (
        MessageForm,
        guarding.write_guarded_message,
        gettext_lazy("Write to the reporter"),
        gettext_lazy("Sent. The reporter finds it by the code."),
    ),
}  # fmt: skip


@doors.room("cases")
@doors.signed_in
@never_cache
def cases(request: doors.PersonRequest) -> HttpResponse:
    """The cases that the reader's units have in hand, the oldest first, with their clocks; above them what waits for a decision."""
    reader, on = doors.reader_of(request), clock.today()
    return listed(
        request,
        "desk/cases.html",
        queries.at_desk(reader),
        [
            Column(gettext_lazy("Case"), lambda row: Cell(row.number_words, _address_of(row), note=row.unit.name)),
            Column(gettext_lazy("What it is about"), lambda row: row.target_text),
            Column(gettext_lazy("Kind"), case_words.kind_name),
            Column(gettext_lazy("How it stands"), lambda row: case_words.STATES[row.state]),
            Column(gettext_lazy("Clock"), lambda row: _clock_of(row, on)),
            Column(gettext_lazy("Reporter says"), lambda row: case_words.VERDICTS.get(row.verdict, "")),
        ],
        per_page=30,
        before=_bring_cycles,
        name="cases",
        nothing=_("No case is in your hands. What the office gives to your unit comes here."),
        search=_("Find a case by its number, or by a word in what it is about"),
        paths=("number", "target_text", "unit__name"),
        filters=[Filter("state", _("How it stands"), "state", _states())],
        above=queries.above_desk(reader)[:30],
        is_reader=queries.is_reader(request.person, on),
    )


def _bring_cycles(rows: list[Case]) -> None:
    queries.with_cycles(rows)


def _states() -> list[tuple[str, Any]]:
    hidden = (*rules.GUARDED, Case.State.RECEIVED, Case.State.SET_ASIDE)
    return [(slug, words) for slug, words in case_words.STATES.items() if slug not in hidden]


def _clock_of(row: Case, on: Any) -> Any:
    """The clock by which it is to be put right, in words; nothing for one that is over."""
    if row.state not in rules.OPEN:
        return ""
    if row.paused_on:
        return _("stands still")
    clock_now = queries.clocks_of(row, on)["fix"]
    words = _("day %(day)d of %(days)d") % {"day": clock_now.day, "days": clock_now.days}
    until = _("until %(day)s") % {"day": date_format(clock_now.due_on)} if clock_now.due_on else ""
    return Cell(words, note=f"{until} {_('late')}" if clock_now.is_late else until)


def _address_of(row: Case) -> str:
    return reverse("desk-case", args=[row.year, row.number])


def _case(request: doors.PersonRequest, year: int, number: int) -> Case:
    row = found(queries.case_at_desk(doors.reader_of(request), year, number))
    doors.about(request, row)
    return row


@doors.room("cases")
@doors.signed_in
@never_cache
def case(request: doors.PersonRequest, year: int, number: int) -> HttpResponse:
    """One case as its unit, or the level above it, reads it; that it was read is kept, and the reporter sees it."""
    row, on = _case(request, year, number), clock.today()
    is_ours = allows(rules.check_has_in_hand, row, request.person, on)
    side = CaseStep.Side.UNIT if is_ours else CaseStep.Side.ABOVE
    actions.note_reading(case=row, what=CaseReading.What.TEXT, side=side, at=clock.now(), by=request.person)
    steps = queries.steps_of(row)
    shown = {
        "case": row,
        "kind": case_words.kind_name(row),
        "state": case_words.STATES[row.state],
        "verdict": case_words.VERDICTS.get(row.verdict, ""),
        "lacks": case_words.LACKS.get(row.lacks, ""),
        "clocks": case_words.clock_lines(row, on, steps),
        "steps": case_words.steps_for(steps, "unit"),
        "is_ours": is_ours,
        "may_pass": is_ours and row.state in rules.WITH_UNIT and row.hands <= rules.HANDS,
        "decides": allows(rules.check_is_level_above, row, request.person, on),
    }
    return render(request, "desk/case.html", shown)


@doors.room("cases")
@doors.signed_in
@never_cache
def act(request: doors.PersonRequest, year: int, number: int, name: str) -> HttpResponse:
    """One step of the unit, or of the level above it, with its form."""
    kind, deed, heading, done = found(ACTS.get(name))
    row = _case(request, year, number)
    form = kind(request.POST or None)
    to = ("desk-cases",) if name in ("pass", "settle") else ("desk-case", row.year, row.number)
    shown = {"case": row, "form": form, "heading": heading, "button": _("Confirm"), "base": "parts/desk_page.html"}
    return posted(request, form, partial(deed, case=row), done=done, to=to) or render(
        request, "desk/case_act.html", shown
    )


@doors.room("cases")
@doors.signed_in
@require_POST
def take(request: doors.PersonRequest, year: int, number: int) -> HttpResponse:
    """Take a case that was passed on."""
    row = _case(request, year, number)
    done, to = _("It is yours."), ("desk-case", row.year, row.number)
    return pressed(request, partial(actions.take_on, case=row), done=done, to=to)


@doors.room("cases")
@doors.signed_in
@never_cache
def guarded(request: doors.PersonRequest) -> HttpResponse:
    """What goes around its target, for its two readers; for anybody else there is no such page."""
    _check_reader(request)
    rows = queries.guarded_for(request.person, clock.today())
    lines = [(row, case_words.body_name(row), case_words.clock_lines(row, clock.today())) for row in rows[:200]]
    return render(request, "desk/guarded.html", {"lines": lines})


@doors.room("cases")
@doors.signed_in
@never_cache
def guarded_case(request: doors.PersonRequest, case_id: int) -> HttpResponse:
    """One of them, with what its reporter wrote; that it was read is kept, and the reporter sees it."""
    row = _guarded(request, case_id)
    actions.note_reading(
        case=row, what=CaseReading.What.REPORT, side=CaseStep.Side.READER, at=clock.now(), by=request.person
    )
    steps = queries.steps_of(row)
    shown = {
        "case": row,
        "kind": case_words.kind_name(row),
        "state": case_words.STATES[row.state],
        "body": case_words.body_name(row),
        "clocks": case_words.clock_lines(row, clock.today(), steps),
        "steps": case_words.steps_for(steps, "office"),
    }
    return render(request, "desk/guarded_case.html", shown)


@doors.room("cases")
@doors.signed_in
@never_cache
def guarded_act(request: doors.PersonRequest, case_id: int, name: str) -> HttpResponse:
    """Hand one of them over, or write to its reporter."""
    kind, deed, heading, done = found(GUARDED_ACTS.get(name))
    row = _guarded(request, case_id)
    form = kind(request.POST or None)
    shown = {"case": row, "form": form, "heading": heading, "button": _("Confirm"), "base": "parts/desk_page.html"}
    to = ("desk-guarded-case", row.pk)
    return posted(request, form, partial(deed, case=row), done=done, to=to) or render(
        request, "desk/case_act.html", shown
    )


@doors.signed_in
@never_cache
@require_GET
def guarded_photo(request: doors.PersonRequest, case_id: int) -> HttpResponse:
    """The photo of one of them."""
    row = _guarded(request, case_id)
    if row.photo is None or not path_of(row.photo.digest).exists():
        raise Http404
    return HttpResponse(path_of(row.photo.digest).read_bytes(), content_type="image/jpeg")


def _check_reader(request: doors.PersonRequest) -> None:
    if not queries.is_reader(request.person, clock.today()):
        raise Http404


def _guarded(request: doors.PersonRequest, case_id: int) -> Case:
    return found(queries.guarded_case(case_id, request.person, clock.today()))
