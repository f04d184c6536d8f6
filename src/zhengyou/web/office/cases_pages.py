"""Cases in the office: the docket, one case with what its reporter wrote, the steps of the office."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengyou.base.files import path_of
from zhengyou.base.refusals import allows, reason_against
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import (
    actions,
    aside_queries,
    aside_rules,
    effects,
    giving_rules,
    guarding,
    hiding,
    office_queries,
    pausing,
    pausing_rules,
    queries,
    reader_queries,
    rules,
)
from zhengyou.cases.models import Case, CaseReading, CaseStep
from zhengyou.web.office import cases_forms as forms
from zhengyou.web.shared import case_many, case_words, clock, doors, meanwhile
from zhengyou.web.shared.addresses import address_of
from zhengyou.web.shared.lists import Cell, Column, listed, ticks
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import found, posted, pressed

of_cycle = doors.of_campaign("cycle_id", campaigns.cycle_with_id)
of_case = doors.fetched("case_id", queries.case_with_id)
STATES = [(slug, words) for slug, words in case_words.STATES.items() if slug not in rules.GUARDED]
# By the last part of the address: the form, the deed, its heading, its button, what is said when it is done.
ACTS: dict[str, tuple[type[forms.CaseForm], Callable[..., object], Any, Any, Any]] = {
    "assign": (
        forms.AssignForm,
        actions.assign_case,
        gettext_lazy("Give it to a unit"),
        gettext_lazy("Give it to the unit"),
        gettext_lazy("The unit has it in hand."),
    ),
    "reword": (
        forms.RewordForm,
        actions.reword_case,
        gettext_lazy("Change what the unit reads"),
        gettext_lazy("Save"),
        gettext_lazy("Saved. The unit reads the new text."),
    ),
    "kind": (
        forms.KindForm,
        actions.change_kind,
        gettext_lazy("Correct the kind"),
        gettext_lazy("Save"),
        gettext_lazy("Saved. Its time limits follow."),
    ),
    "black": (
        forms.BlackWordsForm,
        hiding.black_out_words,
        gettext_lazy("Black out public words of the report"),
        gettext_lazy("Black them out"),
        gettext_lazy("Blacked out. Everybody reads why."),
    ),
    "call": (
        forms.CallForm,
        pausing.call_back,
        gettext_lazy("The reporter was called back"),
        gettext_lazy("Enter the call"),
        gettext_lazy("Entered."),
    ),
    "message": (
        forms.MessageForm,
        partial(actions.write_message, as_office=True),
        gettext_lazy("Write to the reporter"),
        gettext_lazy("Send"),
        gettext_lazy("Sent. The reporter finds it with the code."),
    ),
    "pause": (
        forms.PauseForm,
        pausing.pause_clock,
        gettext_lazy("Pause the time limit"),
        gettext_lazy("Pause it"),
        gettext_lazy("The time limit is paused until that day, and everybody reads why."),
    ),
    "deny": (
        forms.DenyForm,
        pausing.deny_pause,
        gettext_lazy("Keep the time limit running"),
        gettext_lazy("Keep it running"),
        gettext_lazy("The time limit runs on, and everybody reads why."),
    ),
}
# In which states each step is due: its form opens in no other.
AFTER_GIVING = tuple(one for one in Case.State if one not in (Case.State.RECEIVED, Case.State.SET_ASIDE))
DUE_IN: dict[str, tuple[str, ...]] = {
    "assign": (Case.State.RECEIVED,),
    "reword": AFTER_GIVING,
    "kind": (Case.State.RECEIVED, *AFTER_GIVING),
    "black": AFTER_GIVING,
    "call": rules.OPEN,
    "message": (Case.State.RECEIVED, *AFTER_GIVING),
    "pause": (Case.State.ASSIGNED,),
    "deny": rules.OPEN,
}
NOTHING = gettext_lazy(
    "Nobody has reported anything yet. A report comes from a unit’s page, a window, a call or the hotline."
)
DUE = [
    ("give", gettext_lazy("to be given to a unit")),
    ("late", gettext_lazy("late")),
    ("uncalled", gettext_lazy("given, not called back, or so its reporter says")),
    ("unwritten", gettext_lazy("given, not written to, without a number")),
    ("pause", gettext_lazy("the unit asks for a pause")),
    ("silent", gettext_lazy("the reporter has been silent for a long time")),
]
STANDING = [("open", gettext_lazy("not closed yet")), ("all", gettext_lazy("all"))]
FIRST_WORDS = 40
OFFICE_MANY: case_many.Deeds = {
    "message": (
        forms.SameMessageForm,
        actions.write_same_message,
        gettext_lazy("Write to these reporters"),
        gettext_lazy("Sent. Each reporter finds it by the code."),
    ),
    "assign": (
        forms.ByKindForm,
        actions.assign_cases,
        gettext_lazy("Give these to their units, naming only the kind?"),
        gettext_lazy("The units have them in hand."),
    ),
}
PRESSED: dict[str, tuple[Callable[..., object], Any]] = {
    "start": (pausing.start_clock, gettext_lazy("The time limit runs again.")),
    "close": (actions.close_silent, gettext_lazy("Closed, without a verdict.")),
}


@doors.room("cases")
@doors.office
@of_cycle
@never_cache
def cases(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """The docket of a cycle, what is due next first, without anything about a unit that the reader belongs to."""
    form, on = forms.TogetherForm(request.POST or None), clock.today()
    own = reader_queries.own_units(request.person, on)
    spoken = office_queries.spoken_in(doors.offices_of(request), own, cycle, on)
    mine = office_queries.by_due(_mine(request, cycle, own), cycle, spoken)
    asides: list[Any] = aside_queries.asides_of(cycle)
    top = cycle.campaign.organisation
    readers, guarded = reader_queries.readers_now(top, on), reader_queries.guarded_waiting(top)
    if answer := posted(request, form, partial(_together, mine), done=_("Done."), to=("office-cases", cycle.pk)):
        return answer
    return listed(
        request,
        "office/cases.html",
        mine,
        _columns(cycle, spoken),
        name="cases",
        before=partial(_bring, request, cycle),
        rows_of=queries.listed,
        nothing=NOTHING,
        search=_("Find a case by its number, the hotline’s number, its unit, or a word of the report"),
        paths=("number", "external", "unit__name", "words"),
        filters=_filters(request, cycle, spoken),
        cycle=cycle,
        look=form,
        guarded=guarded,
        readers=readers,
        unread=reader_queries.unread_by_anybody(top, on, readers).count() if guarded[0] else 0,
        asked=[one for one in asides if one.answered_at is None and one.waiting],
        undoable=[one for one in asides if allows(aside_rules.check_may_be_undone, one, clock.now())],
    )


def _mine(request: doors.PersonRequest, cycle: Cycle, own: set[int] | None = None) -> Any:
    return queries.docket(request.person, doors.reach_of(request, "unit"), clock.today(), own).filter(cycle=cycle)


def _filters(request: doors.PersonRequest, cycle: Cycle, spoken: office_queries.Spoken) -> list[Filter]:
    """The list begins with what is not closed; whoever searches, or asks how one stands, means all."""
    on = spoken.on
    meant: dict[str, Callable[[], Q]] = {
        "give": lambda: queries.to_give(on),
        "late": lambda: spoken.late(cycle),
        "uncalled": lambda: spoken.to_call(by_phone=True),
        "unwritten": lambda: spoken.to_call(by_phone=False),
        "silent": lambda: queries.silent(cycle, on),
        "pause": lambda: Q(pause_asked_on__isnull=False),
    }
    is_open, narrows = spoken.is_open(), any(request.GET.get(name) for name in ("q", "state", "due"))
    return [
        Filter(
            "which",
            _("Cases"),
            "",
            STANDING,
            means=lambda chosen: is_open if chosen == "open" else Q(),
            default="all" if narrows else "open",
        ),
        Filter("due", _("Due"), "", DUE, means=lambda chosen: meant[chosen]()),
        Filter("state", _("State"), "", STATES, means=spoken.in_state),
        Filter("source", _("How it came"), "source", list(case_words.SOURCES.items())),
    ]


def _bring(request: doors.PersonRequest, cycle: Cycle, rows: list[Case]) -> None:
    """What the rows of a page need. Their first words stand there, so their reporters see that they were read; a file holds none."""
    queries.with_cycles(rows, cycle)
    if "as" not in request.GET:
        _note_first_words(request, rows)


def _note_first_words(request: doors.PersonRequest, rows: Sequence[Case]) -> None:
    said = [row for row in rows if row.words]
    guarding.note_readings(cases=said, side=CaseStep.Side.OFFICE, first_only=True, at=clock.now(), by=request.person)


def _columns(cycle: Cycle, spoken: office_queries.Spoken) -> list[Any]:
    """The columns of the docket, how each stands as its reporter said."""
    on, said, kinds = spoken.on, spoken.as_said, dict(case_words.kinds_of(cycle))
    return [
        Column(pgettext("case", "Report"), _case_of, in_files=False),
        Column(_("Case"), lambda row: row.number_words, is_only_in_files=True),
        Column(_("Due"), lambda row: case_words.due_of(said(row), on), order="day_shown", in_files=False),
        Column(_("State"), lambda row: _state_of(said(row))),
        Column(_("Unit"), lambda row: _unit_of(row, kinds), order="unit__path"),
        Column(_("Received on"), _received_of, order="received_on"),
        Column(_("Kind"), lambda row: kinds.get(row.kind, row.kind), is_only_in_files=True),
        Column(_("How it came"), lambda row: case_words.SOURCES[row.source], is_only_in_files=True),
        Column(_("Called back"), lambda row: said(row).called_on, is_only_in_files=True),
        Column(_("Hands"), lambda row: row.hands, is_only_in_files=True),
        Column(_("Hotline’s number"), lambda row: row.external, order="external", is_only_in_files=True),
        Column(_("Unit says"), lambda row: row.unit_says, is_only_in_files=True),
        Column(_("Reporter says"), lambda row: case_words.VERDICTS.get(said(row).verdict, ""), is_only_in_files=True),
        ticks(lambda row: row.number_words or _("received on %(day)s") % {"day": date_format(row.received_on)}),
    ]


@doors.room("cases")
@doors.office
@of_cycle
@never_cache
def many(request: doors.PersonRequest, cycle: Cycle) -> HttpResponse:
    """The same message to the reporters of those ticked, or giving those by kind alone, asked about once. A visit leads to the list."""
    back = ("office-cases", cycle.pk)
    mine, known_by = _mine(request, cycle), partial(_known_by, request)
    return case_many.many_page(request, mine, OFFICE_MANY, base="parts/office_page.html", back=back, known_by=known_by)


def _known_by(request: doors.PersonRequest, rows: Sequence[Case]) -> list[str]:
    """The first words of each, as the list has them, so that nobody gives or answers a case that they did not mean."""
    _note_first_words(request, rows)
    return [_first_words(row) for row in rows]


def _together(mine: Any, *, deed: str, row: list[int], **acting: Any) -> None:
    """The ticked cases, as far as they are the reader's, after a long silence."""
    actions.close_silent_ones(cases=list(mine.filter(pk__in=row)), **acting)


def _case_of(row: Case) -> Cell:
    """By what one knows it again: the first words of the report, which only the page has, and its number."""
    number = row.number_words or _("no number yet")
    return Cell(_first_words(row), reverse("office-case", args=[row.pk]), note=number)


def _first_words(row: Case) -> str:
    words = Truncator(" ".join(row.words.split())).chars(FIRST_WORDS)
    return words or _("Only how to reach the reporter")


def _unit_of(row: Case, kinds: dict[str, Any]) -> Cell:
    """Whose case it is, one tap from the unit's page, and its kind."""
    return Cell(row.unit.name, address_of("office-organisation", row.unit_id), note=kinds.get(row.kind, row.kind))


def _received_of(row: Case) -> Cell:
    return Cell(row.received_on, note=case_words.SOURCES[row.source])


def _state_of(row: Case) -> Cell:
    asks = _("somebody asks to set it aside") if row.aside_id and row.state == Case.State.RECEIVED else ""
    if row.pause_asked_on:
        asks = _("the unit asks for a pause")
    says = _("its reporter said so today") if row.said_on is not None else ""
    return Cell(
        case_words.STATES[row.state], note=asks or says or (_("arrived in a rush") if row.is_from_flood else "")
    )


@doors.room("cases")
@doors.office
@of_case
@never_cache
def case(request: doors.PersonRequest, row: Case) -> HttpResponse:
    """One case with what its reporter wrote; that it was read is kept, and the reporter sees it."""
    _check(request, row)
    _note(request, row)
    steps, on = queries.steps_of(row), clock.today()
    seen = effects.as_said(row, steps)
    shown = {
        "case": row,
        "seen": seen,
        "kind": case_words.kind_name(row),
        "text": case_words.text_of(row) if row.target_text else "",
        "state": case_words.STATES[seen.state],
        "source": case_words.SOURCES[row.source],
        "verdict": case_words.VERDICTS.get(seen.verdict, ""),
        "lacks": case_words.LACKS.get(row.lacks, ""),
        "hidden_says": case_words.hidden_says(steps),
        "clocks": case_words.clock_lines(seen, on, steps, "office"),
        "steps": case_words.steps_for(steps, "office", request.person),
        "may_hide": True,
        "is_open": row.state in rules.OPEN,
        "can_call": row.state in rules.OPEN and pausing_rules.can_be_called(row),
        "is_paused": pausing_rules.is_paused(row, on),
        "may_pause": allows(pausing_rules.check_is_not_prolonged_by_one, steps, request.person),
        "next": _next(request, row),
        "is_silent": queries.is_silent(row, on),
        "came_today": row.received_on >= on,
        "first": _first_step(seen, on),
        "sounds_grave": row.state == Case.State.RECEIVED and giving_rules.seems_grave(row),
    }
    return render(request, "office/case.html", shown)


def _first_step(row: Case, on: date) -> str:
    """The step that waits for the office once a unit has the case, or while it cannot be given: to call its reporter, or to write."""
    may_be_given = row.state == Case.State.RECEIVED and row.received_on < on
    if row.called_on or row.state not in rules.OPEN or row.pause_asked_on or may_be_given:
        return ""
    return "call" if pausing_rules.can_be_called(row) else "message"


def _next(request: doors.PersonRequest, row: Case) -> Case | None:
    """The next one on the list: of those that wait to be given to a unit, if this one waits for that, else of all that are open."""
    if to_give := _next_to_give(request, row):
        return to_give
    states = [row.state] if row.state == Case.State.RECEIVED else rules.OPEN
    rest = _mine(request, row.cycle).filter(state__in=states)
    return queries.next_by_due(rest, row, clock.today())


def _next_to_give(request: doors.PersonRequest, row: Case) -> Case | None:
    """The next that may be given to a unit today. Nobody is led to one that only can be read: its reporter would see that it was."""
    if row.state != Case.State.RECEIVED:
        return None
    rows = _mine(request, row.cycle).filter(queries.to_give(clock.today()))
    return queries.next_by_due(rows, row, clock.today())


def _note(request: doors.PersonRequest, row: Case) -> None:
    what, side = CaseReading.What.REPORT, CaseStep.Side.OFFICE
    actions.note_reading(case=row, what=what, side=side, at=clock.now(), by=request.person)


def _check(request: doors.PersonRequest, row: Case) -> None:
    rules.check_looks_after(row, request.person, queries.touched_of(row), clock.today())


@doors.room("cases")
@doors.office
@of_case
@never_cache
def act(request: doors.PersonRequest, row: Case, name: str) -> HttpResponse:
    """One step of the office, with its form."""
    kind, deed, heading, button, done = found(ACTS.get(name))
    _check(request, row)
    if request.method == "GET" and (refusal := _not_due(row, name)):  # nobody writes what they may not send
        messages.error(request, refusal)
        return redirect("office-case", row.pk)
    _note(request, row)  # whoever writes about a report has it before them
    form = kind(request.POST or None, row)
    if name == "reword":
        meanwhile.guard(form, about=row.reference, deeds=("cases.assign_case", "cases.reword_case"))
    to = _next_of(request, row) if name in ("assign", "kind") else ("office-case", row.pk)
    said = f"{done} {forms.NEXT_ONE}" if to[0] == "office-case" and to[1] != row.pk else done
    shown = {
        "case": row,
        "form": form,
        "heading": heading,
        "button": button,
        "shows_words": name in ("assign", "reword", "black"),
        "read_by_unit": case_words.text_of(row) if name == "kind" and row.number else "",
        "source": case_words.SOURCES[row.source],
    }
    return posted(request, form, partial(deed, case=row), done=said, to=to) or render(
        request, "office/case_act.html", shown
    )


def _not_due(row: Case, name: str) -> str:
    """Why this step is not due now, or nothing."""
    refusal = reason_against(rules.check_state, row, *DUE_IN[name])
    if name == "assign" and not refusal:
        refusal = reason_against(giving_rules.check_day_is_over, [row], clock.today())
    if name == "call" and not refusal:
        refusal = reason_against(pausing_rules.check_can_be_called, row)
    return refusal or (reason_against(pausing_rules.check_pause_is_asked, row) if name == "deny" else "")


def _next_of(request: doors.PersonRequest, row: Case) -> tuple[Any, ...]:
    """Where one goes on after a case is given away: to the next that can be given too, or back to the list."""
    after = _next_to_give(request, row)
    return ("office-case", after.pk) if after else ("office-cases", row.cycle_id)


@doors.room("cases")
@doors.office
@of_case
@never_cache
def hide(request: doors.PersonRequest, row: Case, number: int) -> HttpResponse:
    """Hide the public words of one step for good, with a reason that stands in their place."""
    _check(request, row)
    step = found(
        next((one for one in queries.steps_of(row) if one.number == number and hiding.may_be_hidden(one)), None)
    )
    form = forms.HideForm(request.POST or None)
    to, deed = ("office-case", row.pk), partial(hiding.hide_words, case=row, number=number)
    shown = {"case": row, "form": form, "heading": _("Hide these words"), "button": _("Hide them"), "hides": step.words}
    return posted(request, form, deed, done=_("Hidden. Everybody sees why."), to=to) or render(
        request, "office/case_act.html", shown
    )


@doors.room("cases")
@doors.office
@of_case
@require_POST
def press(request: doors.PersonRequest, row: Case, name: str) -> HttpResponse:
    """A step of the office that needs no form."""
    deed, done = found(PRESSED.get(name))
    return pressed(request, partial(deed, case=row), done=done, to=("office-case", row.pk))


@doors.office
@of_case
@never_cache
@require_GET
def photo(request: doors.PersonRequest, row: Case) -> HttpResponse:
    """The photo of a report, for whoever looks after it."""
    _check(request, row)
    if row.photo is None or not path_of(row.photo.digest).exists():
        raise Http404
    return HttpResponse(path_of(row.photo.digest).read_bytes(), content_type="image/jpeg")
