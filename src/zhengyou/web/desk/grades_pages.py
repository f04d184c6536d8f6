"""Yearly grades at the desk: one's own year, the grades of a unit for its committee and the level above, and how far units are."""

from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengyou.base.words import in_readers_words
from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.grades import actions, queries, rules
from zhengyou.grades.models import GradeDecision
from zhengyou.identity import rules as identity_rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Post
from zhengyou.persons import queries as persons
from zhengyou.web.desk import grades_forms as grades
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.grade_coverage import coverage_page
from zhengyou.web.shared.lists import Column, listed
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.stages import calendars_for, chosen, cycle_for

TOLD: dict[str, Any] = {
    GradeDecision.How.DESK.value: _("read at the desk"),
    GradeDecision.How.TALK.value: _("in a talk"),
}
GONE = _("This grade no longer exists.")


@doors.room("grades")
@doors.signed_in
@never_cache
def mine(request: doors.PersonRequest) -> HttpResponse:
    """One's own years, and the ways to the units that one leads."""
    reader = doors.reader_of(request)
    cycles = [one.cycle for one in calendars_for(reader)]
    years = queries.own_years(request.person, cycles)
    shown = {
        "years": [(year, _words_of(year.decision), _before(year.cycle, year.changes)) for year in years],
        "led": reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER),
        "today": clock.today(),
    }
    return render(request, "desk/grades.html", shown)


@doors.room("grades")
@doors.signed_in
@never_cache
def words(request: doors.PersonRequest, cycle_id: int) -> HttpResponse:
    """One's own words on a year."""
    cycle = found(campaigns.cycle_with_id(cycle_id))
    year = next((one for one in queries.own_years(request.person, [cycle]) if one.cycle.pk == cycle.pk), None)
    if request.method == "GET" and year is None:  # nobody writes what they may not send
        queries.check_may_write(cycle, request.person)
    before = year.assessment.text if year and year.assessment else ""
    form = grades.SelfAssessmentForm(request.POST or None, initial={"text": before})
    done = _("Saved. You can change it until your grade is decided.")
    return posted(
        request, form, partial(actions.write_self_assessment, cycle=cycle), done=done, to="desk-grades"
    ) or _form_page(request, form, _("My own words on the year"), _("Save"), lead=cycle.called)


@doors.signed_in
@require_POST
def read(request: doors.PersonRequest, number: int) -> HttpResponse:
    """The person confirms having read their grade."""
    row = _own(request, number)
    done = _("Noted: you have read it today.")
    return pressed(request, partial(actions.confirm_read, decision=row), done=done, to="desk-grades")


@doors.signed_in
@never_cache
def object_to(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Object to one's own grade."""
    row = _own(request, number)
    form = grades.ObjectionForm(request.POST or None)
    deed, done = partial(actions.object_to_grade, decision=row), _("Sent. The level above answers with a reason.")
    return posted(request, form, deed, done=done, to="desk-grades") or _form_page(
        request, form, _("Object to my grade"), _("Send the objection"), lead=_words_of(row)
    )


@doors.room("grades")
@doors.signed_in
@never_cache
def unit(request: doors.PersonRequest, code: str) -> HttpResponse:
    """The grades of one unit: what is decided, and one form for all who are not."""
    row = found(organisations.organisation_with_code(code))
    cycle = cycle_for(request, row)
    rules.check_room(cycle)
    lines = queries.unit_year(cycle, row, request.person, clock.today())
    open_ones = [one.person for one in lines if one.decision is None and not one.is_own]
    decided = {one.person.pk: one.person for one in lines if one.decision}
    form = grades.UnitGradesForm(request.POST or None, ruleset=cycle.ruleset, people=open_ones, decided=decided)
    deed, to = partial(_decide, form, cycle=cycle, organisation=row), ("desk-grade-unit", row.code)
    done = _("Entered. Each of them can read it at the desk, and nobody else’s.")
    boxes = form.of_people
    return posted(request, form, deed, done=done, to=to) or render(
        request,
        "desk/grade_unit.html",
        {
            "unit": row,
            "cycle": cycle,
            "form": form,
            "lines": [
                (one, _words_of(one.decision), _before(cycle, one.changes), boxes.get(one.person.pk)) for one in lines
            ],
            "undecided": len(open_ones),
            "probationary": queries.probationary_of(cycle, row),
            "most_best": rules.most_best(cycle.ruleset, len(lines)),
            "best": in_readers_words(cycle.ruleset.member_grades[0].name),
            "is_committee": identity_rules.is_of_committee(request.person, row, clock.today()),
            "votes": [one for one in persons.units_to_read(request.person, clock.today()) if _is_here(one, cycle, row)],
            "asks_best": bool(getattr(form, "asks_best", False)),
        },
    )


def _is_here(one: persons.ReadableUnit, cycle: Cycle, unit: Organisation) -> bool:
    """Whether a secret vote about this unit's people belongs to this year: it is read where votes are read, and counts nothing here."""
    return one.poll.cycle_id == cycle.pk and one.unit.pk == unit.pk


def _decide(form: Any, **given: Any) -> object:
    """The deed; where it asks whether more of the best grade is meant, the form shows the tick for it."""
    try:
        return actions.decide_grades(**given)
    except rules.GradeRefused as refusal:
        form.asks_best = refusal.reason == "grade.too-many-best"
        raise


@doors.room("grades")
@doors.signed_in
@never_cache
def unit_list(request: doors.PersonRequest, code: str) -> HttpResponse:
    """The decided grades of a unit as a list to take away, for its own committee alone."""
    row = found(organisations.organisation_with_code(code))
    cycle = cycle_for(request, row)
    rules.check_may_take_list(request.person, row, clock.today())
    return listed(
        request,
        "desk/grade_list.html",
        list(queries.decisions_in(cycle, row).values()),
        [
            Column(pgettext_lazy("of a person", "Name"), lambda one: one.person.name, order="person__name_key"),
            Column(_("Grade"), _words_of),
            Column(_("Reason"), lambda one: one.reason),
            Column(_("Decided on"), lambda one: one.decided_on, order="decided_on"),
            Column(_("Told on"), lambda one: one.told_on or "", order="told_on"),
            Column(_("Told how"), lambda one: TOLD.get(one.told_how, "")),
        ],
        name="grades",
        nothing=_("No grade is decided yet."),
        unit=row,
        cycle=cycle,
    )


@doors.room("grades")
@doors.signed_in
def units(request: doors.PersonRequest) -> HttpResponse:
    """How far the units below the reader's are, in numbers, each with the way to its grades."""
    reader = doors.reader_of(request)
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)
    calendar = chosen(request, [one for one in calendars_for(reader) if "grades" in one.cycle.ruleset.rooms])
    rows = queries.coverage(calendar.cycle, led) if calendar and led else []
    return coverage_page(request, "desk/grade_units.html", rows, calendar.cycle if calendar else None, is_read=True)


@doors.signed_in
@never_cache
def correct(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Correct a grade that was entered wrongly, until the person has been told."""
    row = _readable(request, number)
    form = grades.CorrectGradeForm(request.POST or None, ruleset=row.cycle.ruleset, decision=row)
    done, heading = _("Changed. The old grade stands beside it."), _("Correct the grade of %(name)s")
    deed = partial(actions.correct_grade, decision=row)
    return posted(request, form, deed, done=done, to=("desk-grade-unit", row.organisation.code)) or _form_page(
        request, form, heading % {"name": row.person.name}, _("Change it"), unit=row.organisation, lead=_words_of(row)
    )


@doors.signed_in
@never_cache
def tell(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Enter that somebody was told in a talk."""
    row = _readable(request, number)
    form = grades.TalkForm(request.POST or None, initial={"told_on": clock.today()})
    done, heading = _("Noted: they have been told, and may object from that day on."), _("%(name)s was told in a talk")
    deed = partial(actions.tell_in_talk, decision=row)
    return posted(request, form, deed, done=done, to=("desk-grade-unit", row.organisation.code)) or _form_page(
        request, form, heading % {"name": row.person.name}, _("Save"), unit=row.organisation
    )


@doors.signed_in
@never_cache
def answer(request: doors.PersonRequest, number: int) -> HttpResponse:
    """The level above answers an objection."""
    row = _readable(request, number)
    objection = found(queries.objection_to(row))
    form = grades.AnswerGradeForm(request.POST or None, ruleset=row.cycle.ruleset, decision=row)
    done, heading = _("Answered. The person reads it at the desk."), _("Answer the objection of %(name)s")
    deed = partial(actions.answer_grade_objection, objection=objection)
    return posted(request, form, deed, done=done, to=("desk-grade-unit", row.organisation.code)) or _form_page(
        request,
        form,
        heading % {"name": row.person.name},
        _("Answer"),
        unit=row.organisation,
        lead=_words_of(row),
        objection=objection,
    )


def _own(request: doors.PersonRequest, number: int) -> GradeDecision:
    """One's own grade; for everybody else there is no such page."""
    row = found(queries.decision_with_id(number))
    return found(row if row.person_id == request.person.pk else None)


def _readable(request: doors.PersonRequest, number: int) -> GradeDecision:
    row = meanwhile.still(queries.decision_with_id(number), GONE)
    rules.check_may_read(request.person, row.organisation, clock.today())
    return row


def _words_of(decision: GradeDecision | None) -> str:
    """A grade in the reader's words, or “not graded”; nothing before the decision."""
    return _grade_in_words(decision.cycle, decision.grade) if decision else ""


def _grade_in_words(cycle: Cycle, grade: str) -> str:
    names = {one.id: one.name for one in cycle.ruleset.member_grades}
    return in_readers_words(names[grade]) if grade in names else str(grade or _("not graded"))


def _before(cycle: Cycle, changes: Any) -> list[tuple[Any, str]]:
    return [(one, _grade_in_words(cycle, one.grade_before)) for one in changes]


def _form_page(
    request: doors.PersonRequest,
    form: forms.Form,
    heading: Any,
    button: Any,
    *,
    unit: Organisation | None = None,
    **also: Any,
) -> HttpResponse:
    shown = {"form": form, "heading": heading, "button": button, "unit": unit, "base": "parts/desk_page.html", **also}
    return render(request, "desk/grade_form.html", shown)
