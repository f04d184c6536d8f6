"""Cases at the desk: those that one's units have in hand, and those on which the level above decides. A unit reads the text made
for it, and no word, hour or photo of a reporter.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial, reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import allows, reason_against
from zhengyou.base.texts import longest
from zhengyou.campaigns.models import Cycle
from zhengyou.cases import actions, desk_queries, entering_rules, pausing, pausing_rules, queries, reader_queries, rules
from zhengyou.cases.models import Case, CaseReading, CaseStep
from zhengyou.organisations.vocabulary import worded
from zhengyou.web.shared import case_entering, case_many, case_words, clock, doors
from zhengyou.web.shared.fields import LongText, OrganisationField, ShortText, SureField
from zhengyou.web.shared.lists import Cell, Column, listed, ticks
from zhengyou.web.shared.naming_question import AsksUnit, let_know
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.stages import calendars_for, chosen

FIRST_WORDS = 40
EVERYBODY = gettext_lazy("Everybody can read it, for good: name nobody, and above all nobody who may have reported it.")


def _words(label: Any, help_text: Any = EVERYBODY, *, required: bool = True) -> LongText:
    return LongText(label=label, max_length=longest(CaseStep, "words"), rows=4, help_text=help_text, required=required)


class FixForm(AsksUnit):
    """How it was put right."""

    asks_about = ("says",)
    says = _words(gettext_lazy("What was done"))


class PassForm(AsksUnit):
    """Whose it is, and why."""

    to = OrganisationField(label=gettext_lazy("Whose is it?"))
    words = _words(gettext_lazy("Why it is theirs"))

    def refused(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also a unit that cannot get it."""
        yield from super().refused(cleaned)
        for row in self.cases if "to" in cleaned else []:
            before = [one.pk for one in queries.touched_of(row)]
            yield "to", reason_against(rules.check_may_get_after, row, cleaned["to"], before)


class ImpossibleForm(AsksUnit):
    """What is missing."""

    lacks = forms.ChoiceField(
        label=gettext_lazy("What is missing?"), choices=list(case_words.LACKS.items()), widget=forms.RadioSelect
    )
    words = _words(gettext_lazy("Which rule is missing, or which means"))


class TakeForm(forms.Form):
    """Nothing but the question."""

    sure = SureField(gettext_lazy("Our units take these on, and put them right"))


class MessageForm(forms.Form):
    """A message to the reporter."""

    words = _words(
        gettext_lazy("Message to the reporter"),
        worded(gettext_lazy("The reporter finds it with the code and answers to the %(office)s, not to you.")),
    )


class SettleForm(AsksUnit):
    """Whose it is, for good."""

    to = OrganisationField(label=gettext_lazy("Whose is it?"))
    words = _words(gettext_lazy("Why"), required=False)

    def refused(self, cleaned: dict[str, Any]) -> Iterator[tuple[str, str]]:
        """Also a unit that cannot get it."""
        yield from super().refused(cleaned)
        for row in self.cases if "to" in cleaned else []:
            yield "to", reason_against(rules.check_may_get, row, cleaned["to"])


class PauseForm(AsksUnit):
    """What the work waits for."""

    why = forms.ChoiceField(
        label=gettext_lazy("What the work waits for"),
        choices=list(case_words.PAUSE_WHYS.items()),
        widget=forms.RadioSelect,
    )
    words = _words(gettext_lazy("Why the time limit should be paused"))


class WhoForm(forms.Form):
    """Who of the unit does it."""

    in_house = ShortText(
        label=gettext_lazy("Who in your unit does it"),
        max_length=longest(Case, "in_house"),
        required=False,
        help_text=gettext_lazy("Only for people in your unit. Leave it empty to remove it."),
    )


class OpinionForm(AsksUnit):
    """Whether it can be done, and why."""

    confirms = forms.TypedChoiceField(
        label=gettext_lazy("Can it be done?"),
        choices=[("no", gettext_lazy("No, it cannot")), ("yes", gettext_lazy("Yes, it can"))],
        coerce=lambda said: said == "no",
        widget=forms.RadioSelect,
    )
    words = _words(gettext_lazy("Why"))


Act = tuple[type[forms.Form], Callable[..., object], Any, Any]
ACTS: dict[str, Act] = {
    "fix": (
        FixForm, actions.say_fixed, gettext_lazy("Say that it has been put right"), gettext_lazy("The reporter is asked now."),
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
        gettext_lazy("Sent. The reporter finds it with the code."),
    ),
    "pause": (
        PauseForm,
        pausing.ask_for_pause,
        gettext_lazy("Ask to pause the time limit"),
        worded(gettext_lazy("The %(office)s has been asked. Until it agrees, the time limit runs on.")),
    ),
    "who": (
        WhoForm, actions.say_who, gettext_lazy("Who in your unit does it"), gettext_lazy("Noted for the people in your unit."),
    ),
    "settle": (
        SettleForm, actions.settle_owner, gettext_lazy("Say whose it is"), gettext_lazy("It is settled."),
    ),
    "opinion": (
        OpinionForm, actions.answer_impossible, gettext_lazy("Can it be done?"), gettext_lazy("Your answer stands."),
    ),
}  # fmt: skip
OF_THE_LEVEL_ABOVE = ("settle", "opinion")
# In which states each step is due: its form opens in no other.
DUE_IN: dict[str, tuple[str, ...]] = {
    "fix": (Case.State.ASSIGNED,),
    "pass": rules.WITH_UNIT,
    "impossible": (Case.State.ASSIGNED,),
    "message": tuple(one for one in Case.State if one != Case.State.SET_ASIDE),
    "pause": (Case.State.ASSIGNED,),
    "who": rules.OPEN,
    "settle": (Case.State.UNOWNED,),
    "opinion": (Case.State.ASKED,),
}
MANY: case_many.Deeds = {
    "fix": (
        FixForm,
        case_many.each(actions.say_fixed),
        gettext_lazy("Say that these have been put right"),
        gettext_lazy("The reporters are asked now."),
    ),
    "pass": (
        PassForm,
        case_many.each(actions.pass_on),
        gettext_lazy("Not ours: say whose these are"),
        gettext_lazy("Passed on."),
    ),
    "take": (TakeForm, case_many.each(actions.take_on), gettext_lazy("Take these on"), gettext_lazy("They are yours.")),
}


@doors.room("cases")
@doors.signed_in
@never_cache
def cases(request: doors.PersonRequest) -> HttpResponse:
    """The cases that the reader's units have in hand, what is due next first, with their clocks; above them what waits for a decision."""
    reader, on = doors.reader_of(request), clock.today()
    cycles = desk_queries.cycles_at_desk(reader)
    return listed(
        request,
        "desk/cases.html",
        queries.by_due(desk_queries.at_desk(reader), cycles, on),
        _columns(on),
        per_page=30,
        before=_bring_cycles,
        name="cases",
        nothing=worded(_("You have no cases in hand. What the %(office)s gives to your unit comes here.")),
        search=_("Find a case by its number, or by a word in what it is about"),
        paths=("number", "target_text", "unit__name"),
        filters=[_late(cycles, on), Filter("state", _("State"), "state", _states())],
        above=[(row, case_words.text_of(row)) for row in queries.with_cycles(desk_queries.above_desk(reader)[:30])],
        may_enter=bool(desk_queries.units_of(reader)),
        is_reader=reader_queries.is_reader(request.person, on),
    )


def _columns(on: date) -> list[Column]:
    """The columns of the list."""
    return [
        Column(gettext_lazy("What it is about"), _about, in_files=False),
        Column(gettext_lazy("What it is about"), case_words.text_of, is_only_in_files=True),
        Column(gettext_lazy("Time limit"), lambda row: _clock_cell(row, on)),
        Column(gettext_lazy("State"), lambda row: case_words.STATES[row.state]),
        Column(gettext_lazy("Case"), lambda row: row.number_words, is_only_in_files=True),
        Column(gettext_lazy("Unit"), lambda row: row.unit.name, is_only_in_files=True),
        Column(gettext_lazy("Kind"), case_words.kind_name, is_only_in_files=True),
        Column(gettext_lazy("Reporter says"), lambda row: case_words.VERDICTS.get(row.verdict, "")),
        ticks(lambda row: row.number_words),
    ]


def _late(cycles: list[Cycle], on: date) -> Filter:
    """Those whose clock is over."""
    return Filter(
        "late",
        _("Time limit"),
        "",
        [("yes", _("late"))],
        means=lambda _chosen: reduce(or_, (queries.late_in_hand(cycle, on) for cycle in cycles), Q(pk__in=[])),
    )


def _bring_cycles(rows: list[Case]) -> None:
    queries.with_cycles(rows)


def _states() -> list[tuple[str, Any]]:
    hidden = (*rules.GUARDED, Case.State.RECEIVED, Case.State.SET_ASIDE)
    return [(slug, words) for slug, words in case_words.STATES.items() if slug not in hidden]


def _about(row: Case) -> Cell:
    """What it is about, in short on the page, which leads there; the number and the unit stand beside it."""
    about = Truncator(" ".join(case_words.text_of(row).split())).chars(FIRST_WORDS)
    return Cell(
        about,
        _address_of(row),
        note=format_html('{} · <span data-read="short">{}</span>', row.number_words, row.unit.name),
    )


def _clock_cell(row: Case, on: Any) -> Cell:
    """The clock by which it is to be put right, or the level above answers, in words; nothing for one that is over."""
    if row.state not in rules.OPEN:
        return Cell("", note=row.in_house)
    clocks = queries.clocks_of(row, on)
    one = clocks.get("fix") or clocks["turn"]
    return Cell(case_words.words_of_clock(one), note=row.in_house, late="value" if one.is_late else "")


def _address_of(row: Case) -> str:
    return reverse("desk-case", args=[row.year, row.number])


def _case(request: doors.PersonRequest, year: int, number: int) -> Case:
    row = found(desk_queries.case_at_desk(doors.reader_of(request), year, number))
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
        "text": case_words.text_of(row),
        "state": case_words.STATES[row.state],
        "verdict": case_words.VERDICTS.get(row.verdict, ""),
        "lacks": case_words.LACKS.get(row.lacks, ""),
        "hidden_says": case_words.hidden_says(steps),
        "clocks": case_words.clock_lines(row, on, steps, "unit"),
        "steps": case_words.steps_for(steps, "unit"),
        "is_ours": is_ours,
        "may_note": is_ours and row.state in rules.OPEN,
        "may_ask": is_ours and row.pause_asked_on is None and not pausing_rules.is_paused(row, on),
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
    if request.method == "GET":  # nobody writes what they may not send; what was written meanwhile stays with the form
        may = rules.check_is_level_above if name in OF_THE_LEVEL_ABOVE else rules.check_has_in_hand
        may(row, request.person, clock.today())
        if refusal := reason_against(rules.check_state, row, *DUE_IN[name]):
            messages.error(request, refusal)
            return redirect("desk-case", row.year, row.number)
    form = kind(request.POST or None)
    let_know(form, [row], request.person, clock.today())
    to = ("desk-cases",) if name in ("pass", "settle") else ("desk-case", row.year, row.number)
    shown = {
        "case": row,
        "form": form,
        "heading": heading,
        "button": _("Add this to the case"),
        "base": "parts/desk_page.html",
    }
    shown["text"] = case_words.text_of(row)
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
def many(request: doors.PersonRequest) -> HttpResponse:
    """What is done with those ticked, asked about once on a page that names them. A visit leads to the list."""
    mine = desk_queries.at_desk(doors.reader_of(request))
    return case_many.many_page(request, mine, MANY, base="parts/desk_page.html", back=("desk-cases",))


@doors.room("cases")
@doors.signed_in
@never_cache
def enter(request: doors.PersonRequest) -> HttpResponse:
    """Write down what somebody handed in on paper or said at a counter; its reporter gets the code on a slip."""
    reader = doors.reader_of(request)
    if not desk_queries.units_of(reader):
        raise entering_rules.not_a_clerk()
    calendar = chosen(request, calendars_for(reader))
    if calendar is None:
        raise rules.no_campaign(desk_queries.units_of(reader)[0])
    back = reverse("desk-cases")
    sources = (Case.Source.PAPER, Case.Source.COUNTER)
    return case_entering.entering_page(request, calendar.cycle, sources, base="parts/desk_page.html", back=back)
