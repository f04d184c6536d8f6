"""The leading group of a campaign, its office and their teams: formed, staffed, changed, ended."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhengyou.campaigns import queries as campaigns
from zhengyou.campaigns.models import Campaign
from zhengyou.leadership import actions, queries
from zhengyou.leadership.models import LeadingTeam, TeamMember
from zhengyou.web.office import leadership_forms as forms
from zhengyou.web.shared import clock, doors, meanwhile
from zhengyou.web.shared.leading_words import ROLES, TEAMS, team_in_words
from zhengyou.web.shared.pages import found, posted, pressed

of_campaign = doors.of_campaign("campaign_id", campaigns.campaign_with_id)
GONE = _("This entry no longer exists.")


@doors.room("leadership")
@doors.office
@of_campaign
def leading(request: doors.PersonRequest, campaign: Campaign) -> HttpResponse:
    """All teams with those who are in them; posting forms one."""
    teams = queries.teams_of(campaign, clock.today())
    has = {one.team.kind for one in teams}
    first = next((kind for kind in queries.KINDS if kind not in has), LeadingTeam.Kind.TEAM)
    form = forms.NewTeamForm(request.POST or None, initial={"kind": first, "name": TEAMS[first] if not has else ""})

    def form_team(**given: Any) -> HttpResponse:
        row = actions.form_team(campaign=campaign, **given)
        return redirect("office-leading-team", campaign.pk, row.pk)

    shown = {
        "campaign": campaign,
        "teams": [team_in_words(one) for one in teams],
        "form": form,
        "unled": queries.units_without_leader(campaign, clock.today()),
        "idle": len(queries.idle_leaders(campaign, clock.today())),
    }
    return posted(request, form, form_team, done=_("It is formed. Enter now who is in it.")) or render(
        request, "office/leading.html", shown
    )


@doors.room("leadership")
@doors.office
@of_campaign
def team(request: doors.PersonRequest, campaign: Campaign, team_id: int) -> HttpResponse:
    """One team with those who are in it and those who were; posting enters somebody."""
    row = found(queries.team_with_id(campaign, team_id))
    staffed = next((one for one in queries.teams_of(campaign, clock.today()) if one.team.pk == row.pk), None)
    has_head = staffed is not None and staffed.head is not None
    place = len(staffed.members) + 1 if staffed else 1
    role = TeamMember.Role.MEMBER if has_head else TeamMember.Role.HEAD
    form = forms.MemberForm(request.POST or None, initial={"role": role, "place": place, "from_on": clock.today()})
    shown = {
        "campaign": campaign,
        "team": row,
        "kind": TEAMS[row.kind],
        "members": team_in_words(staffed)["members"] if staffed else [],
        "former": [(one, ROLES[one.role]) for one in queries.history_of(row, clock.today())],
        "form": form if staffed else None,
    }
    done = _("Entered. The page about the campaign shows it.")
    to = ("office-leading-team", campaign.pk, row.pk)
    return posted(request, form, partial(actions.name_member, team=row), done=done, to=to) or render(
        request, "office/leading_team.html", shown
    )


@doors.room("leadership")
@doors.office
@of_campaign
def change_team(request: doors.PersonRequest, campaign: Campaign, team_id: int) -> HttpResponse:
    """Another name, other tasks."""
    row = found(queries.team_with_id(campaign, team_id))
    form = forms.TeamForm(request.POST or None, initial={"name": row.name, "tasks": row.tasks})
    meanwhile.guard(form, about=row.reference, deeds=["leadership.change_team"])
    to = ("office-leading-team", campaign.pk, row.pk)
    return posted(request, form, partial(actions.change_team, team=row), done=_("Saved."), to=to) or _form_page(
        request, campaign, row, form, _("Name and tasks"), _("Save")
    )


@doors.room("leadership")
@doors.office
@of_campaign
def end_team(request: doors.PersonRequest, campaign: Campaign, team_id: int) -> HttpResponse:
    """Ask once, then dissolve a team."""
    row = found(queries.team_with_id(campaign, team_id))
    form = forms.EndTeamForm(request.POST or None)
    done, to = _("It is dissolved. Who was in it stays on record."), ("office-leading", campaign.pk)
    return posted(request, form, partial(actions.end_team, team=row), done=done, to=to) or _form_page(
        request, campaign, row, form, _("Dissolve this team?"), _("Dissolve it")
    )


@doors.room("leadership")
@doors.office
@of_campaign
def member(request: doors.PersonRequest, campaign: Campaign, member_id: int) -> HttpResponse:
    """Correct an entry; one that ended by a slip goes on when its last day is taken out."""
    row = meanwhile.still(queries.member_with_id(campaign, member_id), GONE)
    names = ("role", "duty", "place", "from_on", "until_on")
    form = forms.EntryForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    meanwhile.guard(form, about=row.team.reference, deeds=["leadership.change_member", "leadership.end_member"])
    to = ("office-leading-team", campaign.pk, row.team_id)
    return posted(request, form, partial(actions.change_member, member=row), done=_("Saved."), to=to) or _form_page(
        request, campaign, row.team, form, row.person.name, _("Save")
    )


@doors.room("leadership")
@doors.office
@require_POST
@of_campaign
def end_member(request: doors.PersonRequest, campaign: Campaign, member_id: int) -> HttpResponse:
    """Somebody is in a team no longer, from today."""
    row = meanwhile.still(queries.member_with_id(campaign, member_id), GONE)
    deed = partial(actions.end_member, member=row, until_on=clock.today())
    done = _("%(name)s is no longer in it. If that was a mistake, enter the person again.") % {"name": row.person.name}
    return pressed(request, deed, done=done, to=("office-leading-team", campaign.pk, row.team_id))


def _form_page(
    request: doors.PersonRequest, campaign: Campaign, row: LeadingTeam, form: Any, heading: Any, button: Any
) -> HttpResponse:
    shown = {"form": form, "heading": heading, "button": button, "campaign": campaign, "lead": row.name}
    return render(request, "office/leading_form.html", shown)
