"""The roll of a pool for the office: seen, searched, taken along as a file; corrected one by one until the poll opens."""

from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from zhengyou.organisations.tree import is_within
from zhengyou.organisations.vocabulary import word, worded
from zhengyou.polls import queries as polls
from zhengyou.polls.models import Poll, VoterPool
from zhengyou.polls.rules import Invited
from zhengyou.rolls import actions, queries
from zhengyou.rolls.models import LONGEST_WHY
from zhengyou.rolls.queries import RollVoter
from zhengyou.rolls.rules import GUESTS_KEPT, RollRefused
from zhengyou.web.office.polls_facts import of_poll
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.fields import LongText, PersonField, ShortText
from zhengyou.web.shared.lists import Cell, Column, listed
from zhengyou.web.shared.narrowing import Filter
from zhengyou.web.shared.pages import found, posted, pressed

FOUND_BY = ("name", "name_key", "number", "branch", "branch_code", "path", "contact")
MOST_PLACES = 40  # as links above the list; a roll with more is searched


class WhyForm(forms.Form):
    """Why a roll is corrected, for the office alone."""

    reason = LongText(
        label=_("Why"),
        max_length=LONGEST_WHY,
        rows=2,
        help_text=worded(_("For example: moved here last week; ill for long; abroad. Only the %(office)s reads it.")),
    )


class MemberForm(WhyForm):
    """One member more."""

    field_order = ("who", "reason")
    who = PersonField(label=word("Member"))


class GuestForm(WhyForm):
    """One guest more."""

    field_order = ("name", "contact", "reason", "is_another")
    name = ShortText(label=_("Name"), max_length=80)
    contact = ShortText(
        label=_("Contact"),
        max_length=120,
        help_text=_("How the letter reaches them: a telephone number, a ward, an address."),
    )

    is_another = forms.BooleanField(
        label=_("This guest is a different person from the one on the list of people"),
        required=False,
        widget=forms.HiddenInput(),
    )

    def clean(self) -> dict[str, Any]:
        """The guest as the action takes one."""
        given = self.cleaned_data
        if self.errors:
            return given
        who = Invited(given["name"], given["contact"])
        return {"who": who, "reason": given["reason"], "is_another": given["is_another"]}


@doors.office
@of_poll
def roll(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """Who stands on the roll of a pool, and what was corrected."""
    pool = found(polls.pool_of(poll, slug))
    lines = queries.lines_of(pool)
    may_correct = poll.state == Poll.State.DRAFTED
    return listed(
        request,
        "office/roll.html",
        lines,
        _columns(poll, pool, has_guests=any(line.is_guest for line in lines)),
        name=f"roll-{pool.slug}",
        nothing=_("Nobody is on this roll."),
        search=_("Find by name, pinyin, number, unit or contact"),
        paths=FOUND_BY,
        filters=_filters(lines),
        poll=poll,
        pool=pool,
        group=polls.group_of(pool),
        size=len(lines),
        guests=sum(line.is_guest for line in lines),
        may_correct=may_correct,
        corrections=queries.corrections_of(pool),
        kept_days=GUESTS_KEPT.days,
    )


def _columns(poll: Poll, pool: VoterPool, *, has_guests: bool) -> list[Column]:
    """A roll that is posted names no contact: the list as a file leaves it out."""
    contact = [Column(_("Contact"), lambda row: row.contact, in_files=False)] if has_guests else []
    return [
        Column(pgettext_lazy("of a person", "Name"), lambda row: row.name or _("forgotten"), order="name_key"),
        Column(_("Number"), lambda row: row.number, order="number"),
        Column(_("Unit"), _branch_of, order="path"),
        *contact,
        Column(_("Action"), lambda row: _deed_on(row, poll, pool), part="parts/roll_button.html", is_deed=True),
    ]


def _branch_of(row: RollVoter) -> Any:
    return _("guest") if row.is_guest else Cell(row.branch, note=row.path)


def _deed_on(row: RollVoter, poll: Poll, pool: VoterPool) -> dict[str, Any]:
    is_open = poll.state == Poll.State.OPENED and clock.now() < poll.closes_at
    return {
        "row": row,
        "poll": poll,
        "pool": pool,
        "may_take_off": poll.state == Poll.State.DRAFTED,
        "is_open": is_open,
    }


def _filters(lines: list[RollVoter]) -> list[Filter]:
    """By the unit directly below the top, where there are few of them."""
    places = list(dict.fromkeys(line.place for line in lines if line.place))
    if not 1 < len(places) <= MOST_PLACES:
        return []
    guests = [("guests", _("Guests"))] if any(line.is_guest for line in lines) else []
    return [Filter("place", _("Unit"), "place", [*[(place, place) for place in places], *guests], of_units=True)]


@doors.office
@of_poll
def add(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """One member more on the roll."""
    return _put(request, poll, slug, MemberForm(request.POST or None), _("Put somebody of the roster on the roll"))


@doors.office
@of_poll
def invite(request: doors.PersonRequest, poll: Poll, slug: str) -> HttpResponse:
    """One guest more on the roll."""
    return _put(request, poll, slug, GuestForm(request.POST or None), _("Put one more guest on the roll"))


def _put(request: doors.PersonRequest, poll: Poll, slug: str, form: forms.Form, heading: Any) -> HttpResponse:
    pool = found(polls.pool_of(poll, slug))

    def deed(**given: Any) -> None:
        try:
            added = actions.put_on_roll(pool=pool, **given)
        except RollRefused as refusal:
            if refusal.reason == "roll.namesake":
                form.fields["is_another"].widget = forms.CheckboxInput()
            raise
        if added.person and not is_within(added.person.organisation, poll.cycle.campaign.organisation):
            remark = _(
                "%(name)s belongs to %(unit)s, which has no part in this campaign. Take them off again if that is not meant."
            )
            messages.warning(request, remark % {"name": added.person.name, "unit": added.person.organisation.name})

    shown = {"form": form, "heading": heading, "button": _("Put on the roll"), "poll": poll, "pool": pool}
    done = _("On the roll. It can be undone below until the appraisal opens.")
    return posted(request, form, deed, done=done, to=_roll(poll, slug)) or render(
        request, "office/roll_form.html", shown
    )


@doors.office
@of_poll
def take_off(request: doors.PersonRequest, poll: Poll, slug: str, number: int) -> HttpResponse:
    """One voter off the roll, after a question."""
    entry = meanwhile.still(
        queries.entry_of(found(polls.pool_of(poll, slug)), number),
        _("This one is not on the roll any more."),
        about=poll.reference,
        deeds=["rolls.take_off_roll"],
        pool=slug,
    )
    form = WhyForm(request.POST or None)
    voter = entry.voter
    shown = {
        "form": form,
        "heading": _("Take off the roll"),
        "lead": f"{voter.name} · {voter.number}",
        "button": _("Take off the roll"),
        "poll": poll,
        "pool": entry.pool,
    }
    done = _("Taken off the roll. It can be undone below until the appraisal opens.")
    deed = partial(actions.take_off_roll, entry=entry)
    return posted(request, form, deed, done=done, to=_roll(poll, slug)) or render(
        request, "office/roll_form.html", shown
    )


@doors.office
@require_POST
@of_poll
def undo(request: doors.PersonRequest, poll: Poll, slug: str, number: int) -> HttpResponse:
    """Put the roll back as it was before a correction."""
    change = found(queries.correction_of(found(polls.pool_of(poll, slug)), number))
    deed = partial(actions.undo_roll_change, change=change)
    return pressed(request, deed, done=_("It is undone."), to=_roll(poll, slug))


def _roll(poll: Poll, slug: str) -> tuple[str, UUID, str]:
    return "office-roll", poll.key, slug
