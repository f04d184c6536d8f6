"""What teams of a campaign and those in them are called, on every face."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengyou.leadership.models import LeadingTeam, TeamMember

TEAMS: dict[str, Any] = {
    LeadingTeam.Kind.GROUP: _("Leading group"),
    LeadingTeam.Kind.OFFICE: _("Office of the leading group"),
    LeadingTeam.Kind.TEAM: _("Team of the office"),
}
ROLES: dict[str, Any] = {
    TeamMember.Role.HEAD: pgettext_lazy("of a team", "Head"),
    TeamMember.Role.DEPUTY: pgettext_lazy("of a team", "Deputy head"),
    TeamMember.Role.MEMBER: pgettext_lazy("of a team", "Member"),
}


KNOWN: dict[str, Any] = {
    "nearly_all": _("Nearly all who answered know the theme."),
    "most": _("More than half of those who answered know the theme."),
    "some": _("At most half of those who answered know the theme."),
    "few": _("Hardly anybody who answered knows the theme."),
}


def team_in_words(staffed: Any) -> dict[str, Any]:
    """A team with its members for a template: each with the word for what they are in it."""
    return {
        "team": staffed.team,
        "kind": TEAMS[staffed.team.kind],
        "members": [(row, ROLES[row.role]) for row in staffed.members],
    }
