"""Forms about the leading of a campaign: a team, somebody in it, a unit that a leader looks after."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhengyou.base.texts import longest
from zhengyou.leadership.models import LeadingTeam, TeamMember
from zhengyou.organisations.vocabulary import word
from zhengyou.web.shared import clock
from zhengyou.web.shared.fields import DayInput, LongText, OrganisationField, PersonField, ShortText, SureField
from zhengyou.web.shared.leading_words import ROLES, TEAMS


class TeamForm(forms.Form):
    """What a team is called and what it does."""

    name = ShortText(label=_("Name"), max_length=longest(LeadingTeam, "name"))
    tasks = LongText(
        label=_("What it does"),
        max_length=longest(LeadingTeam, "tasks"),
        required=False,
        rows=2,
        help_text=_("Everybody can read it."),
    )


class NewTeamForm(TeamForm):
    """The leading group, the office, or a team of it."""

    kind = forms.ChoiceField(label=_("What is formed?"), choices=list(TEAMS.items()))
    field_order = ("kind", "name", "tasks")


class SeatForm(forms.Form):
    """What somebody is in a team, and from when."""

    role = forms.ChoiceField(label=_("In the team"), choices=list(ROLES.items()), initial=TeamMember.Role.MEMBER)
    duty = ShortText(
        label=_("Post"),
        max_length=longest(TeamMember, "duty"),
        required=False,
        help_text=_("As everybody knows the person, for example “head of the works department”."),
    )
    place = forms.IntegerField(
        label=_("Place in the order"),
        min_value=1,
        max_value=999,
        initial=1,
        help_text=_("Head and deputies stand first in any case."),
    )
    from_on = forms.DateField(label=_("From"), widget=DayInput, initial=clock.today)


class MemberForm(SeatForm):
    """Somebody new in a team."""

    person = PersonField(label=word("Member"))
    field_order = ("person", "role", "duty", "place", "from_on")


class EntryForm(SeatForm):
    """An entry that is corrected, also its end."""

    until_on = forms.DateField(
        label=_("Not any more from"), widget=DayInput, required=False, help_text=_("Empty while it goes on.")
    )


class EndTeamForm(forms.Form):
    """The question before a team is dissolved."""

    sure = SureField(_("Dissolve it from today: everybody in it is recorded as having left. The record remains."))


class AdoptForm(forms.Form):
    """A leader for the units that are ticked in a list."""

    leader = PersonField(label=_("Leader"))
    from_on = forms.DateField(label=_("From"), widget=DayInput, initial=clock.today)


class AdoptOneForm(AdoptForm):
    """A leader and one unit."""

    organisation = OrganisationField(label=_("Unit"))
    field_order = ("leader", "organisation", "from_on")

    def __init__(self, *args: Any, within: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].within = within  # type: ignore[attr-defined]
