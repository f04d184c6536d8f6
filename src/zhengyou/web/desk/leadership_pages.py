"""At the desk: which leader looks after one's own unit, and, for leaders, the units they look after themselves."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhengyou.base.words import day_said
from zhengyou.campaigns.calendar import Calendar
from zhengyou.campaigns.models import Campaign
from zhengyou.leadership import actions, queries, rules
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Person, Post
from zhengyou.organisations.readers import Reader
from zhengyou.rhythm.below import units_standing
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.fields import DayInput, OrganisationField
from zhengyou.web.shared.pages import posted, pressed
from zhengyou.web.shared.stages import calendars_for, chosen


class AdoptForm(forms.Form):
    """The unit that the reader looks after from now on."""

    organisation = OrganisationField(label=gettext_lazy("Unit"))
    from_on = forms.DateField(label=gettext_lazy("From"), widget=DayInput, initial=clock.today)

    def __init__(self, *args: Any, within: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].within = within  # type: ignore[attr-defined]


@doors.room("leadership")
@doors.signed_in
def contact_points(request: doors.PersonRequest) -> HttpResponse:
    """The leader of the reader's own unit, and the units that the reader looks after; posting adds one."""
    reader = doors.reader_of(request)
    calendar = chosen(request, [one for one in calendars_for(reader) if "leadership" in one.cycle.ruleset.rooms])
    form: Any = None
    may_look_after = calendar is not None and _may_look_after(reader, calendar)
    if request.method == "POST":  # nobody sends a form that they do not have
        rules.check_leads_somewhere(leads=may_look_after)
    if calendar and may_look_after:
        form = AdoptForm(request.POST or None, within=calendar.top)
        deed = partial(_adopt, request, campaign=calendar.cycle.campaign, leader=request.person)
        if answer := posted(request, form, deed, to="desk-contact-points"):
            return answer
    own = [*reader.organisations_as(Post.Role.SECRETARY), request.person.organisation]
    shown = {
        "cycle": calendar.cycle if calendar else None,
        "form": form,
        "own": [(unit, queries.who_looks_after(unit, reader.on)) for unit in dict.fromkeys(own[:3]) if unit.parent_id],
        "points": _points(reader, calendar) if calendar else [],
        "with_promises": bool(calendar) and "commitments" in calendar.cycle.ruleset.rooms if calendar else False,
    }
    return render(request, "desk/contact_points.html", shown)


def _adopt(request: doors.PersonRequest, *, campaign: Campaign, leader: Person, **given: Any) -> None:
    """Look after one more unit, and say so, or that it was so before."""
    known = queries.contact_point_of(campaign, leader, given["organisation"])
    actions.adopt_unit(campaign=campaign, leader=leader, **given)
    before = _("You look after this unit already, since %(day)s.") % {"day": day_said(known.from_on)} if known else ""
    messages.success(request, before or _("You look after this unit now. Its page shows your name."))


@doors.room("leadership")
@doors.signed_in
@require_POST
def end(request: doors.PersonRequest, point_id: int) -> HttpResponse:
    """The reader looks after a unit no longer, from today."""
    row = queries.contact_point_with_id(point_id)
    calendars = calendars_for(doors.reader_of(request))
    if row is None or row.leader_id != request.person.pk:
        rules.check_leads_somewhere(leads=any(_may_look_after(doors.reader_of(request), one) for one in calendars))
    point = meanwhile.still(row, _("This contact point no longer exists."))
    rules.check_may_enter(request.person, point.leader, point.campaign, clock.today())
    deed = partial(actions.release_unit, point=point, until_on=clock.today())
    done = _("You no longer look after %(unit)s. If that was a mistake, add it again.") % {
        "unit": point.organisation.name
    }
    return pressed(request, deed, done=done, to="desk-contact-points")


def _may_look_after(reader: Reader, calendar: Calendar) -> bool:
    """Whether the reader leads a level above some unit, or sits in the leading group."""
    led = reader.organisations_as(Post.Role.SECRETARY, Post.Role.LEADER)
    if led and organisations.right_below(led):
        return True
    return reader.person is not None and queries.is_in_group(calendar.cycle.campaign, reader.person, reader.on)


def _points(reader: Reader, calendar: Calendar) -> list[dict[str, Any]]:
    """The units that the reader looks after in this campaign, with how they stand."""
    assert reader.person is not None
    mine = queries.looked_after_by(reader.person, reader.on)
    rows = {row.organisation_id: row for row in mine if row.campaign_id == calendar.cycle.campaign_id}
    units = [row.organisation for row in rows.values()]
    return [
        {"point": rows[one.organisation.pk], "standing": one, "unit": one.organisation}
        for one in units_standing(calendar, units, reader.on)
    ]
