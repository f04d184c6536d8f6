"""The desk where members promise for themselves: one's own page; for whoever leads the unit the list of its members."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from zhengyou.base.refusals import allows
from zhengyou.campaigns.models import Cycle
from zhengyou.commitments import queries as commitments
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.vows import actions, queries, rules
from zhengyou.vows.models import Vow
from zhengyou.web.desk import vows_forms as forms
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter, of_person
from zhengyou.web.shared.pages import found, posted, pressed
from zhengyou.web.shared.stages import cycle_for

FOUND_BY = of_person()
FEW = 12  # people a page: a phone shows no more without a long walk
NOT_BEGUN = "none"
STATES = Filter(
    "state",
    gettext_lazy("State"),
    "vow_state",
    [(NOT_BEGUN, gettext_lazy("not begun")), *((value, label) for value, label in Vow.State.choices)],
    means=lambda chosen: Q(vow_state="" if chosen == NOT_BEGUN else chosen),
)


@doors.room("commitments")
@doors.signed_in
def own(request: doors.PersonRequest) -> HttpResponse:
    """What the reader promises, as it stands; while it is not published the form to write it."""
    person = request.person
    cycle = cycle_for(request, person.organisation)
    mine = queries.vow_of(cycle, person)
    is_published = mine.vow is not None and mine.vow.state == mine.vow.State.PUBLISHED
    denied = mine.vow is not None and mine.vow.disowned_at is not None
    form = forms.VowForm(request.POST or None, cycle=cycle, items=[] if denied else mine.items)
    unit = person.organisation
    shown = _shown(cycle, unit, person) | {"mine": mine, "is_published": is_published, "form": form}
    shown |= {"heading": _("My promises"), "button": _("Hand in"), "comes_off_on": rules.comes_off_on(cycle)}
    shown |= {"asks_whether_so": queries.waits_for_their_word(mine.vow), "is_own": True}
    leaders = organisations.names_of_holders(Post.Role.SECRETARY, [unit], clock.today()).get(unit.pk, [])
    shown["who_records"] = [name for name in leaders if name != person.name]
    shown["for_others"] = queries.to_record_for(cycle, unit, person).exists()
    done = _("Handed in. Whoever leads your unit looks at it; after that it is on the page of the unit.")
    deed = partial(actions.hand_in_vow, cycle=cycle)
    return posted(request, form, deed, done=done, to="desk-vow") or render(request, "desk/vow.html", shown)


@doors.room("commitments")
@doors.signed_in
@require_POST
def answer_record(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Say of what others wrote in one's name whether it is so."""
    row = meanwhile.still(queries.vow_with_id(number), _("These promises no longer exist."))
    is_so = request.POST.get("is_so") == "yes"
    done = (
        _("Noted: it is as you said.")
        if is_so
        else _("Removed. Whoever leads your unit sees that you never said this.")
    )
    if row.state == row.State.EXEMPT:
        done = _("Noted: you know that you are exempt.")
    return pressed(request, partial(actions.answer_record, vow=row, is_so=is_so), done=done, to="desk-vow")


@doors.room("commitments")
@doors.signed_in
def members(request: doors.PersonRequest, code: str) -> HttpResponse:
    """Every member of a unit with what they promise, for whoever leads it and for the levels above."""
    request.subject_shown = unit = found(organisations.organisation_with_code(code))
    rules.check_leads(request.person, unit, clock.today())
    cycle = cycle_for(request, unit)
    asks = bool(cycle.ruleset.commitments.member_most)
    reads = cache(partial(rules.may_read_reason, request.person, unit, clock.today()))  # asked where somebody is exempt
    lines: dict[int, queries.MemberVow] = {}
    columns = [
        Column(pgettext("of a person", "Name"), lambda row: row.name, order="name_key"),
        Column(_("State"), lambda row: {"vow": lines[row.pk].vow}, part="desk/vow_tag.html"),
        Column(_("Promises"), lambda row: _in_short(lines[row.pk], reads)),
        Column(_("To do"), partial(_to_do, request, cycle, lines), part="desk/vow_ways.html", is_deed=True),
    ]
    given: dict[str, Any] = {"name": "promises", "search": _("Find somebody by name"), "paths": FOUND_BY}
    given |= {"nothing": _("Nobody of the roster belongs to this unit."), "per_page": FEW, "filters": [STATES]}
    given |= {"before": lambda rows: lines.update(queries.with_vows(cycle, rows)), "asks": asks}
    return listed(request, "desk/vows.html", queries.people_of(cycle, unit), columns, **given, **_shown(cycle, unit))


@doors.room("commitments")
@doors.signed_in
def colleagues(request: doors.PersonRequest) -> HttpResponse:
    """Whose spoken promises the reader may write down: those of their own unit who have written nothing yet, by name alone."""
    unit = request.person.organisation
    cycle = cycle_for(request, unit)
    rules.check_asks_members(cycle)
    columns = [Column(pgettext("of a person", "Name"), lambda row: Cell(row.name, _record_page(row, cycle)))]
    given: dict[str, Any] = {"name": "colleagues", "search": _("Find somebody by name"), "paths": FOUND_BY}
    given |= {"nothing": _("Everybody else in your unit has written something or is exempt."), "per_page": FEW}
    rows = queries.to_record_for(cycle, unit, request.person)
    return listed(request, "desk/vow_colleagues.html", rows, columns, **given, **_shown(cycle, unit))


@doors.room("commitments")
@doors.signed_in
def record(request: doors.PersonRequest, person_id: int) -> HttpResponse:
    """Write down what a member promised aloud. Whoever does so reads nothing here but their own recording."""
    request.subject_shown = person = found(organisations.person_with_id(person_id))
    rules.check_may_record(person, request.person, clock.today())
    cycle = cycle_for(request, person.organisation)
    if request.method == "GET":  # what was typed is not lost where somebody was quicker
        there = queries.vow_of(cycle, person)
        rules.check_takes_a_record(there.vow, request.person, has_items=bool(there.items))
    known = queries.recorded_by(cycle, person, request.person)
    form = forms.RecordForm(request.POST or None, cycle=cycle, items=known.items)
    shown = _shown(cycle, person.organisation, person) | {"form": form, "mine": known}
    shown |= {"heading": _("Spoken promise"), "button": _("Write it down")}
    done = _("Written down for %(name)s. Somebody else reviews it.") % {"name": person.name}
    deed = partial(actions.record_vow, cycle=cycle, person=person)
    to = _after(request, person.organisation)
    return posted(request, form, deed, done=done, to=to) or render(request, "desk/vow.html", shown)


@doors.room("commitments")
@doors.signed_in
def exempt(request: doors.PersonRequest, person_id: int) -> HttpResponse:
    """Exempt a member, with a reason that is not public."""
    request.subject_shown = person = found(organisations.person_with_id(person_id))
    unit = person.organisation
    rules.check_leads(request.person, unit, clock.today())
    cycle = cycle_for(request, unit)
    rules.check_exempts_another(person, request.person)
    known = queries.vow_of(cycle, person)
    rules.check_can_be_replaced(known.vow)
    shown, done, reason = _exempting(request, known)
    form = forms.ExemptForm(request.POST or None, initial={"reason": reason})
    deed = partial(actions.exempt_member, cycle=cycle, person=person)
    to = ("desk-vows", unit.code)
    return posted(request, form, deed, done=done, to=to) or render(
        request, "desk/vow_form.html", _shown(cycle, unit, person) | shown | {"form": form}
    )


def _exempting(request: doors.PersonRequest, known: queries.MemberVow) -> tuple[dict[str, Any], str, str]:
    """What the page of an exemption says, what is said once it is done, and the reason so far, for who may read it: somebody who is
    exempt already gets another reason, and of promises handed in it says that they are put aside.
    """
    if known.vow and known.vow.state == known.vow.State.EXEMPT:
        may_read = rules.may_read_reason(request.person, known.person.organisation, clock.today())
        shown = {"heading": _("Change the reason of an exemption"), "button": _("Change the reason")}
        done = _("The reason is changed. %(name)s stays exempt.") % {"name": known.person.name}
        return shown, done, known.vow.exempt_because if may_read else ""
    done = _("%(name)s is exempt in this cycle.") % {"name": known.person.name}
    return {"heading": _("Exempt somebody"), "button": _("Exempt"), "put_aside": known.items}, done, ""


@doors.room("commitments")
@doors.signed_in
@require_POST
def end_exemption(request: doors.PersonRequest, number: int) -> HttpResponse:
    """End an exemption that was a mistake."""
    row = meanwhile.still(queries.vow_with_id(number), _("This exemption is not there any more."))
    done = _("%(name)s is not exempt any more. The journal says who ended it.") % {"name": row.person.name}
    to = ("desk-vows", row.organisation.code)
    return pressed(request, partial(actions.end_exemption, vow=row), done=done, to=to)


@doors.room("commitments")
@doors.signed_in
def review(request: doors.PersonRequest, number: int) -> HttpResponse:
    """Agree to what a member promises, or send it back."""
    row = found(queries.vow_with_id(number))
    rules.check_leads(request.person, row.organisation, clock.today())
    form = forms.VowReviewForm(request.POST or None)
    shown = _shown(row.cycle, row.organisation, row.person) | {
        "form": form,
        "vow": row,
        "button": _("Send the review"),
        "hides_reason": not rules.may_read_reason(request.person, row.organisation, clock.today()),
    }
    shown |= {"items": queries.items_of(row), "heading": _("Review of somebody’s promises")}
    deed = partial(actions.review_vow, vow=row)
    to = ("desk-vows", row.organisation.code)
    return posted(request, form, deed, done=_("Your review is with that person."), to=to) or render(
        request, "desk/vow_form.html", shown
    )


def _after(request: doors.PersonRequest, unit: Organisation) -> Any:
    """Back to the list for whoever leads the unit, else to that of the colleagues."""
    return ("desk-vows", unit.code) if rules.may_lead(request.person, unit, clock.today()) else "desk-vow-colleagues"


def _record_page(person: Person, cycle: Cycle) -> str:
    return f"{reverse('desk-vow-record', args=[person.pk])}?cycle={cycle.pk}"


def _in_short(line: queries.MemberVow, reads: Callable[[], bool]) -> Cell:
    """What somebody promises in one cell; for who may read it, the reason of who is exempt, which no file holds."""
    what = "; ".join(item.what for item in line.items)
    because = line.vow.exempt_because if line.vow else ""
    return Cell(what, note=because if because and reads() else "")


def _to_do(
    request: doors.PersonRequest, cycle: Cycle, lines: dict[int, queries.MemberVow], row: Person
) -> dict[str, Any]:
    is_other = row.pk != request.person.pk
    asks = is_other and bool(cycle.ruleset.commitments.member_most)
    line = lines[row.pk]
    vow = line.vow
    records = asks and allows(rules.check_takes_a_record, vow, request.person, has_items=bool(line.items))
    is_of_others = (
        is_other and vow is not None and vow.recorder_id != request.person.pk
    )  # else somebody else reviews it
    shown = {"row": line, "cycle": cycle, "is_of_others": is_of_others, "is_other": is_other}
    return shown | {"asks": asks, "records": records}


def _shown(cycle: Cycle, unit: Organisation, person: Person | None = None) -> dict[str, Any]:
    shown = {"base": "parts/desk_page.html", "cycle": cycle, "organisation": unit, "person": person}
    return shown | commitments.served_by_promises(cycle)
