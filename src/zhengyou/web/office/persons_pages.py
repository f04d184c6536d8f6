"""Planning an appraisal of persons: who is rated, of those who committed in public. Pools, keys, opening are as of every other one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from zhengyou.campaigns.calendar import Calendar
from zhengyou.organisations.vocabulary import worded
from zhengyou.pledges import queries as pledges
from zhengyou.polls import actions
from zhengyou.web.office.polls_forms import TimesForm
from zhengyou.web.shared import doors
from zhengyou.web.shared.fields import LongText, OrganisationField, ShortText, Ticket, names_in
from zhengyou.web.shared.pages import posted
from zhengyou.web.shared.stages import office_calendar
from zhengyou.web.shared.which_one import pieces_of


class PersonsPollForm(TimesForm):
    """Name, window, and the people on the sheet: a unit's who committed in public, or some of them by number."""

    field_order = ("ticket", "name_zh", "name_en", "within", "numbers", "opens_at", "closes_at")
    ticket = Ticket()
    name_zh = ShortText(
        label=_("Name in Chinese"), max_length=120, help_text=_("Everybody reads it: name the unit, and no person.")
    )
    name_en = ShortText(label=_("Name in English"), max_length=120, required=False)
    within = OrganisationField(
        label=_("People in this unit and all below it who made a public commitment"), required=False
    )
    numbers = LongText(
        label=worded(_("or only these, by %(member_number)s")),
        required=False,
        max_length=4000,
        rows=3,
        help_text=_("Separate them with spaces, commas or new lines."),
    )

    def __init__(self, *args: Any, calendar: Calendar, **kwargs: Any) -> None:
        super().__init__(*args, calendar=calendar, **kwargs)
        self.cycle = calendar.cycle
        self.fields["within"].within = self.cycle.campaign.organisation  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The people, in the order of the list of who committed; a number that is nobody's there is named."""
        given = super().clean() or self.cleaned_data
        numbers, unit = pieces_of(given.get("numbers", "")), given.get("within")
        known = pledges.who_committed_in_public(self.cycle, unit)
        people = {one.person.number: one.person for one in known if not one.is_probationary}
        if unknown := next((number for number in numbers if number not in people), None):
            self.add_error("numbers", _("Nobody who can be rated has the number %(number)s.") % {"number": unknown})
        chosen = [people[one] for one in dict.fromkeys(numbers) if one in people] if numbers else list(people.values())
        if not numbers and not unit and "within" not in self.errors:
            self.add_error("within", _("Choose a unit, or write numbers below."))
        if not chosen and not {"within", "numbers"} & set(self.errors):
            self.add_error("within", _("Nobody in this unit has made a public commitment yet. Enter who did first."))
        if self.errors:
            return given
        times = {name: given[name] for name in ("opens_at", "closes_at")}
        return {"name": names_in(given), "people": chosen, "ticket": given["ticket"], **times}


@doors.room("polls")
@doors.office
def plan(request: doors.PersonRequest) -> HttpResponse:
    """Plan an appraisal of persons in the cycle under way of the campaign that the address names."""
    calendar = office_calendar(request)
    if calendar is None:
        return redirect("office-polls")
    cycle = calendar.cycle
    form = PersonsPollForm(request.POST or None, calendar=calendar)

    def plan_it(**given: Any) -> HttpResponse:
        poll = actions.plan_poll(cycle=cycle, organisations=[], **given)
        messages.success(request, _("The appraisal is planned. Add its pools of voters next."))
        return redirect("office-poll", poll.key)

    shown = {"form": form, "heading": _("New appraisal of people"), "button": _("Save and go on"), "cycle": cycle}
    return posted(request, form, plan_it) or render(request, "office/form.html", shown)
