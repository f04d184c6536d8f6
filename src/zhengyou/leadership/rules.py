"""Who may sit in a team, and who may look after which unit."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused, allows
from zhengyou.base.texts import check_texts
from zhengyou.base.words import day_said, joined
from zhengyou.campaigns.models import Campaign
from zhengyou.identity import rules as identity
from zhengyou.leadership.models import ContactPoint, LeadingTeam, TeamMember
from zhengyou.organisations import queries as organisations
from zhengyou.organisations.models import Organisation, Person, Post
from zhengyou.organisations.tree import is_within

MOST_AT_ONCE = 200  # units adopted by one press, as many as somebody can have looked at


class LeadershipRefused(Refused):
    """The team, its member or the contact point cannot be like this."""


def check_team(*, name: str, tasks: str) -> dict[str, str]:
    """A team has a name; what it does may be left out. Returns both trimmed."""
    named = check_texts(LeadershipRefused, LeadingTeam, _("Give the team a name."), name=name)
    return named | check_texts(LeadershipRefused, LeadingTeam, tasks=tasks)


def check_is_new(others: Sequence[LeadingTeam], *, kind: str, name: str) -> None:
    """A campaign has one leading group and one office, and no two teams of one name. `others` have not ended."""
    if kind != LeadingTeam.Kind.TEAM and any(one.kind == kind for one in others):
        raise LeadershipRefused(
            _("This campaign has one already. Change that one, or end it first."), reason="team.exists-already"
        )
    if any(one.name == name for one in others):
        raise LeadershipRefused(
            _("This campaign has a team of this name already. Choose another name."), reason="team.name-taken"
        )


def check_goes_on(team: LeadingTeam) -> None:
    """A team that has ended is not changed any more."""
    if team.ended_on is not None:
        raise LeadershipRefused(
            _("This team ended on %(day)s. Form a new one.") % {"day": day_said(team.ended_on)}, reason="team.ended"
        )


def check_sits_once(person: Person, team: LeadingTeam, beside: Sequence[TeamMember]) -> None:
    """Somebody who has not left sits once in a team. `beside` are the others in it who have no end."""
    if person.left_on is not None:
        raise LeadershipRefused(
            _("%(name)s has left. Choose somebody who is there.") % {"name": person.name}, reason="team-member.left"
        )
    if any(one.person_id == person.pk for one in beside):
        raise LeadershipRefused(
            _("%(name)s is in “%(team)s” already. Change that entry.") % {"name": person.name, "team": team.name},
            reason="team-member.twice",
        )


def check_one_head(role: str, beside: Sequence[TeamMember]) -> None:
    """A team has one head: the old one goes before a new one comes."""
    head = next((one for one in beside if one.role == TeamMember.Role.HEAD), None)
    if role == TeamMember.Role.HEAD and head is not None:
        raise LeadershipRefused(
            _("%(name)s is its head. End or change that entry first, then name the new head.")
            % {"name": head.person.name},
            reason="team.has-a-head",
        )


def check_days(from_on: date, until_on: date | None) -> None:
    """An end comes after the beginning."""
    if until_on is not None and until_on <= from_on:
        raise LeadershipRefused(
            _("It would end before it begins. Correct one of the two days."), reason="leadership.ends-before-it-begins"
        )


def check_has_begun(from_on: date, on: date) -> None:
    """Pages show who leads today: what begins later would stand nowhere, and nobody could end it."""
    if from_on > on:
        raise LeadershipRefused(
            _("%(day)s has not come yet. Enter it on that day, or choose today or an earlier day.")
            % {"day": day_said(from_on)},
            reason="leadership.begins-later",
        )


def check_not_before(from_on: date, first_on: date) -> None:
    """Nobody leads in a campaign, or looks after a unit for it, before its first day."""
    if from_on < first_on:
        raise LeadershipRefused(
            _("This campaign begins on %(first)s. %(day)s lies before it: choose a day from %(first)s on.")
            % {"first": day_said(first_on), "day": day_said(from_on)},
            reason="leadership.begins-too-early",
        )


def check_may_enter(by: Person, leader: Person, campaign: Campaign, on: date) -> None:
    """A contact point is entered by the leader, or by the campaign's office. Raises RoleRefused for anybody else."""
    if by.pk != leader.pk:
        identity.check_is_office_of(by, campaign.organisation, on)


def check_leads_somewhere(*, leads: bool) -> None:
    """Whoever neither leads a level above some unit nor sits in the leading group looks after none. Raises RoleRefused."""
    if not leads:
        raise identity.RoleRefused(
            _("Only those who lead a level above other units, or sit in the leading group, look after units."),
            reason="role.looks-after-none",
        )


def check_may_look_after(
    leader: Person, unit: Organisation, campaign: Campaign, on: date, *, is_in_group: bool
) -> None:
    """Who leads a level above a unit, or sits in the leading group, looks after it; nobody looks after their own unit."""
    top = campaign.organisation
    if unit.ended_on is not None or unit.pk == top.pk or not is_within(unit, top):
        raise LeadershipRefused(
            _("%(unit)s is no unit of this campaign. Choose one that takes part.") % {"unit": unit.name},
            reason="contact-point.takes-no-part",
        )
    if leader.left_on is not None:
        raise LeadershipRefused(
            _("%(name)s has left. Choose somebody who is there.") % {"name": leader.name},
            reason="contact-point.leader-left",
        )
    is_own = leader.organisation_id == unit.pk
    if is_own or organisations.holds_post(leader, Post.Role.SECRETARY, unit, on):
        raise LeadershipRefused(
            _("%(name)s belongs to %(unit)s. Whoever looks after a unit comes from outside it.")
            % {"name": leader.name, "unit": unit.name},
            reason="contact-point.own-unit",
        )
    if not is_in_group and not allows(identity.check_is_above, leader, unit, on):
        raise LeadershipRefused(
            _(
                "%(name)s neither leads a level above %(unit)s nor sits in the leading group. Enter the person there first, "
                "or choose another leader."
            )
            % {"name": leader.name, "unit": unit.name},
            reason="contact-point.no-leader",
        )


def check_how_many(units: Sequence[Organisation]) -> None:
    """Some units, and not more than somebody can have looked at."""
    if not units:
        raise LeadershipRefused(_("Tick the units first."), reason="contact-point.none-ticked")
    if len(units) > MOST_AT_ONCE:
        names = joined(one.name for one in units[:3])
        raise LeadershipRefused(
            _("%(count)d units at once are too many (%(names)s …). Tick at most %(most)d.")
            % {"count": len(units), "names": names, "most": MOST_AT_ONCE},
            reason="contact-point.too-many",
        )


def gone_meanwhile() -> LeadershipRefused:
    """Somebody else changed or removed the entry a moment ago."""
    return LeadershipRefused(
        _("Somebody changed this entry a moment ago. What you wrote was not saved. Look at it once more."),
        reason="leadership.changed-meanwhile",
    )


def check_has_not_ended(row: TeamMember | ContactPoint, on: date) -> None:
    """What has ended before that day ends no second time."""
    if row.until_on is not None and row.until_on <= on:
        raise LeadershipRefused(
            _("It ended already, on %(day)s.") % {"day": day_said(row.until_on)}, reason="leadership.ended-already"
        )
