"""What goes around its target, for the two people who may read it: the list, one report, handing over, and setting aside together
what says nothing. For anybody else there are no such pages.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengyou.base.files import path_of
from zhengyou.base.refusals import allows, reason_against
from zhengyou.base.texts import longest
from zhengyou.base.words import in_all_words, line_of_names
from zhengyou.cases import actions, aside_queries, aside_rules, guarding, queries, reader_queries, rules, setting_aside
from zhengyou.cases.models import Case, CaseAside, CaseReading, CaseStep
from zhengyou.web.shared import case_asides, case_words, clock, doors
from zhengyou.web.shared.day_words import day_in_words
from zhengyou.web.shared.downloads import download
from zhengyou.web.shared.fields import LongText, SureField
from zhengyou.web.shared.lists import Cell, Column, listed, matching, means_all, numbers_in, ticks
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import asked_nothing, found, posted, pressed

FOUND_BY = ("unit__name", "words")
NEEDS = {
    "unread": Q(was_read=False),
    "message": Q(waits_for_answer=True),
    "answered": Q(was_answered=True, waits_for_answer=False),
}
GUARDED = Case.State.GUARDED
MEANS = {
    "waits": Q(state=GUARDED, aside=None),
    "asked": Q(state=GUARDED, aside__isnull=False),
    "handed": Q(state=Case.State.HANDED),
    "aside": Q(state=Case.State.SET_ASIDE),
}
FILTERS = [
    Filter(
        "state",
        gettext_lazy("State"),
        "",
        [
            ("waits", gettext_lazy("waits")),
            ("asked", gettext_lazy("one of you wants it set aside")),
            ("handed", gettext_lazy("handed over")),
            ("aside", gettext_lazy("set aside")),
        ],
        means=lambda chosen: MEANS[chosen],
    ),
    Filter(
        "word",
        gettext_lazy("Read and answered"),
        "",
        [
            ("unread", gettext_lazy("you have not read it")),
            ("message", gettext_lazy("the reporter is waiting for an answer")),
            ("answered", gettext_lazy("answered")),
        ],
        means=lambda chosen: NEEDS[chosen],
    ),
    Filter(
        "flood",
        gettext_lazy("Came"),
        "",
        [("yes", gettext_lazy("in a rush within minutes")), ("no", gettext_lazy("by itself"))],
        means=lambda chosen: Q(is_from_flood=chosen == "yes"),
    ),
]
READ = gettext_lazy("The reporter can see it.")


class HandOverForm(forms.Form):
    """When and how it was handed over."""

    words = LongText(
        label=gettext_lazy("When and how it was handed over"),
        max_length=longest(CaseStep, "words"),
        rows=4,
        help_text=READ,
    )


class MessageForm(forms.Form):
    """A message to the reporter."""

    words = LongText(
        label=gettext_lazy("Message to the reporter"),
        max_length=longest(CaseStep, "words"),
        rows=4,
        help_text=gettext_lazy("The reporter finds it with the code and answers to you, not to the unit."),
    )


class HandManyForm(HandOverForm):
    """The same for several at once."""

    sure = SureField(gettext_lazy("Each of them ends here with that, and the reporter can see where it went"))


# By the last part of the address: the form, the deed, its heading, what is said when it is done.
ACTS: dict[str, tuple[type[forms.Form], Callable[..., object], Any, Any]] = {
    "hand": (
        HandOverForm, guarding.hand_over, gettext_lazy("Hand it over"), gettext_lazy("Handed over. The reporter can see it."),
    ),
    "message": (
        MessageForm,
        guarding.write_guarded_message,
        gettext_lazy("Write to the reporter"),
        gettext_lazy("Sent. The reporter finds it with the code."),
    ),
}  # fmt: skip
MANY: dict[str, tuple[type[forms.Form], Callable[..., object], Any, Any]] = {
    "hand": (
        HandManyForm,
        guarding.hand_over_many,
        gettext_lazy("Hand these over"),
        gettext_lazy("Handed over. The reporters can see it."),
    ),
    "aside": (
        case_asides.AsideForm,
        setting_aside.ask_aside,
        gettext_lazy("Ask the other reader to set these aside"),
        gettext_lazy("Asked. They wait as before until the other reader has answered."),
    ),
}


@doors.room("cases")
@doors.signed_in
@never_cache
def guarded(request: doors.PersonRequest) -> HttpResponse:
    """What goes around its target, for its two readers; for anybody else there is no such page."""
    _check_reader(request)
    on, now = clock.today(), clock.now()
    asides = aside_queries.asides_for(request.person, on)
    return listed(
        request,
        "desk/guarded.html",
        _mine(request),
        _columns(),
        name="around",
        nothing=_(
            "Nothing is waiting here. A report of this kind comes straight to you and to the other person named."
        ),
        search=_("Find by the name of the unit, or by words of the report"),
        paths=FOUND_BY,
        filters=FILTERS,
        asked=[one for one in asides if one.answered_at is None],
        undoable=[one for one in asides if allows(aside_rules.check_may_be_undone, one, now)],
    )


def _mine(request: doors.PersonRequest) -> QuerySet[Case]:
    """What this reader may read, with what the list says of it."""
    return reader_queries.with_signs(reader_queries.guarded_for(request.person, clock.today()), request.person)


def _columns() -> list[Column]:
    on = clock.today()
    return [
        Column(
            pgettext("case", "Report"),
            lambda row: Cell(
                row.sign,
                reverse("desk-guarded-case", args=[row.pk]),
                note=row.unit.name,
                apart=pgettext("case", "Report"),
            ),
        ),
        Column(_("Received on"), lambda row: row.received_on, order="received_on"),
        Column(_("Kind"), case_words.kind_name),
        Column(_("Body"), case_words.body_name),
        Column(_("State"), _state_of),
        Column(_("Read and answered"), _word_of),
        Column(_("Time limit"), lambda row: _clock_of(row, on)),
        Column(_("Arrived in a rush"), lambda row: _("yes") if row.is_from_flood else _("no")),
        ticks(lambda row: row.unit.name),
    ]


def _clock_of(row: Case, on: date) -> Any:
    """How the clock stands by which it is handed over; nothing for what was set aside."""
    return next((case_words.words_of_clock(one) for one in queries.clocks_of(row, on).values()), "")


def _word_of(row: Any) -> Any:
    """Whether this reader has read it, and whether its reporter waits for an answer."""
    read = _("read") if row.was_read else _("you have not read it")
    said = (
        _("the reporter is waiting for an answer")
        if row.waits_for_answer
        else _("answered")
        if row.was_answered
        else ""
    )
    return Cell(read, note=said)


def _state_of(row: Case) -> Any:
    asked = _("one of you wants it set aside") if row.aside_id and row.state == GUARDED else ""
    return Cell(case_words.AROUND[row.state], note=asked)


@doors.room("cases")
@doors.signed_in
@never_cache
def many(request: doors.PersonRequest) -> HttpResponse:
    """What is done with those ticked: asked once on a page that shows the words of all of them, which counts as reading them."""
    _check_reader(request)
    name = request.POST.get("deed", "")
    if name not in MANY:
        return asked_nothing(request, "desk-guarded")
    rows = _meant(request)
    if refusal := reason_against(aside_rules.check_how_many, len(rows)):
        messages.error(request, refusal)
        return redirect("desk-guarded")
    guarding.note_readings(cases=rows, at=clock.now(), by=request.person)
    kind, deed, heading, done = MANY[name]
    form = kind(request.POST if "words" in request.POST else None)
    shown = {"form": form, "rows": rows, "deed": name, "heading": heading, "base": "parts/desk_page.html"}
    answer = posted(request, form, partial(deed, cases=rows), done=done, to="desk-guarded") if form.is_bound else None
    return answer or render(request, "desk/guarded_many.html", shown)


def _meant(request: doors.PersonRequest) -> list[Case]:
    """Those that are ticked, or all that match the list; whatever this reader may not read is none of them."""
    mine = _mine(request)
    if means_all(request):
        mine = matching(request, mine.filter(state=GUARDED, aside=None), paths=FOUND_BY, filters=FILTERS)
    else:
        mine = mine.filter(pk__in=[int(one) for one, _same in numbers_in(request.POST, "row")])
    return list(mine[: aside_rules.MOST_AT_ONCE + 1])


@doors.room("cases")
@doors.signed_in
@never_cache
def aside(request: doors.PersonRequest, aside_id: int) -> HttpResponse:
    """What one of the two wants to be set aside, with the words of all of it; the other one answers."""
    one, on = _aside(request, aside_id), clock.today()
    is_open = one.answered_at is None
    rows = list(aside_queries.asked_aside(one, request.person, on)) if is_open else []
    guarding.note_readings(cases=rows, at=clock.now(), by=request.person)
    form = case_asides.AnswerForm(request.POST or None) if is_open and one.asked_by_id != request.person.pk else None

    keeps = [int(pk) for pk, _same in numbers_in(request.POST, "row")]
    answer = partial(setting_aside.answer_aside, aside=one, keeps=keeps)

    shown = {"aside": one, "why": case_words.ASIDE_WHYS[one.why], "rows": rows, "form": form}
    sent = posted(request, form, answer, done=_("Your answer stands."), to="desk-guarded") if form else None
    return sent or render(request, "desk/guarded_aside.html", shown)


@doors.room("cases")
@doors.signed_in
@require_POST
def undo(request: doors.PersonRequest, aside_id: int) -> HttpResponse:
    """Bring back what was set aside within a day."""
    deed = partial(setting_aside.undo_aside, aside=_aside(request, aside_id))
    return pressed(request, deed, done=_("Brought back. They wait again."), to="desk-guarded")


@doors.room("cases")
@doors.signed_in
@never_cache
def guarded_case(request: doors.PersonRequest, case_id: int) -> HttpResponse:
    """One of them, with what its reporter wrote; that it was read is kept, and the reporter sees it."""
    row = _read(request, case_id)
    steps = queries.steps_of(row)
    shown = {
        "case": row,
        "kind": case_words.kind_name(row),
        "state": case_words.AROUND[row.state],
        "source": case_words.SOURCES[row.source],
        "body": case_words.body_name(row),
        "text": case_words.text_of(row),
        "clocks": case_words.clock_lines(row, clock.today(), steps, "office"),
        "steps": case_words.steps_for(steps, "office"),
        "read_until": row.closed_on and row.closed_on + rules.HANDED_READ,
    }
    return render(request, "desk/guarded_case.html", shown)


@doors.room("cases")
@doors.signed_in
@never_cache
def guarded_act(request: doors.PersonRequest, case_id: int, name: str) -> HttpResponse:
    """Hand one of them over, or write to its reporter."""
    kind, deed, heading, done = found(ACTS.get(name))
    row = _read(request, case_id)  # the report stands above the form: nobody hands over another one than they mean
    form = kind(request.POST or None)
    shown = {"case": row, "form": form, "heading": heading, "button": heading, "base": "parts/desk_page.html"}
    shown |= {"kind": case_words.kind_name(row), "body": case_words.body_name(row)}
    shown["source"] = case_words.SOURCES[row.source]
    to = ("desk-guarded-case", row.pk)
    return posted(request, form, partial(deed, case=row), done=done, to=to) or render(
        request, "desk/case_act.html", shown
    )


@doors.room("cases")
@doors.signed_in
@never_cache
@require_GET
def guarded_sheet(request: doors.PersonRequest, case_id: int) -> HttpResponse:
    """What goes to the body, in both languages: a sheet to print, or the same as a file of plain text. It is made as it is asked for and
    kept nowhere, neither here nor on the way, and that it was taken is a reading that the reporter sees.
    """
    row = _read(request, case_id)
    kind = rules.kind_named(row.cycle, row.kind).name
    body = next((one.name for one in row.cycle.ruleset.bodies if one.id == row.body), {})
    shown = {
        "case": row,
        "body": line_of_names(body),
        "kind": line_of_names(kind),
        "by": request.person,
        "campaign": row.cycle.campaign.organisation.name,
        "today": _in_both(clock.today()),
        "received_on": _in_both(row.received_on),
        "added": [
            one.words
            for one in queries.steps_of(row)
            if (one.kind, one.side) == (CaseStep.Kind.MESSAGE, CaseStep.Side.REPORTER)
        ],
    }
    if request.GET.get("as") != "txt":
        return render(request, "desk/guarded_sheet.html", shown)
    name = f"{row.received_on.isoformat()}-{row.sign}.txt"
    return download(render_to_string("desk/guarded_sheet.txt", shown), name)


def _in_both(day: date) -> str:
    """A day as it is written in both languages, since whoever gets the sheet reads one of them."""
    return line_of_names(in_all_words(lazy(day_in_words, str)(day)))


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
    if not reader_queries.is_reader(request.person, clock.today()):
        raise Http404


def _read(request: doors.PersonRequest, case_id: int) -> Case:
    """One of them, which counts as reading it."""
    row, what = _guarded(request, case_id), CaseReading.What.REPORT
    actions.note_reading(case=row, what=what, side=CaseStep.Side.READER, at=clock.now(), by=request.person)
    return row


def _guarded(request: doors.PersonRequest, case_id: int) -> Case:
    return found(reader_queries.guarded_case(case_id, request.person, clock.today()))


def _aside(request: doors.PersonRequest, aside_id: int) -> CaseAside:
    return found(aside_queries.aside_for(aside_id, request.person, clock.today()))
