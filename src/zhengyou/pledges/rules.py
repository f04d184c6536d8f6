"""Whose public commitment may be entered, by whom, of which day; corrected and taken back. Who is rated is the matter of polls."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhengyou.base.refusals import Refused, allows
from zhengyou.base.texts import check_texts
from zhengyou.base.words import joined
from zhengyou.campaigns import rules as campaigns
from zhengyou.campaigns.models import Cycle
from zhengyou.identity import rules as identity
from zhengyou.organisations.models import Organisation, Person
from zhengyou.organisations.tree import is_within
from zhengyou.pledges.models import PublicCommitment

MOST_AT_ONCE = 2000  # a list pasted by mistake is longer
MOST_NAMED = 5


class PledgeRefused(Refused):
    """The public commitment cannot be entered, corrected or taken back like this."""


@dataclass(frozen=True)
class Made:
    """On which day somebody committed, where that was public, and by what it can be looked up."""

    on: date
    place: str
    evidence: str = ""


def check_may_enter(cycle: Cycle, units: Collection[Organisation], by: Person, day: date, *, as_clerk: bool) -> None:
    """The campaign's office enters it, or, as a clerk, somebody of a level above each of the units."""
    if not as_clerk:
        identity.check_is_office_of(by, cycle.campaign.organisation, day)
        return
    for unit in units:
        identity.check_may_enter_for(by, unit, day)


def check_people(cycle: Cycle, people: Collection[Person]) -> None:
    """There is somebody, they are bearably many, they belong to the campaign, and nobody of them has left."""
    if not people:
        raise PledgeRefused(
            _("Nobody is named. Write numbers, or choose a unit with people in it."),
            reason="public-commitment.of-nobody",
        )
    if len(people) > MOST_AT_ONCE:
        raise PledgeRefused(
            _("These are %(count)d people; %(most)d are taken at once. Choose a smaller unit.")
            % {"count": len(people), "most": MOST_AT_ONCE},
            reason="public-commitment.too-many",
        )
    if gone := [one.name for one in people if one.left_on is not None]:
        raise PledgeRefused(
            _("These people have left: %(names)s. Take them out of the list.") % {"names": joined(gone[:MOST_NAMED])},
            reason="public-commitment.person-left",
        )
    top = cycle.campaign.organisation
    if outside := [one.name for one in people if not is_within(one.organisation, top)]:
        raise PledgeRefused(
            _("These people do not belong to %(top)s, whose campaign this is: %(names)s.")
            % {"top": top.name, "names": joined(outside[:MOST_NAMED])},
            reason="public-commitment.from-outside",
        )


def check_made(cycle: Cycle, made: Made, day: date) -> Made:
    """The cycle is under way, and somewhere within it, up to today, it was made in public. Returns it trimmed."""
    campaigns.check_under_way(cycle)
    if made.on > day:
        raise PledgeRefused(
            _("This day lies ahead. A commitment is entered once it was made in public."),
            reason="public-commitment.day-ahead",
        )
    if made.on < cycle.starts_on:
        raise PledgeRefused(
            _("This day lies before the cycle. People commit anew in each cycle: write the day of this one."),
            reason="public-commitment.before-the-cycle",
        )
    missing = _("Say where it was public: at which meeting, on which board.")
    place = check_texts(PledgeRefused, PublicCommitment, missing, place=made.place)["place"]
    evidence = check_texts(PledgeRefused, PublicCommitment, evidence=made.evidence)["evidence"]
    return Made(made.on, place, evidence)


def check_may_change(row: PublicCommitment, by: Person, day: date) -> None:
    """The campaign's office changes what stands, and so does whoever may enter for the unit; what was taken back stays so."""
    if not allows(identity.check_may_enter_for, by, row.organisation, day):
        identity.check_is_office_of(by, row.cycle.campaign.organisation, day)
    campaigns.check_under_way(row.cycle)
    if row.taken_back_at is not None:
        raise PledgeRefused(
            _("It was taken back already. Enter it anew if the person did commit."),
            reason="public-commitment.taken-back",
        )


def check_why(words: str) -> str:
    """Whoever takes a commitment back says why: from then on the person cannot be rated. Returns it trimmed."""
    missing = _("Say why it is taken back.")
    return check_texts(PledgeRefused, PublicCommitment, missing, why_taken_back=words)["why_taken_back"]


def check_may_be_judged(people: Collection[Person], committed: set[int], items: int) -> None:
    """Who is judged as a person committed in public (`committed`: their ids) and is not on probation; the pack has `items` for persons."""
    if not items:
        raise PledgeRefused(
            _("The rules of this cycle have no items for people, so nobody can be judged by them."),
            reason="person.no-items",
        )
    if without := [one.name for one in people if one.pk not in committed]:
        raise PledgeRefused(
            _(
                "Only people who made a public commitment can be judged. Enter first where and when these did: "
                "%(names)s."
            )
            % {"names": joined(without[:MOST_NAMED])},
            reason="person.without-public-commitment",
        )
    if new := [one.name for one in people if one.membership == Person.Membership.PROBATIONARY]:
        raise PledgeRefused(
            _("These people are on probation: they judge others and are not judged. Leave them out: %(names)s.")
            % {"names": joined(new[:MOST_NAMED])},
            reason="person.on-probation",
        )
